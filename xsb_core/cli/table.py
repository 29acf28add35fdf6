"""A result in the terminal: coloured matrix, account, verdict."""

import numpy as np
from jaxtyping import Float
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from xsb_core.attribution.account import account, trust
from xsb_core.attribution.cells import Look, shown_cells
from xsb_core.attribution.reading import warnings_of
from xsb_core.attribution.result import Attribution

LONGEST_LABEL = 18
MOST_TERMS = 10


def print_result(result: Attribution, console: Console | None = None, look: Look = Look()) -> None:
    """Prints a result: heat-coloured matrix (rows: text A), account, reference terms, verdict."""
    console = console or Console()
    matrix = shown_cells(result, look)
    unit = "tokens" if result.words is None else f"words ({result.words} of token cells)"
    net = ", net cells" if look.cells == "net" else ""
    console.print(
        Text(f"{result.model}, {result.place}, {unit}{net}"),
        style="bold",
    )
    for name, side in (("A", result.a), ("B", result.b)):
        if side.cut:
            console.print(
                Text(
                    f"Text {name} is longer than the model reads: cut after character {side.read} "
                    f"of {len(side.text)}."
                ),
                style="yellow",
            )
    for sentence in warnings_of(result):
        console.print(Text(sentence), style="yellow")
    for table in _matrix_tables(result, matrix, console.width):
        console.print(table)
    console.print(_account_table(result))
    if result.terms:
        shared = "   ".join(f"{term.term} {term.value:+.4f}" for term in result.terms[:MOST_TERMS])
        console.print(Text(f"Strongest shared terms: {shared}"))
    terms = result.reference_terms
    references = (
        f"f(a, r_b) {terms.a_rb:+.4f}   f(b, r_a) {terms.b_ra:+.4f}   "
        f"f(r_a, r_b) {terms.ra_rb:+.4f}   "
    )
    console.print(
        f"{references if result.kind == 'dense' else ''}{result.seconds:.2f} s on {result.device}",
        highlight=False,
    )
    console.print(Text(trust(result).sentence))


def _matrix_tables(
    result: Attribution, matrix: Float[np.ndarray, "rows columns"], width: int
) -> list[Table]:
    """The matrix in as many tables, side by side in content, as the terminal's width asks for."""
    limit = max(float(np.abs(matrix).max()), 1e-12)
    labels = [_short(token) for token in result.b.tokens]
    row_labels = [_short(token) for token in result.a.tokens]
    room = width - max(map(cell_len, row_labels)) - 4
    tables: list[Table] = []
    start = 0
    while start < len(labels):
        stop, used = start, 0
        while stop < len(labels):
            used += max(6, cell_len(labels[stop])) + 3
            if used > room and stop > start:
                break
            stop += 1
        table = Table(show_edge=False, pad_edge=False)
        table.add_column("", no_wrap=True)
        for label in labels[start:stop]:
            table.add_column(Text(label), justify="right", no_wrap=True)
        for label, row in zip(row_labels, matrix, strict=True):
            table.add_row(Text(label), *[_cell(value, limit) for value in row[start:stop]])
        tables.append(table)
        start = stop
    return tables


def _cell(value: float, limit: float) -> Text:
    """A number on red (positive) or blue (negative), white at zero."""
    strength = min(abs(value) / limit, 1.0)
    fade = round(255 * (1 - 0.75 * strength))
    red, blue = (255, fade) if value >= 0 else (fade, 255)
    return Text(f"{value:+.3f}", style=f"black on rgb({red},{fade},{blue})")


def _account_table(result: Attribution) -> Table:
    table = Table(
        show_edge=False, pad_edge=False, title="The score's account", title_justify="left"
    )
    table.add_column("part")
    table.add_column("value", justify="right")
    for line in account(result):
        table.add_row(line.label, f"{line.value:+.4f}")
    table.add_row("Prediction", f"{result.score:+.4f}", style="bold")
    return table


def _short(token: str) -> str:
    return token if len(token) <= LONGEST_LABEL else token[: LONGEST_LABEL - 1] + "…"
