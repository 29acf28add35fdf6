"""Pairs from a file or from any iterable, as a stream."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass
from itertools import chain, count, islice
from pathlib import Path
from typing import Any

from xsb_core.errors import DataError
from xsb_core.tables.columns import Columns, choose_columns
from xsb_core.tables.delimited import read_delimited
from xsb_core.tables.files import user_path
from xsb_core.tables.json_lines import read_json_lines
from xsb_core.tables.rows import Record, Row, rows_of
from xsb_core.tables.table import PEEKED, Table, textual_columns

SUFFIXES = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")


@dataclass(frozen=True, eq=False)
class PairSource:
    """Pairs to be read.

    Attributes:
        name: The file, or what kind of iterable.
        columns: Which of its columns is what.
        encoding: What a file was decoded as.
        fingerprint: A hash of a file's bytes; None for iterables.
        total: How many rows there are; None where that can't be known beforehand.
        rows: Goes through the rows, usable or not; as often as asked, but once for an iterator.
    """

    name: str
    columns: Columns
    encoding: str
    fingerprint: str | None
    total: int | None
    rows: Callable[[], Iterator[Row]]


def open_pairs(
    source: str | Path | Iterable[Any],
    *,
    columns: Sequence[str] | None = None,
    encoding: str | None = None,
) -> PairSource:
    """Opens pairs of texts; a file is gone through once to count its rows, but never kept.

    Args:
        source: A CSV, TSV, JSON Lines (.jsonl, .ndjson) or Parquet file, told apart by suffix; or
            an iterable of pairs: (text, text), longer tuples, or mappings with column names.
        columns: The names of the two columns of texts, and then of those with what to put before
            the first and the second, empty for none; None guesses, by name, else the first two
            columns of texts. Columns of a table without a header are column_1, column_2 and so on.
            Columns prompt_a and prompt_b hold instructions unless others are named; an empty cell
            leaves its text to the run.
        encoding: Of a text file; None takes UTF-8 unless a byte order mark says otherwise.

    Returns:
        The pairs.

    Raises:
        DataError: If the source can't be read, has no rows, or lacks two columns of texts.

    Examples:
        >>> open_pairs(pairs).total
        2
        >>> str(open_pairs([{"left": "A dog.", "right": "A puppy.", "label": 4}]).columns)
        'text A: left; text B: right; id: row number; carried along: label'
    """
    if isinstance(source, str | Path):
        path = user_path(source)
        name, table = str(path), open_table(path, columns, encoding)
        fingerprint, total = _fingerprint(path), table.total
        if total is None:
            total = sum(1 for _ in table.records())
    else:
        name, table = type(source).__name__, _iterable(source)
        fingerprint, total = None, table.total
    chosen = choose_columns(name, table.names, table.textual, columns)
    return PairSource(
        name=name,
        columns=chosen,
        encoding=table.encoding,
        fingerprint=fingerprint,
        total=total,
        rows=lambda: rows_of(table.records(), chosen, table.encoding),
    )


def open_table(path: Path, columns: Sequence[str] | None, encoding: str | None) -> Table:
    """Opens a file as a table of whatever columns it has.

    Args:
        path: The file; its suffix tells its format.
        columns: As for ``open_pairs``: they tell whether the first row is a header.
        encoding: As for ``open_pairs``.

    Raises:
        DataError: If the file can't be read, is of no known kind, or has no rows.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise DataError(
            f"{path} is no kind of table known here; expected a file named {', '.join(SUFFIXES)}."
        )
    if path.is_dir():
        raise DataError(f"{path} is a folder; give a file of pairs.")
    if suffix == ".parquet":
        from xsb_core.tables.parquet_files import read_parquet

        return read_parquet(path)
    if suffix in (".jsonl", ".ndjson"):
        return read_json_lines(path, encoding)
    return read_delimited(path, encoding, columns)


def _iterable(source: Iterable[Any]) -> Table:
    records = map(_record, count(1), source)
    peeked = list(islice(records, PEEKED))
    if not peeked:
        raise DataError("There are no pairs; expected an iterable of two texts each.")
    names = tuple(dict.fromkeys(name for record in peeked for name in record.values))
    unread = [chain(peeked, records)]  # until they are asked for

    def read() -> Iterator[Record]:
        if not isinstance(source, Iterator):
            return map(_record, count(1), source)
        if not unread:
            raise DataError(
                "These pairs came from an iterator, which can be gone through once; open a list of "
                "them, or a new iterator."
            )
        return unread.pop()

    total = len(source) if isinstance(source, Sized) else None
    return Table(names, textual_columns(names, peeked), "UTF-8", read, total)


def _record(number: int, item: Any) -> Record:
    if isinstance(item, Mapping):
        return Record(number, {str(name): value for name, value in item.items()})
    if isinstance(item, tuple | list) and len(item) >= 2:
        more = {f"column_{place}": value for place, value in enumerate(item[2:], 3)}
        return Record(number, {"a": item[0], "b": item[1], **more})
    return Record(number, {}, f"it is no pair of texts but {type(item).__name__}")


def _fingerprint(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:32]
