"""Evidence as pictures: methods, layers, deletion curves, human links, edits that are seen."""

import textwrap
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from jaxtyping import Float

from xsb_core.evidence.gold import GoldPair
from xsb_core.figures.charts import HEIGHT, Panels
from xsb_core.figures.style import FAINT, GREY, SERIES, escape, shorten


def evidence_figure(summary: pd.DataFrame, what: str) -> go.Figure:
    """Draws one figure by method, a colour a model.

    Args:
        summary: Rows of one measure of ``evidence_summary``.
        what: What it is, in words.
    """
    models, methods = (summary[name].unique().tolist() for name in ("model", "method"))
    figure = Panels([""])
    for number, (model, color) in enumerate(zip(models, SERIES, strict=False)):
        some = summary[summary["model"] == model]
        # models one below the other at each method
        apart = 0.6 * (number - (len(models) - 1) / 2) / max(len(models), 1)
        figure.scatter(
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
    figure.axes(
        "y", tickvals=list(range(len(methods))), ticktext=shown, range=[len(methods) - 0.4, -0.6]
    )
    figure.axes("x", title=wrapped(what))
    return figure.figure(
        showlegend=True,
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom"},
        height=120 + 18 * len(methods) * (1 + len(models)),
        margin={"l": 140, "b": 80},
    )


def depth_figure(summary: pd.DataFrame, what: str) -> go.Figure:
    """Draws one figure of a model by layer, a line a method and reference.

    Args:
        summary: Rows of one measure and model of ``evidence_summary``, of methods at layers.
        what: What it is, in words.
    """
    figure = Panels([""])
    names = summary["method"].str.partition("@")[0] + ", " + summary["reference"]
    for (name, some), color in zip(summary.groupby(names, sort=False), SERIES, strict=False):
        shown = some.sort_values("layer")
        figure.scatter(
            x=shown["layer"],
            y=shown["value"],
            error_y=_interval(shown) | {"thickness": 1},
            mode="lines+markers",
            name=name,
            line={"color": color},
            hovertemplate="layer %{x}: %{y:.3f}<extra>%{fullData.name}</extra>",
        )
    figure.axes("x", title="layer", dtick=1)
    figure.axes("y", title={"text": wrapped(what), "font": {"size": 12}})
    legend = {"orientation": "h", "y": 1.0, "yanchor": "bottom"}
    return figure.figure(showlegend=True, legend=legend, height=HEIGHT + 60, margin={"l": 90})


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
    figure = Panels([""])
    for name, which, color, dash in kinds:
        rows, columns = np.nonzero(which)
        if len(rows):
            figure.scatter(
                x=[x for _ in rows for x in (0.02, 0.98, None)],
                y=[y for i, j in zip(rows, columns, strict=True) for y in (i, j, None)],
                mode="lines",
                name=f"{name} ({len(rows)})",
                line={"color": color, "dash": dash, "width": 2},
                hoverinfo="skip",
            )
    for at, (text, spans) in enumerate(((pair.a, pair.words_a), (pair.b, pair.words_b))):
        figure.scatter(
            x=[at] * len(spans),
            y=list(range(len(spans))),
            text=[escape(shorten(text[slice(*span)], 18)) for span in spans],
            mode="text",
            textposition="middle right" if at else "middle left",
            showlegend=False,
            hoverinfo="skip",
        )
    most = max(len(pair.words_a), len(pair.words_b))
    figure.axes("x", visible=False, range=[-0.9, 1.9])
    figure.axes("y", visible=False, range=[most - 0.4, -0.6])
    return figure.figure(
        showlegend=True,
        legend={"orientation": "h", "y": 0, "yanchor": "top", "x": 0},
        height=130 + 24 * most,
        margin={"l": 8, "r": 8, "t": 8, "b": 90},
    )


def curves_figure(curves: pd.DataFrame, score: float) -> go.Figure:
    """Draws a pair's score while its words are deleted, a panel a text.

    Args:
        curves: From ``pair_evidence``.
        score: The whole pair's.
    """
    figure = Panels(["words of A deleted", "words of B deleted"])
    for column, (_, some) in enumerate(curves.groupby("text"), 1):
        lines = [column for column in some if column not in ("text", "deleted", "low", "high")]
        x = some["deleted"]
        figure.scatter(
            x=[*x, *x[::-1]],
            y=[*some["high"], *some["low"][::-1]],
            fill="toself",
            mode="none",
            fillcolor=FAINT,
            name="95% of random orders",
            showlegend=column == 1,
            row=1,
            column=column,
        )
        for name, color in zip(lines, SERIES, strict=False):
            figure.scatter(
                x=x,
                y=some[name],
                name=name,
                mode="lines+markers",
                line={"color": color},
                legendgroup=name,
                showlegend=column == 1,
                hovertemplate="%{x} deleted: %{y:.3f}<extra></extra>",
                row=1,
                column=column,
            )
    figure.axes("x", title="words deleted", rangemode="tozero")
    figure.axes("y", title="the model's score", range=[min(0, curves["low"].min()), score + 0.05])
    legend = {"orientation": "h", "y": -0.25}
    return figure.figure(showlegend=True, legend=legend, height=HEIGHT + 60)


def edits_figure(summary: pd.DataFrame) -> go.Figure:
    """Draws the share of edits that is seen, by kind, a colour a model.

    Args:
        summary: From ``edit_summary``.
    """
    figure = Panels([""])
    for color, (model, some) in zip(SERIES, summary.groupby("model", sort=False), strict=False):
        names = [f"{kind}{'' if harmful else ' (harmless)'}"
                 for kind, harmful in some[["kind", "harmful"]].to_numpy()]  # fmt: skip
        figure.bar(
            x=100 * some["seen"],
            y=names,
            orientation="h",
            name=escape(str(model)),
            marker={"color": color},
            hovertemplate="%{y}: %{x:.0f}% seen<extra></extra>",
        )
    figure.axes(
        "x", title=wrapped("edits that move the score beyond 95% of the harmless"), ticksuffix="%"
    )
    figure.axes("y", autorange="reversed")
    legend = {"orientation": "h", "y": 1.0, "yanchor": "bottom"}
    return figure.figure(showlegend=True, legend=legend, height=HEIGHT + 240, margin={"l": 150})
