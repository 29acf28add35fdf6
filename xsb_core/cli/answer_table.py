"""A query's answer: a table for people, CSV or JSON for machines."""

import csv
import sys
from itertools import islice
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from xsb_core.corpus.query import Answer
from xsb_core.tables.strict_json import strict_json

MOST_ROWS = 100
LONGEST_CELL = 60


def print_answer(answer: Answer, console: Console | None = None) -> None:
    """Prints the first rows; numbers to four decimals, long cells cut."""
    console = console or Console()
    table = Table(show_edge=False, pad_edge=False)
    rows = list(islice(answer.rows, MOST_ROWS + 1))
    for place, name in enumerate(answer.names):
        numbers = all(isinstance(row[place], int | float) for row in rows)
        table.add_column(Text(name), justify="right" if numbers else "left")
    for row in rows[:MOST_ROWS]:
        table.add_row(*[Text(_shown(value)) for value in row])
    console.print(table)
    if len(rows) > MOST_ROWS:
        console.print(f"The first {MOST_ROWS} rows; --csv and --json give all.")


def write_csv(answer: Answer) -> None:
    """Writes all rows to standard output; lists and structs as JSON."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(answer.names)
    for row in answer.rows:
        writer.writerow([strict_json(value) if _nested(value) else value for value in row])


def write_json(answer: Answer) -> None:
    """Writes one object a row to standard output; numbers that are not finite as null."""
    for row in answer.rows:
        print(strict_json(dict(zip(answer.names, row, strict=True))))


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4f}"
    text = "" if value is None else strict_json(value) if _nested(value) else str(value)
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


def _nested(value: Any) -> bool:
    return isinstance(value, list | dict)
