"""How often each relation is among the strongest word pairs (the paper's Fig. 6)."""

import pandas as pd
import plotly.graph_objects as go

from xsb_core.figures.charts import bar, drawn
from xsb_core.figures.style import FAINT, SERIES, escape

MOST = 25
_LINE, _FOOT, _HEAD = 26, 56, 66  # pixels


def frequency_figure(relations: pd.DataFrame, *models: str, most: int = MOST) -> go.Figure:
    """Bars of the most frequent relations.

    Args:
        relations: For two models the relations of ``frequency_agreement``, for one those of
            ``frequencies``.
        models: The names of one model or two.
        most: How many relations to show.
    """
    shown = relations.head(most)
    suffixes = ("_1", "_2") if len(models) == 2 else ("",)
    bars = [
        bar(
            name=escape(model),
            orientation="h",
            y=shown["relation"],
            x=100 * shown[f"share{suffix}"],
            customdata=shown[f"count{suffix}"],
            marker={"color": color},
            hovertemplate="%{y}: %{x:.1f}% (%{customdata} word pairs)",
        )
        for model, suffix, color in zip(models, suffixes, SERIES, strict=False)
    ]
    layout = {
        "height": _LINE * len(shown) + _FOOT + _HEAD,
        "margin": {"l": 120, "r": 20, "t": _HEAD, "b": _FOOT},
        "barmode": "group",
        "showlegend": True,
        "legend": {"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0},
        "xaxis": {
            "title": {"text": "% of the word pairs"},
            "gridcolor": FAINT,
            "fixedrange": True,
        },
        "yaxis": {"autorange": "reversed", "fixedrange": True, "ticks": ""},
    }
    return drawn(bars, layout)
