"""Cells as a LaTeX table."""

import numpy as np

from tests.figures.factory import make_result
from xsb_core import Look
from xsb_core.figures.tables import latex_table


def test_rows_columns_and_what_latex_would_read():
    result = make_result(["50%", "a_b"], ["\\x"], matrix=np.full((4, 3), -0.0312))
    lines = latex_table(result, Look(special=False, cells="paper")).splitlines()
    assert lines[0] == r"\begin{tabular}{lr}"
    assert lines[1] == r" & \textbackslash{}x \\ \hline"
    assert lines[2] == r"50\% & $-0.031$ \\"
    assert lines[3].startswith(r"a\_b & ")
    assert lines[4] == r"\end{tabular}"
