"""Cells as a table for a paper."""

from xsb_core.attribution.cells import Look, decimals, positions, shown_cells
from xsb_core.attribution.result import Attribution

_ESCAPES = {char: f"\\{char}" for char in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def latex_table(result: Attribution, look: Look = Look()) -> str:
    """The cells shown as a LaTeX table, one row a token of text A.

    Args:
        result: A pair's attribution.
        look: What of it is shown.

    Returns:
        A ``tabular`` that needs no package.

    Examples:
        >>> latex_table(result, Look(special=False)).splitlines()[0].count("r}")
        1
    """
    result = look.of(result)
    cells = shown_cells(result, look)
    places = decimals(cells)
    heads = [_escaped(result.b.tokens[i]) for i in positions(result.b, special=look.special)]
    lines = [rf"\begin{{tabular}}{{l{'r' * len(heads)}}}", " & ".join(["", *heads]) + r" \\ \hline"]
    for i, row in zip(positions(result.a, special=look.special), cells, strict=True):
        values = [f"${value:z.{places}f}$" for value in row]
        lines.append(" & ".join([_escaped(result.a.tokens[i]), *values]) + r" \\")
    return "\n".join([*lines, r"\end{tabular}", ""])


def _escaped(text: str) -> str:
    return "".join(_ESCAPES.get(char, char) for char in text)
