"""Why one document comes before another, as bars; two rankings of one list, as slopes."""

import plotly.graph_objects as go

from xsb_core.attribution.numerals import signed
from xsb_core.figures.charts import bar, drawn, scatter
from xsb_core.figures.style import BLUE, FAINT, GREY, RED, escape
from xsb_core.search.explanation import Contrast

# Part of the bars' reach that their values need beside them.
_VALUES = 0.35


def contrast_bars(contrast: Contrast) -> go.Figure:
    """Draws what each word of the query adds to the difference of two scores.

    Args:
        contrast: Why one document comes before another.

    Returns:
        Bars in the query's order, and their sum, the difference of the scores.

    Examples:
        >>> contrast_bars(contrast(first, second)).data[0].type
        'bar'
    """
    first, second = contrast.scores
    values = [*contrast.differences.tolist(), first - second]
    # a word may come twice: bars are told apart by their places
    names = [*map(escape, contrast.words), "difference of the scores"]
    places = list(range(len(names)))
    bars = bar(
        orientation="h",
        x=values,
        y=places,
        text=list(map(signed, values)),
        textposition="outside",
        cliponaxis=False,
        marker={"color": [*(RED if value >= 0 else BLUE for value in values[:-1]), GREY]},
        customdata=[
            *zip(map(signed, contrast.first), map(signed, contrast.second), strict=True),
            (signed(first), signed(second)),
        ],
        hovertemplate="%{text} = %{customdata[0]} less %{customdata[1]}<extra></extra>",
    )
    least, most = min(0.0, *values), max(0.0, *values)
    room = _VALUES * (most - least)  # on narrow screens too
    names_axis = {"tickvals": places, "ticktext": names, "autorange": "reversed"}
    layout = {
        "height": 60 + 26 * len(names),
        "margin": {"l": 10, "r": 60, "t": 10, "b": 30},
        "yaxis": names_axis | {"automargin": True},
        "xaxis": {
            "title": {"text": "difference, in units of the score"},
            "zerolinecolor": GREY,
            "range": [least - room * (least < 0), most + room],
        },
    }
    return drawn([bars], layout)


def slope_chart(moves: list[tuple[str, int, int]], names: tuple[str, str]) -> go.Figure:
    """Draws each document's rank by two models.

    Args:
        moves: From ``rank_agreement``: a document, its first and its second rank.
        names: What the two models are called.

    Returns:
        A line a document; those that moved are coloured, red up and blue down.

    Examples:
        >>> len(slope_chart([("a", 1, 2), ("b", 2, 1)], ("one", "two")).data)
        2
    """
    lines = []
    for name, first, second in moves:
        colour = FAINT if first == second else RED if second < first else BLUE
        lines.append(
            scatter(
                x=[0, 1],
                y=[first, second],
                mode="lines+markers+text",
                line={"color": colour},
                text=[f"{escape(name)}  {first}", f"{second}  {escape(name)}"],
                textposition=["middle left", "middle right"],
                hovertemplate=f"rank {first} → {second}<extra></extra>",
                showlegend=False,
            )
        )
    models = {"tickvals": [0, 1], "ticktext": list(map(escape, names)), "side": "top"}
    layout = {
        "height": 80 + 24 * len(moves),
        "margin": {"l": 10, "r": 10, "t": 30, "b": 10},
        "xaxis": models | {"range": [-0.6, 1.6]},
        "yaxis": {"visible": False, "autorange": "reversed"},
    }
    return drawn(lines, layout)
