"""Two models' attributions of one pair, brought to the same rows and columns."""

import dataclasses
import json
from dataclasses import dataclass
from math import isnan
from typing import Any

import numpy as np
import pandas as pd

from xsb_core.attribution.cells import Look, cell_table
from xsb_core.attribution.result import FORMAT, Attribution
from xsb_core.attribution.words import WORD_REDUCTIONS, grouped
from xsb_core.comparison.agreement import agreement
from xsb_core.comparison.alignment import align, same_tokens
from xsb_core.encoders.side import Side
from xsb_core.encoders.spans import Groups


@dataclass(frozen=True)
class LeftOut:
    """What one model reads and the other doesn't.

    Attributes:
        tokens_a: Its tokens of text A that are in no row of the comparison.
        tokens_b: Its tokens of text B that are in no column.
        total: The sum of its net cells in these rows and columns.
    """

    tokens_a: tuple[str, ...]
    tokens_b: tuple[str, ...]
    total: float


@dataclass(frozen=True)
class Comparison:
    """Two attributions of one pair of texts, cell against cell.

    Attributes:
        first: The first model's result, at token level.
        second: The second model's.
        first_cells: The first result with the rows and columns that both have.
        second_cells: The second result, with the same rows and columns.
        words: None for token cells, else "mean" or "sum".
        same_tokens: Whether both models read the same tokens; if not, cells are words.
        first_left_out: What of the first result is not in its cells.
        second_left_out: The same for the second.
    """

    first: Attribution
    second: Attribution
    first_cells: Attribution
    second_cells: Attribution
    words: str | None
    same_tokens: bool
    first_left_out: LeftOut
    second_left_out: LeftOut

    def to_json(self) -> str:
        """Both token-level results and their agreement, of all net cells, on one line."""
        measured = dataclasses.asdict(agreement(self.first_cells, self.second_cells))
        values: dict[str, Any] = {
            "format": FORMAT,
            "first": self.first.to_dict(),
            "second": self.second.to_dict(),
            "words": self.words,
            "agreement": {
                name: None if isnan(value) else value for name, value in measured.items()
            },
            "left_out_first": dataclasses.asdict(self.first_left_out),
            "left_out_second": dataclasses.asdict(self.second_left_out),
        }
        return json.dumps(values, ensure_ascii=False, allow_nan=False)


def compare(first: Attribution, second: Attribution, words: str | None = None) -> Comparison:
    """Brings two attributions of one pair to the same rows and columns.

    Args:
        first: A token-level attribution.
        second: That of another model, or layer, for the same texts.
        words: None for tokens, or, where the two results' tokens differ, for means over words;
            "mean" or "sum" for words in any case.

    Returns:
        The comparison; rows and columns of its cells have the same labels in both.

    Raises:
        ValueError: If the texts differ, or a result is not at token level.

    Examples:
        >>> compare(result, other).same_tokens
        True
    """
    if words not in (None, *WORD_REDUCTIONS):
        raise ValueError(f"Words are made by {' or '.join(WORD_REDUCTIONS)}, not by {words!r}.")
    if first.words or second.words:
        raise ValueError("Expected two token-level results, got words; do compare before to_words.")
    a, b = align(first.a, second.a), align(first.b, second.b)
    same = same_tokens(first.a, second.a) and same_tokens(first.b, second.b)
    if not same:
        words = words or "mean"
    cells_1, cells_2 = first, second
    if words:
        cells_1 = grouped(first, a.first, b.first, words)
        cells_2 = grouped(second, a.second, b.second, words)
    side_a, side_b = _labels(cells_1.a, cells_2.a), _labels(cells_1.b, cells_2.b)
    return Comparison(
        first=first,
        second=second,
        first_cells=_labelled(cells_1, side_a, side_b),
        second_cells=_labelled(cells_2, side_a, side_b),
        words=words,
        same_tokens=same,
        first_left_out=_left_out(first, a.first, b.first),
        second_left_out=_left_out(second, a.second, b.second),
    )


def comparison_table(comparison: Comparison, look: Look = Look()) -> pd.DataFrame:
    """All cells of both results, row by row.

    Args:
        comparison: From ``compare``.
        look: Which cells are shown.

    Returns:
        Columns row, column, token_a, token_b, value_1, value_2 and difference (the second minus the
        first).

    Examples:
        >>> len(comparison_table(compare(result, other)))
        56
    """
    table = cell_table(comparison.first_cells, look)
    table = table.drop(columns="share").rename(columns={"value": "value_1"})
    table["value_2"] = cell_table(comparison.second_cells, look)["value"]
    table["difference"] = table["value_2"] - table["value_1"]
    return table


def _labels(first: Side, second: Side) -> tuple[str, ...]:
    """One name a position: both models' names of a special token, the fuller one of a word."""
    return tuple(
        f"{one}/{other}" if special and one != other else max(one, other, key=len)
        for one, other, special in zip(first.tokens, second.tokens, first.special, strict=True)
    )


def _labelled(cells: Attribution, a: tuple[str, ...], b: tuple[str, ...]) -> Attribution:
    return dataclasses.replace(
        cells, a=dataclasses.replace(cells.a, tokens=a), b=dataclasses.replace(cells.b, tokens=b)
    )


def _left_out(result: Attribution, groups_a: Groups, groups_b: Groups) -> LeftOut:
    in_a, in_b = (
        np.isin(np.arange(len(side.tokens)), [i for group in groups for i in group])
        for side, groups in ((result.a, groups_a), (result.b, groups_b))
    )
    net = result.net_matrix
    return LeftOut(
        tokens_a=tuple(np.array(result.a.tokens, dtype=object)[~in_a].tolist()),
        tokens_b=tuple(np.array(result.b.tokens, dtype=object)[~in_b].tolist()),
        total=float(net.sum() - net[np.ix_(in_a, in_b)].sum()),
    )
