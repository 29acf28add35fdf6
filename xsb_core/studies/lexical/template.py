"""Two sentences with a slot: what a word in it does to the score (the paper's section 5.4)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import regex

from xsb_core.attribution.cells import Look, matrix_of
from xsb_core.attribution.numerals import signed
from xsb_core.attribution.result import Attribution
from xsb_core.encoders.spans import Range, tokens_in_ranges
from xsb_core.errors import TextError
from xsb_core.studies.findings import Chart, Findings
from xsb_core.studies.gathered import of_models

SLOT = "X"
_SLOT = regex.compile(rf"(?<!\w){SLOT}(?!\w)")

# The paper's example: the same word in two sentences about different things.
EXAMPLE = ("A puppy was born in X.", "How many hurricanes occur in X each year?")
EXAMPLE_FILLERS = ("Auckland", "Cambodia", "Granville", "the USA", "Europe")


@dataclass(frozen=True)
class Filled:
    """A pair of sentences with a word in their slots.

    Attributes:
        filler: What is in the slot.
        result: The pair's attribution at token level.
        cell: The X–X cell: the mean of the cells of the filler's tokens with each other, as the
            paper makes word cells of token cells.
        total: The sum of these cells, the filler's own part of the score.
        tokens: How many tokens the filler has in text A and in text B.
    """

    filler: str
    result: Attribution
    cell: float
    total: float
    tokens: tuple[int, int]


def slot_of(template: str, name: str) -> Range:
    """Where the slot is.

    Args:
        template: A sentence with an X on its own.
        name: Which template it is, for errors.

    Raises:
        TextError: If there is no slot, or several.
    """
    found = [match.span() for match in _SLOT.finditer(template)]
    if len(found) == 1:
        return found[0]
    came = "none" if not found else f"{len(found)} of them"
    raise TextError(
        f"Template {name} must have one slot, an {SLOT} that is a word of its own; it has {came}."
    )


def fillers_of(lines: Iterable[str]) -> tuple[str, ...]:
    """The fillers of a list: stripped, without blank ones, each once.

    Raises:
        TextError: If none is left.
    """
    fillers = tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))
    if not fillers:
        raise TextError("There is no filler; give at least one word or name, one a line.")
    return fillers


def fill(
    explain: Callable[[list[tuple[str, str]]], Iterable[Attribution]],
    template_a: str,
    template_b: str,
    fillers: Iterable[str],
    cells: str = "net",
) -> Iterator[Filled]:
    """Puts each filler into both slots.

    Args:
        explain: Gives the token-level attributions of pairs, in order.
        template_a: The first sentence, with a slot.
        template_b: The second sentence, with a slot.
        fillers: What to put in.
        cells: As ``Look.cells``: net ones, or the paper's.

    Yields:
        One filled pair a filler, in order.

    Raises:
        TextError: If a template has not exactly one slot, there is no filler, or the model reads
            nothing of a filler.
    """
    slots = slot_of(template_a, "A"), slot_of(template_b, "B")
    fillers, look = fillers_of(fillers), Look(cells=cells)
    pairs = [
        (_in_slot(template_a, slots[0], filler), _in_slot(template_b, slots[1], filler))
        for filler in fillers
    ]
    for filler, result in zip(fillers, explain(pairs), strict=True):
        ranges = ((start, start + len(filler)) for start, _ in slots)
        yield _measured(filler, result, look, *ranges)


def _in_slot(template: str, slot: tuple[int, int], filler: str) -> str:
    return template[: slot[0]] + filler + template[slot[1] :]


def template_findings(templates: Sequence[str], filled: Mapping[str, Iterable[Filled]]) -> Findings:
    """What each filler does in each model.

    Args:
        templates: Both sentences.
        filled: By model, what ``fill`` gave; the same fillers in each.
    """
    tables = {model: filled_table(own) for model, own in filled.items()}
    rows = of_models(tables.items())
    told = [
        f"{row.model}, ‹{row.filler}›: score {signed(row.score)}, X–X cell {signed(row.cell)} (sum "
        f"{signed(row.total)})"
        for row in rows.itertuples()
    ]
    return Findings(
        "template",
        "Lexical bias: one slot, several words",
        (
            *(template_answer(model, own) for model, own in tables.items()),
            *(f"{name}: {text}" for name, text in zip("AB", templates, strict=True)),
            *told,
        ),
        rows,
        {"scores": Chart("filler_figure", (tables,), "Fillers")},
    )


_MUCH = 0.1  # of a similarity, that one word moves


def template_answer(model: str, table: pd.DataFrame) -> str:
    """Says how far the word alone moves the score.

    Args:
        model: The model's name.
        table: From ``filled_table``.

    Returns:
        A sentence. It holds the fillers.
    """
    low, high = table.loc[table["score"].idxmin()], table.loc[table["score"].idxmax()]
    if low["filler"] == high["filler"]:
        return (
            f"{model}: the cell of ‹{low['filler']}› with itself is {signed(low['cell'], 2)} at a "
            f"score of {low['score']:.2f}; give more fillers to see whether others do as much."
        )
    moved = high["score"] - low["score"]
    how = "Yes" if moved >= _MUCH else "Hardly"
    return (
        f"{how}, in {model}: the word alone moves the score by {moved:.2f}, from "
        f"{low['score']:.2f} (‹{low['filler']}›) to {high['score']:.2f} (‹{high['filler']}›); its "
        f"cell with itself goes from {signed(low['cell'], 2)} to {signed(high['cell'], 2)}."
    )


def filled_table(filled: Iterable[Filled]) -> pd.DataFrame:
    """One row a filler.

    Returns:
        Columns filler, score, cell (X–X), total, tokens_a, tokens_b.
    """
    rows = [(one.filler, one.result.score, one.cell, one.total, *one.tokens) for one in filled]
    return pd.DataFrame(rows, columns=["filler", "score", "cell", "total", "tokens_a", "tokens_b"])


def _measured(
    filler: str, result: Attribution, look: Look, range_a: Range, range_b: Range
) -> Filled:
    (rows,) = tokens_in_ranges(result.a, [range_a])
    (columns,) = tokens_in_ranges(result.b, [range_b])
    if not rows or not columns:
        raise TextError(
            f"The model reads nothing of the filler ‹{filler}› in "
            f"{'text B' if rows else 'text A'}; give another one, or a shorter template."
        )
    cells = matrix_of(result, look)[list(rows)][:, list(columns)]
    return Filled(
        filler, result, float(cells.mean()), float(cells.sum()), (len(rows), len(columns))
    )
