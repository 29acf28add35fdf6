"""The score's account: the lines that add up to the model's prediction (METHOD section 5)."""

from dataclasses import dataclass

import numpy as np

from xsb_core.result import Attribution


@dataclass(frozen=True)
class Line:
    """One summand of the score.

    Attributes:
        key: "corner", "border_a", "border_b", "matrix" or "special".
        label: What it is, for a reader.
        value: Its part of the score.
    """

    key: str
    label: str
    value: float


def account(result: Attribution, special: bool = True) -> tuple[Line, ...]:
    """Splits the score into corner, borders and matrix; the values add up to ``result.score``.

    Args:
        result: A pair's attribution.
        special: Whether special tokens count among the others. If not, all that falls to their
            rows and columns, border included, becomes a line of its own.

    Returns:
        The lines, in the order of a waterfall. The sum differs from the score by no more than the
        residuals allow.

    Raises:
        ValueError: If ``special`` is False and cells are word means, which no longer hold the sums.
    """
    border_a, border_b, matrix = result.sum_border_a, result.sum_border_b, result.sum_matrix
    lines = [Line("corner", "References' own similarity", result.corner)]
    tail = []
    if not special:
        if result.words == "mean":
            raise ValueError(
                "The special tokens' part can't be told from word means; take the account of the "
                "token-level result."
            )
        total = border_a + border_b + matrix
        keep_a, keep_b = ~np.array(result.a.special), ~np.array(result.b.special)
        border_a = float(result.border_a[keep_a].sum())
        border_b = float(result.border_b[keep_b].sum())
        matrix = float(result.matrix[np.ix_(keep_a, keep_b)].sum())
        rest = total - border_a - border_b - matrix
        tail = [Line("special", "Special tokens", rest)]
    lines += [
        Line("border_a", "Text A with B's reference", border_a),
        Line("border_b", "Text B with A's reference", border_b),
        Line("matrix", "Token pairs", matrix),
    ]
    return tuple(lines + tail)
