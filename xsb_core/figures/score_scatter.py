"""Rank correlation against the mean predicted score (paper, Fig. 3)."""

import plotly.graph_objects as go

from xsb_core.figures.charts import HEIGHT, Panels
from xsb_core.figures.style import SERIES
from xsb_core.studies.agreement.by_score import ABOVE, ByScore


def score_scatter(by_score: ByScore) -> go.Figure:
    """Draws a point for each pair.

    Args:
        by_score: From ``spearman_by_score``.

    Returns:
        The figure; the trace "pairs" has each pair's id as ``customdata``, and the trace "mean"
        the mean above the threshold with its deviation.
    """
    first, second = by_score.runs
    figure = Panels([f"{first} and {second}, layer {by_score.layer}"])
    table = by_score.table
    figure.scatter(
        x=table["score"],
        y=table["spearman"],
        customdata=table["id"],
        mode="markers",
        name="pairs",
        marker={"color": SERIES[0], "size": 7, "opacity": 0.5},
        # chosen by a click
        selected={"marker": {"color": SERIES[1], "size": 12, "opacity": 1}},
        unselected={"marker": {"opacity": 0.35}},
        hovertemplate="pair %{customdata}<br>mean score %{x:.3f}<br>Spearman %{y:.3f}"
        "<extra></extra>",
    )
    figure.mark(ABOVE, f"{ABOVE}", 1)
    if by_score.above.count:
        top = max(1.0, float(table["score"].max()))
        figure.scatter(
            x=[ABOVE, top],
            y=[by_score.above.mean] * 2,
            mode="lines",
            name="mean",
            line={"color": SERIES[5], "width": 4},  # above the points' crowd
            hovertemplate=f"mean above {ABOVE}: {by_score.above}<extra></extra>",
        )
    figure.axes("x", title="mean predicted score")
    figure.axes("y", title="Spearman", range=[min(-0.05, table["spearman"].min() - 0.05), 1.05])
    return figure.figure(height=HEIGHT + 80, hovermode="closest")
