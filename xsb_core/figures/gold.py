"""A file's scores against a column of numbers that it has, such as people's."""

import pandas as pd
import plotly.graph_objects as go
from scipy.stats import spearmanr

from xsb_core.attribution.numerals import correlation
from xsb_core.figures.charts import Panels
from xsb_core.figures.style import SERIES, escape


def gold_scatter(
    scores: pd.Series, gold: pd.Series, ids: pd.Series, kinds: pd.Series | None = None
) -> go.Figure:
    """Draws a point for each pair that has a number.

    Args:
        scores: The model's.
        gold: The column's, with its name.
        ids: What the pairs are called.
        kinds: A column that colours the points; each kind is a trace of its name.

    Returns:
        The figure; its title has the rank correlation.
    """
    there = gold.notna()
    found = float(spearmanr(gold[there], scores[there]).statistic)
    title = f"Spearman {correlation(found)} over {there.sum():,} pairs"
    figure = Panels([title])
    of = kinds.astype(str) if kinds is not None else pd.Series("pairs", index=gold.index)
    for number, (kind, own) in enumerate(of[there].groupby(of[there])):
        figure.scatter(
            x=gold[own.index],
            y=scores[own.index],
            customdata=ids[own.index].map(escape),
            mode="markers",
            name=escape(kind),
            marker={"color": SERIES[number % len(SERIES)], "size": 7, "opacity": 0.6},
            hovertemplate="pair %{customdata}<br>%{x:.4g}, score %{y:.3f}<extra></extra>",
        )
    figure.axes("x", title=escape(str(gold.name)))
    figure.axes("y", title="score")
    return figure.figure(hovermode="closest", showlegend=kinds is not None)
