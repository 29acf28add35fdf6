"""Evidence as pictures: methods, layers, deletion curves, human links, edits that are seen."""

import textwrap
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from jaxtyping import Float

from xsb_core.evidence.gold import GoldPair
from xsb_core.figures.charts import HEIGHT, panels
from xsb_core.figures.style import FAINT, GREY, LAYOUT, SERIES, escape, shorten


def evidence_figure(summary: pd.DataFrame, what: str) -> go.Figure:
    """Draws one figure by method, a colour a model.

    Args:
        summary: Rows of one measure of ``evidence_summary``.
        what: What it is, in words.
    """
    models, methods = (summary[name].unique().tolist() for name in ("model", "method"))
    figure = panels([""])
    for number, (model, color) in enumerate(zip(models, SERIES, strict=False)):
        some = summary[summary["model"] == model]
        # models one below the other at each method
        apart = 0.6 * (number - (len(models) - 1) / 2) / max(len(models), 1)
        figure.add_scatter(
            x=some["value"],
            y=[methods.index(name) + apart for name in some["method"]],
            error_x=_interval(some),
            mode="markers",
            marker={"size": 9, "color": color},
            name=escape(str(model)),
            customdata=some["method"],
            hovertemplate="%{customdata}: %{x:.3f}<extra>%{fullData.name}</extra>",
        )
    shown = [f"<b>{name}</b>" if name == "net" else name for name in methods]
    figure.update_yaxes(
        tickvals=list(range(len(methods))), ticktext=shown, range=[len(methods) - 0.4, -0.6]
    )
    figure.update_xaxes(title=wrapped(what))
    figure.update_layout(
        showlegend=True,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom"},
        height=120 + 18 * len(methods) * (1 + len(models)),
        margin={"l": 140, "b": 80},
    )
    return figure


def depth_figure(summary: pd.DataFrame, what: str) -> go.Figure:
    """Draws one figure of a model by layer, a line a method and reference.

    Args:
        summary: Rows of one measure and model of ``evidence_summary``, of methods at layers.
        what: What it is, in words.
    """
    figure = panels([""])
    names = summary["method"].str.partition("@")[0] + ", " + summary["reference"]
    for (name, some), color in zip(summary.groupby(names, sort=False), SERIES, strict=False):
        shown = some.sort_values("layer")
        figure.add_scatter(
            x=shown["layer"],
            y=shown["value"],
            error_y=_interval(shown) | {"thickness": 1},
            mode="lines+markers",
            name=name,
            line={"color": color},
            hovertemplate="layer %{x}: %{y:.3f}<extra>%{fullData.name}</extra>",
        )
    figure.update_xaxes(title="layer", dtick=1)
    figure.update_yaxes(title={"text": wrapped(what), "font": {"size": 12}})
    legend = {"orientation": "h", "y": 1.0, "yanchor": "bottom"}
    figure.update_layout(showlegend=True, legend=legend, height=HEIGHT + 60, margin_l=90)
    return figure


def _interval(some: pd.DataFrame) -> dict[str, Any]:
    above, below = some["high"] - some["value"], some["value"] - some["low"]
    return {"array": above, "arrayminus": below, "color": GREY}


def wrapped(what: str) -> str:
    """A title in lines that a narrow screen has room for."""
    return "<br>".join(map(escape, textwrap.wrap(what, 28)))


def links_figure(
    pair: GoldPair, cells: Float[np.ndarray, "words_a words_b"] | None = None
) -> go.Figure:
    """Draws two texts word by word, one down each side, joined where people link their words.

    Args:
        pair: Texts and links.
        cells: What a method says of each pair of words: as many of the highest as people made
            links are drawn too. None draws people's alone.
    """
    linked = (pair.weights > 0) & ~pair.opposed
    top = np.zeros_like(linked)
    if cells is not None:
        order = np.argsort(-cells, axis=None, kind="stable")[: int(linked.sum())]
        top.flat[order] = True
    kinds = (
        ("people and cells", linked & top, SERIES[0], "solid"),
        ("people only", linked & ~top, GREY, "solid"),
        ("cells only", top & ~linked & ~pair.opposed, SERIES[1], "dot"),
        ("opposites, by people", pair.opposed, SERIES[5], "dash"),
    )
    figure = panels([""])
    for name, which, color, dash in kinds:
        rows, columns = np.nonzero(which)
        if len(rows):
            figure.add_scatter(
                x=[x for _ in rows for x in (0.02, 0.98, None)],
                y=[y for i, j in zip(rows, columns, strict=True) for y in (i, j, None)],
                mode="lines",
                name=f"{name} ({len(rows)})",
                line={"color": color, "dash": dash, "width": 2},
                hoverinfo="skip",
            )
    for at, (text, spans) in enumerate(((pair.a, pair.words_a), (pair.b, pair.words_b))):
        figure.add_scatter(
            x=[at] * len(spans),
            y=list(range(len(spans))),
            text=[escape(shorten(text[slice(*span)], 18)) for span in spans],
            mode="text",
            textposition="middle right" if at else "middle left",
            showlegend=False,
            hoverinfo="skip",
        )
    most = max(len(pair.words_a), len(pair.words_b))
    figure.update_xaxes(visible=False, range=[-0.9, 1.9])
    figure.update_yaxes(visible=False, range=[most - 0.4, -0.6])
    figure.update_layout(
        showlegend=True,
        legend={"orientation": "h", "y": 0, "yanchor": "top", "x": 0},
        height=130 + 24 * most,
        margin={"l": 8, "r": 8, "t": 8, "b": 90},
    )
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
        title=wrapped("edits that move the score beyond 95% of the harmless"), ticksuffix="%"
    )
    figure.update_yaxes(autorange="reversed")
    legend = {"orientation": "h", "y": 1.0, "yanchor": "bottom"}
    figure.update_layout(showlegend=True, legend=legend, height=HEIGHT + 240, margin_l=150)
    return figure
