"""Figures of same-token cells: tokens by mean, densities, two models' ranks, fillers of a slot."""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from xsb_core.attribution.numerals import correlation
from xsb_core.figures.charts import drawn, scatter, trace
from xsb_core.figures.style import FAINT, GREY, SERIES, escape, shorten
from xsb_core.studies.lexical.ranking import RankAgreement

TOP = 20  # of the paper's tables 3 and 4: so many from either end
DENSITIES = 30  # of its figure 12

_LINE, _FOOT = 22, 56  # pixels: a token's line, the axis below
_FEW = 10
_TOKEN_UNITS = 18  # narrow characters


def ends(ranking: pd.DataFrame, count: int = TOP) -> pd.DataFrame:
    """The first and the last of a ranking, each token once."""
    if len(ranking) <= 2 * count:
        return ranking
    return pd.concat([ranking.head(count), ranking.tail(count)])


def ranking_figure(ranking: pd.DataFrame, title: str, count: int = TOP) -> go.Figure:
    """The highest and lowest tokens: mean and standard deviation (the paper's tables 3 and 4).

    Args:
        ranking: From ``ranking``.
        title: The model's name.
        count: How many tokens from either end; a dashed line stands for those between.
    """
    shown = ends(ranking, count)
    dots = scatter(
        name="mean",
        x=shown["mean"],
        y=list(range(len(shown))),
        error_x={"type": "data", "array": shown["deviation"], "color": GREY, "thickness": 1},
        mode="markers",
        marker={"color": SERIES[0], "size": 8},
        customdata=shown[["rank", "count", "deviation"]],
        text=[escape(token) for token in shown["token"]],
        hovertemplate="‹%{text}›, rank %{customdata[0]}<br>mean %{x:.4f}, deviation "
        "%{customdata[2]:.4f}<br>%{customdata[1]} cells<extra></extra>",
    )
    if len(shown) < len(ranking):
        title += f", the {count} highest and {count} lowest of {len(ranking)}"
    layout = _layout(shown["token"], title, "mean of the same-token cells ± deviation")
    if len(shown) < len(ranking):
        ends_of_line = {"x0": 0, "x1": 1, "y0": count - 0.5, "y1": count - 0.5}
        line = {"color": GREY, "dash": "dash", "width": 1}
        places = {"xref": "x domain", "yref": "y"}
        layout["shapes"] = [{"type": "line", "line": line, **places, **ends_of_line}]
    return drawn([dots], layout)


def density_figure(ranking: pd.DataFrame, title: str, count: int = DENSITIES) -> go.Figure:
    """Densities of the highest tokens' cells (the paper's Fig. 12), from the study's sample.

    Args:
        ranking: From ``ranking``.
        title: The model's name.
        count: How many tokens.
    """
    shown = ranking.head(count)
    if len(shown) < len(ranking):
        title += f", the {count} highest of {len(ranking)}"
    curves = [
        trace(
            "violin",
            name=escape(token),
            x=values,
            y=[line] * len(values),
            orientation="h",
            side="negative",  # upwards, on an axis that is reversed
            width=1.8,
            points=False,
            spanmode="hard",
            line={"width": 1, "color": SERIES[0]},
            hoveron="violins",
            hoverinfo="x+name",
        )
        for line, (token, values) in enumerate(zip(shown["token"], shown["values"], strict=True))
    ]
    return drawn(curves, _layout(shown["token"], title, "same-token cells"))


def rank_figure(agreement: RankAgreement, first: str, second: str) -> go.Figure:
    """Tokens' ranks in two models against each other (the paper's Fig. 10).

    Args:
        agreement: From ``rank_agreement``.
        first: The first model's name.
        second: The second model's.
    """
    tokens = agreement.tokens
    last = len(tokens)
    dots = scatter(
        name="ranks",
        x=tokens["rank_1"],
        y=tokens["rank_2"],
        mode="markers+text" if last <= 2 * TOP else "markers",
        marker={"color": SERIES[0], "size": 8, "opacity": 0.7},
        text=[escape(shorten(token, _TOKEN_UNITS)) for token in tokens["token"]],
        textposition="top center",
        textfont={"size": 11},
        customdata=tokens[["mean_1", "mean_2"]],
        hovertemplate="‹%{text}›<br>rank %{x}, mean %{customdata[0]:.4f}<br>rank %{y}, mean "
        "%{customdata[1]:.4f}<extra></extra>",
    )
    equal = scatter(
        name="equal ranks",
        x=[1, last],
        y=[1, last],
        mode="lines",
        line={"color": GREY, "dash": "dot", "width": 1},
        hoverinfo="skip",
    )
    axis = {"gridcolor": FAINT, "zeroline": False, "fixedrange": True}
    axis |= {"dtick": 1} if last <= _FEW else {}  # no ticks between ranks
    layout = {
        "height": 560,
        "margin": {"l": 70, "r": 20, "t": 40, "b": 60},
        "title": {"text": f"Spearman {correlation(agreement.spearman)}", "font": {"size": 15}},
        "xaxis": axis | {"title": {"text": f"rank in {escape(first)}"}},
        "yaxis": axis | {"title": {"text": f"rank in {escape(second)}"}, "autorange": "reversed"},
    }
    return drawn([equal, dots], layout)


def filler_figure(tables: Mapping[str, pd.DataFrame]) -> go.Figure:
    """Score and X–X cell of each filler, for one model or two.

    Args:
        tables: By model's name, tables of ``filled_table`` with the same fillers.
    """
    fillers = next(iter(tables.values()))["filler"]
    marks = []
    for (model, table), color in zip(tables.items(), SERIES, strict=False):
        for column, label, symbol in (
            ("score", "score", "circle"),
            ("cell", "X–X cell", "diamond-open"),
        ):
            marks.append(
                scatter(
                    name=f"{escape(model)}: {label}",
                    x=table[column],
                    y=list(range(len(table))),
                    mode="markers",
                    marker={"color": color, "symbol": symbol, "size": 10},
                    text=[escape(filler) for filler in table["filler"]],
                    hovertemplate="‹%{text}›: %{x:.4f}",
                )
            )
    layout = _layout(fillers, "", "similarity")
    layout |= {
        "height": layout["height"] + 3 * _LINE,
        "showlegend": True,
        "legend": {"orientation": "h", "y": 1, "yanchor": "bottom", "x": 0},
        "margin": layout["margin"] | {"t": 3 * _LINE},
    }
    return drawn(marks, layout)


def _layout(tokens: pd.Series, title: str, axis_title: str) -> dict:
    """One line a token, in order from the top."""
    return {
        "height": _LINE * len(tokens) + _FOOT + 2 * _LINE,
        "margin": {"l": 140, "r": 20, "t": 2 * _LINE, "b": _FOOT},
        "title": {"text": escape(title), "font": {"size": 15}, "x": 0, "xanchor": "left"},
        "xaxis": {
            "title": {"text": axis_title},
            "gridcolor": FAINT,
            "zerolinecolor": GREY,
            "fixedrange": True,
        },
        "yaxis": {
            "tickvals": list(range(len(tokens))),
            "ticktext": [escape(shorten(token, _TOKEN_UNITS)) for token in tokens],
            "range": [len(tokens) - 0.4, -1],
            "fixedrange": True,
            "gridcolor": FAINT,
            "zeroline": False,
        },
    }
