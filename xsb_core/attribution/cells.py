"""What is shown of a result, and its cells as a table: one row a cell."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float

from xsb_core.attribution.result import Attribution
from xsb_core.attribution.words import to_words
from xsb_core.encoders.side import Side

CELLS = ("paper", "net")
# A spreadsheet would run a cell that begins with one of these as a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Look:
    """What is shown of a result.

    Attributes:
        words: How token cells become word cells, "mean" or "sum" (see ``to_words``); None: tokens
            stay tokens.
        special: Whether special tokens are shown.
        border: Whether the references' border column, border row and corner are shown.

    Example:
        >>> Look(words="mean").special
        True
    """

    words: str | None = None
    special: bool = True
    border: bool = False

    def of(self, result: Attribution) -> Attribution:
        """The result in tokens or words as is asked for; one that is in words already stays."""
        return result if self.words is None or result.words else to_words(result, self.words)


def positions(side: Side, special: bool) -> np.ndarray:
    """The positions of a text that are shown, with or without the special tokens."""
    return np.flatnonzero([special or not extra for extra in side.special])


def shown_cells(
    result: Attribution, special: bool, cells: str = "paper"
) -> Float[np.ndarray, "rows columns"]:
    """The cells that are shown.

    Args:
        result: A pair's attribution.
        special: Whether the cells of special tokens are among them.
        cells: "paper" for the matrix, or "net" for the net matrix.

    Raises:
        ValueError: For other cells.
    """
    if cells not in CELLS:
        raise ValueError(f"Cells are {' or '.join(CELLS)}, not {cells!r}.")
    matrix = result.net_matrix if cells == "net" else result.matrix
    return matrix[np.ix_(positions(result.a, special), positions(result.b, special))]


def cell_table(result: Attribution, special: bool = True) -> pd.DataFrame:
    """All cells of a result, row by row.

    Args:
        result: A pair's attribution.
        special: Whether to keep the cells of special tokens.

    Returns:
        Columns row, column (positions in the result), token_a, token_b, value and share (value /
        score; NaN where the score is 0).

    Examples:
        >>> cell_table(result, special=False).loc[0, ["token_a", "token_b"]].tolist()
        ['The', 'The']
    """
    rows, columns = np.indices(result.matrix.shape).reshape(2, -1)
    values = result.matrix.ravel()
    table = pd.DataFrame(
        {
            "row": rows,
            "column": columns,
            "token_a": np.array(result.a.tokens, dtype=object)[rows],
            "token_b": np.array(result.b.tokens, dtype=object)[columns],
            "value": values,
            "share": values / result.score if result.score else np.nan,
        }
    )
    if special:
        return table
    extra = np.array(result.a.special)[rows] | np.array(result.b.special)[columns]
    return table[~extra].reset_index(drop=True)


def strongest_cells(result: Attribution, count: int = 10, special: bool = True) -> pd.DataFrame:
    """The cells with the largest values, whatever their sign, strongest first.

    Examples:
        >>> strongest_cells(result, 1, special=False).loc[0, ["token_a", "token_b"]].tolist()
        ['good', 'bad']
    """
    table = cell_table(result, special)
    order = table["value"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order[:count]].reset_index(drop=True)


def to_csv(table: pd.DataFrame) -> str:
    """A table as CSV (UTF-8, comma) whose text cells no spreadsheet takes for formulas.

    Examples:
        >>> print(to_csv(strongest_cells(result, 1, special=False)[["token_a", "token_b"]]), end="")
        token_a,token_b
        good,bad
    """
    safe = table.copy()
    for name in safe.select_dtypes(exclude="number"):
        safe[name] = [
            f"'{cell}" if str(cell).startswith(_FORMULA_STARTS) else cell for cell in safe[name]
        ]
    return safe.to_csv(index=False)
