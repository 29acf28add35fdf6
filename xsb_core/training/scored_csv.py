"""The rows of a CSV of scored pairs, each checked before anything is done with them."""

import csv
import math
from pathlib import Path

from xsb_core.errors import DataError
from xsb_core.tables.columns import text_columns

Row = tuple[str, str, float]

_SCORE_NAMES = ("score", "similarity", "similarity_score", "label")


def read_rows(path: Path, top_score: float) -> list[Row]:
    """Reads all rows: first text, second text, score in [0, ``top_score``].

    Columns are found by a header (score or similarity; sentence1 and sentence2, text1 and text2,
    and the like), other columns being passed over; without one there must be three, in this order.

    Raises:
        DataError: If the file can't be read, has no rows, lacks a column, or if a row lacks a text
            or a score or its score is out of range; the message names the column or the line.
    """
    lines = _lines(path)
    if not lines:
        raise DataError(f"{path} is empty; expected two texts and a score a row.")
    first = lines[0][1]
    if any(_number(cell) is not None for cell in first):
        columns = (0, 1, 2)
        if len(first) != 3:
            raise DataError(
                f"{path}, line {lines[0][0]} has {len(first)} columns; expected text, text, score, "
                "or a header that names the columns."
            )
    else:
        columns = _columns(path, first)
        lines = lines[1:]
    if not lines:
        raise DataError(f"{path} has a header but no rows; expected two texts and a score a row.")
    return [_row(path, line, cells, columns, top_score) for line, cells in lines]


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """Every row that is not blank, with the number of its last line."""
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=delimiter)
            return [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except OSError as error:
        raise DataError(f"{path} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is not UTF-8 text; save it as a CSV in UTF-8.") from error
    except csv.Error as error:
        raise DataError(f"{path} is not a CSV file ({error}).") from error


def _columns(path: Path, header: list[str]) -> tuple[int, int, int]:
    names = [cell.strip().lower() for cell in header]
    came = ", ".join(cell.strip() or "(no name)" for cell in header)
    score = next((names.index(name) for name in _SCORE_NAMES if name in names), None)
    if score is None:
        raise DataError(
            f"{path} has no column of scores; name one of its columns score. It has: {came}."
        )
    if texts := text_columns(names):
        return (*texts, score)
    if len(names) == 3:
        first, second = (i for i in range(3) if i != score)
        return first, second, score
    raise DataError(
        f"{path} has no two columns of texts; name them sentence1 and sentence2. It has: {came}."
    )


def _row(
    path: Path, line: int, cells: list[str], columns: tuple[int, int, int], top_score: float
) -> Row:
    where = f"{path}, line {line}"
    if len(cells) <= max(columns):
        raise DataError(
            f"{where} has {len(cells)} columns; expected two texts and a score. Texts with a comma "
            "must be in quotes."
        )
    a, b, given = (cells[column].strip() for column in columns)
    for name, text in (("first", a), ("second", b)):
        if not text:
            raise DataError(f"{where} has no {name} text; fill it in or remove the row.")
    if not given:
        raise DataError(f"{where} has no score; fill it in or remove the row.")
    score = _number(given)
    if score is None:
        raise DataError(f"{where}: the score must be a number, not {given[:40]!r}.")
    if not 0 <= score <= top_score:
        raise DataError(
            f"{where}: the score {given} is out of range; scores go from 0 to {top_score:g} "
            "(--top-score changes that)."
        )
    return a, b, score


def _number(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        return None
    return None if math.isnan(value) else value
