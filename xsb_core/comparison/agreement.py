"""How far two attributions of one pair agree (the paper's section 4.4, Figs. 3 and 4)."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isnan, nan
from typing import Any

import numpy as np
from jaxtyping import Float
from scipy.stats import pearsonr, spearmanr

from xsb_core.attribution.cells import Look, shown_cells
from xsb_core.attribution.result import Attribution
from xsb_core.encoders.side import Side

# A spread this small against the values themselves is rounding: such cells have no order.
_ROUNDING = 1e-13


# What the figures of an agreement are called.
MEASURES = {
    "spearman": "Spearman",
    "pearson": "Pearson",
    "jaccard_3": "Jaccard, top 3",
    "jaccard_10": "Jaccard, top 10",
}


@dataclass(frozen=True)
class Agreement:
    """Agreement of the cells of two matrices; NaN where a figure is not defined.

    Attributes:
        spearman: Rank correlation of all cells; NaN where a matrix is constant. Small cells, which
            may be noise, count as much as large ones.
        pearson: Linear correlation of all cells; NaN where a matrix is constant.
        jaccard_3: Intersection over union of the three largest cells of each, by value: the pairs
            that raise the score most. Of equal cells the earlier is taken, row by row. NaN with
            fewer than three cells.
        jaccard_10: The same for the ten largest.
        cells: Number of cells.
    """

    spearman: float
    pearson: float
    jaccard_3: float
    jaccard_10: float
    cells: int

    def written(self, measure: str) -> str:
        """A measure to two places, a dash where it is not defined."""
        value = getattr(self, measure)
        return "–" if isnan(value) else f"{value:.2f}"


def agreement(a: Attribution, b: Attribution, look: Look = Look()) -> Agreement:
    """Compares two attributions of one pair, cell by cell.

    Args:
        a: An attribution.
        b: Another with the same rows and columns; ``compare`` makes them so.
        look: Which cells count.

    Returns:
        The agreement.

    Raises:
        ValueError: If the tokens of the two differ.

    Examples:
        >>> agreement(result, other).cells
        56
    """
    for name, one, other in (("A", a.a, b.a), ("B", a.b, b.b)):
        if one.tokens != other.tokens:
            raise ValueError(
                f"Expected two results with the same tokens of text {name}, got "
                f"{_difference(one, other)}; do compare(...) first and take its cells."
            )
    return cell_agreement(shown_cells(a, look), shown_cells(b, look))


def cell_agreement(
    a: Float[np.ndarray, "rows columns"], b: Float[np.ndarray, "rows columns"]
) -> Agreement:
    """Compares two matrices of one shape, cell by cell."""
    first, second = a.ravel(), b.ravel()
    return Agreement(
        spearman=_correlation(spearmanr, first, second),
        pearson=_correlation(pearsonr, first, second),
        jaccard_3=_jaccard(first, second, 3),
        jaccard_10=_jaccard(first, second, 10),
        cells=first.size,
    )


def _correlation(
    kind: Callable[..., Any], a: Float[np.ndarray, " cells"], b: Float[np.ndarray, " cells"]
) -> float:
    """One of scipy's correlations, which warns where it is not defined."""
    if _constant(a) or _constant(b):
        return nan
    return float(kind(a, b).statistic)


def _constant(values: Float[np.ndarray, " cells"]) -> bool:
    return values.size < 2 or bool(np.ptp(values) <= _ROUNDING * np.abs(values).max())


def _jaccard(a: Float[np.ndarray, " cells"], b: Float[np.ndarray, " cells"], count: int) -> float:
    if a.size < count:
        return nan
    tops = [set(np.argsort(-values, kind="stable")[:count].tolist()) for values in (a, b)]
    return len(tops[0] & tops[1]) / len(tops[0] | tops[1])


def _difference(one: Side, other: Side) -> str:
    """The first place where two texts' tokens part."""
    if len(one.tokens) != len(other.tokens):
        return f"{len(one.tokens)} and {len(other.tokens)}"
    pairs = zip(one.tokens, other.tokens, strict=True)
    return next(f"{a!r} and {b!r}" for a, b in pairs if a != b)
