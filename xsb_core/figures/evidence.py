"""Evidence as pictures: methods with intervals, deletion curves, edits that are seen."""

import pandas as pd
import plotly.graph_objects as go

from xsb_core.figures.charts import HEIGHT, panels
from xsb_core.figures.style import FAINT, GREY, LAYOUT, SERIES, escape


def evidence_figure(summary: pd.DataFrame, what: str) -> go.Figure:
    """Draws one figure by method, a panel a model.

    Args:
        summary: Rows of one measure of ``evidence_summary``.
        what: What it is, in words.
    """
    models = summary["model"].unique().tolist()
    figure = panels([str(model) for model in models], shared_xaxes=True, horizontal_spacing=0.22)
    for column, model in enumerate(models, 1):
        some = summary[summary["model"] == model].iloc[::-1]
        figure.add_scatter(
            x=some["value"],
            y=some["method"],
            error_x={
                "array": some["high"] - some["value"],
                "arrayminus": some["value"] - some["low"],
                "color": GREY,
            },
            mode="markers",
            marker={
                "size": 10,
                "color": [SERIES[5 if name == "net" else 0] for name in some["method"]],
            },
            hovertemplate="%{y}: %{x:.3f}<extra></extra>",
            row=1,
            col=column,
        )
    figure.update_xaxes(title=escape(what))
    figure.update_layout(height=HEIGHT + 60, margin_l=150)
    return figure


def curves_figure(curves: pd.DataFrame, score: float) -> go.Figure:
    """Draws a pair's score while its words are deleted, a panel a text.

    Args:
        curves: From ``pair_evidence``.
        score: The whole pair's.
    """
    figure = panels(["words of A deleted", "words of B deleted"])
    for column, (_, some) in enumerate(curves.groupby("text"), 1):
        lines = [column for column in some if column not in ("text", "deleted", "low", "high")]
        x = some["deleted"]
        figure.add_scatter(
            x=[*x, *x[::-1]],
            y=[*some["high"], *some["low"][::-1]],
            fill="toself",
            mode="none",
            fillcolor=FAINT,
            name="95% of random orders",
            showlegend=column == 1,
            row=1,
            col=column,
        )
        for name, color in zip(lines, SERIES, strict=False):
            figure.add_scatter(
                x=x,
                y=some[name],
                name=name,
                mode="lines+markers",
                line={"color": color},
                legendgroup=name,
                showlegend=column == 1,
                hovertemplate="%{x} deleted: %{y:.3f}<extra></extra>",
                row=1,
                col=column,
            )
    figure.update_xaxes(title="words deleted", rangemode="tozero")
    figure.update_yaxes(
        title="the model's score", range=[min(0, curves["low"].min()), score + 0.05]
    )
    legend = {"orientation": "h", "y": -0.25}
    figure.update_layout(LAYOUT | {"showlegend": True, "legend": legend, "height": HEIGHT + 60})
    return figure


def edits_figure(summary: pd.DataFrame) -> go.Figure:
    """Draws the share of edits that is seen, by kind, a colour a model.

    Args:
        summary: From ``edit_summary``.
    """
    figure = panels([""])
    for color, (model, some) in zip(SERIES, summary.groupby("model", sort=False), strict=False):
        names = [f"{kind}{'' if harmful else ' (harmless)'}"
                 for kind, harmful in some[["kind", "harmful"]].to_numpy()]  # fmt: skip
        figure.add_bar(
            x=100 * some["seen"],
            y=names,
            orientation="h",
            name=escape(str(model)),
            marker_color=color,
            hovertemplate="%{y}: %{x:.0f}% seen<extra></extra>",
        )
    figure.update_xaxes(
        title="edits that move the score beyond 95% of the harmless", ticksuffix="%"
    )
    figure.update_yaxes(autorange="reversed")
    figure.update_layout(showlegend=True, height=HEIGHT + 140, margin_l=190)
    return figure
