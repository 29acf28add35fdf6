"""CSV and TSV: quotes and newlines inside fields, headers or none, rows that are broken."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

from xsb_core.errors import DataError
from xsb_core.tables.columns import distinct_names, text_columns
from xsb_core.tables.rows import Record, clean
from xsb_core.tables.table import PEEKED, Table, check_width, is_number, textual_columns
from xsb_core.tables.text_files import encoding_of, lines_of

# What separates cells where it does so in the first rows; else the others are tried.
_SEPARATORS = {".csv": ",;\t", ".tsv": "\t,;"}
# Of a row its line, its cells, and what is wrong with it.
_Cells = tuple[int, list[str], str | None]
# More words than a column's name has.
_SENTENCE = 5


def read_delimited(path: Path, encoding: str | None, wanted: Sequence[str] | None) -> Table:
    """A CSV or TSV file: cells separated by commas, semicolons or tabs.

    The suffix's own separator is taken where all of the first rows have one number of cells by it,
    two or more; else another by which they have; else the suffix's.
    The first row names the columns unless it holds a number or a sentence; then they are called
    column_1, column_2 and so on.

    Args:
        path: The file.
        encoding: What the user says, if anything.
        wanted: The columns that the user names: they decide whether the first row is a header.

    Returns:
        The table.

    Raises:
        DataError: If the file can't be read, or has no rows.
    """
    encoding = encoding_of(path, encoding)
    separator = _separator(path, encoding)
    first = next((cells for _, cells, _ in _cells(path, encoding, separator) if cells), None)
    if first is None:
        raise DataError(f"{path} is empty; expected rows of texts.")
    check_width(path, len(first))
    names = distinct_names([clean(cell) for cell in first])
    header = _is_header(names, first, wanted)
    if not header:
        names = distinct_names([""] * len(first))

    def records() -> Iterator[Record]:
        return _records(_cells(path, encoding, separator), names, header=header)

    peeked = list(islice(records(), PEEKED))
    if not peeked:
        raise DataError(f"{path} has a header but no rows; expected rows of texts.")
    return Table(names, textual_columns(names, peeked), encoding, records)


def _is_header(names: tuple[str, ...], first: list[str], wanted: Sequence[str] | None) -> bool:
    if wanted is not None:
        # where they aren't the first row's, only a table without a header may have them
        given = [name for name in wanted if name]
        return all(name in names for name in given) or not all(
            name.startswith("column_") for name in given
        )
    if text_columns(names):
        return True
    return not any(
        is_number(cell) or len(cell.split()) >= _SENTENCE or cell.rstrip().endswith((".", "?", "!"))
        for cell in first
    )


def _separator(path: Path, encoding: str) -> str:
    separators = _SEPARATORS[path.suffix.lower()]
    for separator in separators:
        rows = islice(_cells(path, encoding, separator), PEEKED)
        if len(widths := {len(cells) for _, cells, _ in rows}) == 1 and widths.pop() > 1:
            return separator
    return separators[0]


def _records(rows: Iterator[_Cells], names: tuple[str, ...], *, header: bool) -> Iterator[Record]:
    skip = header
    for line, cells, problem in rows:
        if problem is None and skip:
            skip = False
            continue
        if problem is None and any(cell.strip() for cell in cells[len(names) :]):
            problem = (
                f"it has {len(cells)} cells for {len(names)} columns; a text with the separator in "
                "it must be in quotes"
            )
        # fewer cells than columns: those that are not there are missing
        yield Record(line, dict(zip(names, cells, strict=False)), problem)


def _cells(path: Path, encoding: str, separator: str) -> Iterator[_Cells]:
    """First line, cells, and what is wrong, of every row that is not blank."""
    with closing(lines_of(path, encoding)) as lines:
        # strict: a quote that is never closed is an error and not the rest of the file
        reader = csv.reader(lines, delimiter=separator, strict=True)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                until = f" (up to line {reader.line_num})" if reader.line_num > line else ""
                yield line, [], f"its quotes or separators are broken{until}: {error}"
                continue
            if len(cells) > 1 or any(cell.strip() for cell in cells):
                yield line, cells, None
