"""Cumulative distributions: which share of the cases lies at or below a value."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from xsb_core.figures.charts import drawn, scatter
from xsb_core.figures.style import FAINT, GREY, SERIES, escape

_HEIGHT = 400  # pixels


def cumulative(
    series: Mapping[str, Float[np.ndarray, " _"]],
    labels: Mapping[str, Sequence[str]],
    title: str,
) -> go.Figure:
    """Draws the empirical distribution function of each series.

    Args:
        series: The values by name, shares of one; those that are not finite are left out.
        labels: What to say of each value, by name, as plain text.
        title: What the values are.

    Returns:
        The figure: one stepped line a series, in per cent on both axes, with a point a case whose
        ``customdata`` is its place in the series.
    """
    lines = []
    for (name, values), color in zip(series.items(), SERIES, strict=False):
        order = np.argsort(values, kind="stable")
        order = order[np.isfinite(values[order])]
        lines.append(
            scatter(
                name=escape(name),
                x=100 * values[order],
                y=100 * np.arange(1, len(order) + 1) / max(1, len(order)),
                customdata=order,
                text=[escape(labels[name][int(place)]) for place in order],
                hovertemplate="%{text}<br>%{x:+.1f}% of the score; %{y:.0f}% of the cases are no "
                f"higher<extra>{escape(name)}</extra>",
                mode="lines+markers",
                line={"shape": "hv", "color": color, "width": 2},
                marker={"size": 5, "color": color},
            )
        )
    axis = {"gridcolor": FAINT, "zerolinecolor": GREY, "ticksuffix": "%"}
    layout = {
        "height": _HEIGHT,
        "showlegend": True,
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom"},
        "margin": {"l": 64, "r": 12, "t": 28, "b": 48},
        "hovermode": "closest",
        "xaxis": axis | {"title": {"text": title}, "zerolinewidth": 2},
        "yaxis": axis | {"title": {"text": "cases"}, "range": [0, 102]},
    }
    return drawn(lines, layout)
