"""What is shown of a result, and its cells as a table: one row a cell.

The cells themselves are computed in ``cosine.bordered_cells`` (Eq. 2), net ones in
``result.net_cells``.
"""

import re
from dataclasses import dataclass
from math import floor, isfinite, log10
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float

from xsb_core.attribution.result import Attribution
from xsb_core.attribution.words import to_words
from xsb_core.encoders.side import Side

CELLS = ("net", "paper")
# A spreadsheet would run a cell that begins with one of these as a formula, whatever spaces stand
# before it; some take the full-width signs of East Asian keyboards for the plain ones.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")


@dataclass(frozen=True)
class Look:
    """What is shown of a result.

    Attributes:
        words: How token cells become word cells, "mean" or "sum" (see ``to_words``); None: tokens
            stay tokens.
        special: Whether special tokens are shown.
        cells: "net", which add up to the score for any model, or "paper": as in the paper, measured
            from the references, whose border column, border row and corner stand beside the cells.
        stretch: Whether colours reach their full strength at the largest cell shown, not at one
            value for all pairs.

    Example:
        >>> Look(words="mean").cells
        'net'
    """

    words: str | None = None
    special: bool = True
    cells: str = "net"
    stretch: bool = False

    def __post_init__(self) -> None:
        if self.cells not in CELLS:
            raise ValueError(f"Cells are {' or '.join(CELLS)}, not {self.cells!r}.")

    @property
    def border(self) -> bool:
        """Whether the references' border is shown: net cells have their part inside."""
        return self.cells == "paper"

    def of(self, result: Attribution) -> Attribution:
        """The result in tokens or words as is asked for; one that is in words already stays."""
        return result if self.words is None or result.words else to_words(result, self.words)


def positions(side: Side, *, special: bool) -> np.ndarray:
    """The positions of a text that are shown, with or without the special tokens."""
    return np.flatnonzero([special or not extra for extra in side.special])


def matrix_of(result: Attribution, look: Look) -> Float[np.ndarray, "rows columns"]:
    """All net cells, or all of the paper's, of the result as it is: in tokens or words."""
    return result.net_matrix if look.cells == "net" else result.matrix


def shown_cells(result: Attribution, look: Look = Look()) -> Float[np.ndarray, "rows columns"]:
    """The cells that are shown of the result as it is, in tokens or words."""
    keep = (positions(side, special=look.special) for side in (result.a, result.b))
    return matrix_of(result, look)[np.ix_(*keep)]


def cell_table(result: Attribution, look: Look = Look()) -> pd.DataFrame:
    """All cells of a result that are shown, row by row.

    Args:
        result: A pair's attribution.
        look: What of it is shown.

    Returns:
        Columns row, column (positions in tokens or words), token_a, token_b, value and share: of
        the sum of the positive cells shown (NaN where there is none).

    Examples:
        >>> cell_table(result, Look(special=False)).loc[0, ["token_a", "token_b"]].tolist()
        ['The', 'The']
    """
    result = look.of(result)
    rows, columns = (
        grid.ravel()
        for grid in np.meshgrid(
            positions(result.a, special=look.special),
            positions(result.b, special=look.special),
            indexing="ij",
        )
    )
    values = shown_cells(result, look).ravel()
    positive = values[values > 0].sum()
    return pd.DataFrame(
        {
            "row": rows,
            "column": columns,
            "token_a": np.array(result.a.tokens, dtype=object)[rows],
            "token_b": np.array(result.b.tokens, dtype=object)[columns],
            "value": values,
            "share": values / positive if positive else np.nan,
        }
    )


def strongest_cells(result: Attribution, count: int = 10, look: Look = Look()) -> pd.DataFrame:
    """The cells with the largest values, whatever their sign, strongest first.

    Examples:
        >>> strongest_cells(result, 1, Look(special=False)).loc[0, ["token_a", "token_b"]].tolist()
        ['good', 'bad']
    """
    table = cell_table(result, look)
    order = table["value"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order[:count]].reset_index(drop=True)


def to_csv(table: pd.DataFrame) -> str:
    """A table as CSV (UTF-8, comma) whose text cells and heads no spreadsheet takes for formulas.

    Examples:
        >>> print(to_csv(strongest_cells(result, 1)[["token_a", "token_b"]]), end="")
        token_a,token_b
        good,bad
    """
    safe = table.copy()
    for name in safe.select_dtypes(exclude="number"):
        safe[name] = [_harmless(cell) for cell in safe[name]]
    return safe.rename(columns=_harmless).to_csv(index=False)


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if _FORMULA.match(str(cell)) else cell


def decimals(values: Float[np.ndarray, "*any"]) -> int:
    """Places after the point, 2 to 6, that show the largest value with two significant digits."""
    largest = float(np.abs(values).max(initial=0.0))
    if largest == 0 or not isfinite(largest):
        return 2
    return min(6, max(2, 1 - floor(log10(largest))))
