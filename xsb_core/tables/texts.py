"""Single texts from a file: every cell of its columns of texts, as a stream."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from xsb_core.errors import DataError
from xsb_core.tables.files import user_path
from xsb_core.tables.reading import open_table


class LocatedText(NamedTuple):
    """A text and where it stood.

    Attributes:
        row: Its row among the file's rows, from 0.
        column: The name of its column.
        text: The text.
    """

    row: int
    column: str
    text: str


@dataclass(frozen=True, eq=False)
class TextSource:
    """Texts to be read.

    Attributes:
        name: The file.
        columns: Its columns of texts.
        texts: Goes through the texts, row by row; cells that are empty or no texts are left out.
    """

    name: str
    columns: tuple[str, ...]
    texts: Callable[[], Iterator[LocatedText]]


def open_texts(
    path: str | Path, *, columns: Sequence[str] | None = None, encoding: str | None = None
) -> TextSource:
    """Opens the texts of a file.

    Args:
        path: A CSV, TSV, JSON Lines (.jsonl, .ndjson) or Parquet file, told apart by suffix.
        columns: Names of the columns to read; None takes all that hold texts.
        encoding: As for ``open_pairs``.

    Returns:
        The texts.

    Raises:
        DataError: If the file can't be read, or lacks the columns, or any column of texts.
    """
    path = user_path(path)
    table = open_table(path, None, encoding)
    came = ", ".join(table.names) or "none"
    if columns is None:
        pairs = zip(table.names, table.textual, strict=True)
        columns = [name for name, is_text in pairs if is_text]
        if not columns:
            raise DataError(f"{path} has no column of texts; its columns are: {came}.")
    for name in columns:
        if name not in table.names:
            raise DataError(f"{path} has no column {name!r}; its columns are: {came}.")
    chosen = tuple(columns)

    def texts() -> Iterator[LocatedText]:
        for row, record in enumerate(table.records()):
            for name in chosen:
                text = record.values.get(name)
                if isinstance(text, str) and text.strip():
                    yield LocatedText(row, name, text)

    return TextSource(str(path), chosen, texts)
