"""What every format is read as: names of columns, and records to go through."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from xsb_core.errors import DataError
from xsb_core.tables.rows import Record

MOST_COLUMNS = 1000
# Records that are looked at to tell which columns there are, and which hold texts.
PEEKED = 100


@dataclass(frozen=True, eq=False)
class Table:
    """A table of pairs, not yet read.

    Attributes:
        names: Its columns, each with a name of its own.
        textual: Which of them seem to hold texts.
        encoding: What it was decoded as.
        records: Goes through its records; as often as asked, but once for an iterator.
        total: How many records there are, where that is known without going through them.
    """

    names: tuple[str, ...]
    textual: tuple[bool, ...]
    encoding: str
    records: Callable[[], Iterator[Record]]
    total: int | None = None


def check_width(path: Path, columns: int) -> None:
    """Refuses a table of so many columns that none can be one of texts.

    Raises:
        DataError: If there are more than ``MOST_COLUMNS``.
    """
    if columns > MOST_COLUMNS:
        raise DataError(
            f"{path} has {columns:,} columns, and a table may have {MOST_COLUMNS:,}; leave out "
            "those that are not needed."
        )


def textual_columns(names: tuple[str, ...], records: list[Record]) -> tuple[bool, ...]:
    """Which columns hold some text that is no number, and nothing else but texts."""
    return tuple(_textual([record.values.get(name) for record in records]) for name in names)


def is_number(cell: str) -> bool:
    """Whether a cell reads as a number."""
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _textual(values: list) -> bool:
    given = [value for value in values if value not in (None, "")]
    texts = [value for value in given if isinstance(value, str)]
    # one cell of a wrong type costs its row; a column of numbers is no column of texts
    return 2 * len(texts) > len(given) and not all(map(is_number, texts))
