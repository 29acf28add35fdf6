"""Histograms of the reference similarities and of the reference term (paper, Fig. 2)."""

import numpy as np
import plotly.graph_objects as go

from xsb_core.attribution.account import REFERENCE_BOUND
from xsb_core.figures.charts import Panels
from xsb_core.figures.style import SERIES
from xsb_core.studies.findings import percent
from xsb_core.studies.reference_terms import TERM_BOUND, References

_BINS = 40


def reference_histograms(references: References) -> go.Figure:
    """Draws how f(a, r_b), f(b, r_a) and f(r_a, r_b) are spread.

    Args:
        references: From ``reference_terms``.

    Returns:
        The figure: traces "reference similarities" and "reference term", bars of counts whose x is
        a bin's middle and whose width its width; the paper's bounds as lines.
    """
    within = percent(references.within)
    figure = Panels(
        [
            f"{references.run}, f(a, r_b), f(b, r_a)\n{within} within ±{REFERENCE_BOUND}",
            f"{references.run}, f(r_a, r_b)\n{percent(references.below)} below {TERM_BOUND}",
        ]
    )
    for column, (name, values, bound) in enumerate(
        (
            ("reference similarities", references.similarities, REFERENCE_BOUND),
            ("reference term", references.terms, TERM_BOUND),
        ),
        1,
    ):
        counts, edges = _histogram(values, -REFERENCE_BOUND if column == 1 else bound, bound)
        figure.bar(
            x=(edges[:-1] + edges[1:]) / 2,
            y=counts,
            width=np.diff(edges),
            name=name,
            marker={"color": SERIES[column - 1], "line": {"width": 0}},
            hovertemplate="about %{x:.3f}: %{y} values<extra></extra>",
            row=1,
            column=column,
        )
        figure.axes("x", title="similarity", row=1, column=column)
        for place in {-bound, bound} if column == 1 else {bound}:
            figure.mark(place, f"{place:g}".replace("-", "−"), column)
    figure.axes("y", title="values", column=1)
    return figure.figure()


def _histogram(values: np.ndarray, *held: float) -> tuple[np.ndarray, np.ndarray]:
    """Counts in equal bins over the values and the bounds."""
    lowest = min(values.min(initial=held[0]), *held)
    # a set that is all alike still has a width
    highest = max(values.max(initial=held[0]), *held, lowest + 1e-3)
    return np.histogram(values, _BINS, (lowest, highest))
