"""One pair's heatmaps at several layers as small multiples, and what their panels are made of."""

from collections.abc import Sequence
from math import ceil
from typing import Any

import numpy as np
import plotly.graph_objects as go

from xsb_core.attribution.cells import Look, positions, shown_cells
from xsb_core.attribution.result import Attribution
from xsb_core.comparison.layers import Depths
from xsb_core.encoders.side import Side
from xsb_core.figures.charts import Panels, Values, trace
from xsb_core.figures.style import (
    SCALE,
    SCALE_SPACE,
    color_limit,
    escape,
    shorten,
    text_width,
)

_WIDTH = 940  # pixels: what a common screen has beside the sidebar
_NARROWEST, _WIDEST, _HIGHEST, _CELL = 150.0, 420.0, 600.0, 14.0
_LABELLED = 40  # of more tokens, labels would overlap; tooltips have them
_FONT, _UNITS = 10, 12
GAP = 26  # pixels between panels
TITLE = 34  # pixels of the line above a panel
_PAD = 12
_HOVER = "A: <b>%{y}</b><br>B: <b>%{x}</b><br>%{z:+.4f}<extra>layer LAYER</extra>"


def shared_limit(models: Sequence[Depths], look: Look = Look()) -> float:
    """One colour range for all layers of some models."""
    results = [result for depths in models for result in depths.results]
    return color_limit(*results, look=look)


def layer_grid(
    models: Sequence[Depths], *, look: Look = Look(), limit: float | None = None
) -> go.Figure:
    """Draws a panel for each layer, deepest last, in one colour range.

    Args:
        models: One or two models' results for a pair.
        look: Which cells are shown.
        limit: The value of full colour; default ``shared_limit``.

    Returns:
        The figure, with width and height set. A panel's trace is named "NUMBER: layer LAYER", with
        the model's number.
    """
    limit = limit or shared_limit(models, look)
    first = models[0].results[0]
    rows, columns = (positions(side, special=look.special) for side in (first.a, first.b))
    width = min(_WIDEST, max(_NARROWEST, _CELL * len(columns)))
    # cells are square, unless one text is far longer than the other
    height = min(_HIGHEST, width * len(rows) / len(columns))
    left, top = label_room(first.a), TITLE + 0.71 * label_room(first.b)
    a_row = _panels_a_row(len(models[0].results), width, _WIDTH - left - SCALE_SPACE)
    lines = [
        (number, depths.results[start : start + a_row])
        for number, depths in enumerate(models, 1)
        for start in range(0, len(depths.results), a_row)
    ]
    whole_width = left + a_row * (width + GAP) + SCALE_SPACE
    whole_height = len(lines) * (height + top) + 2 * _PAD
    panels_width = whole_width - left - SCALE_SPACE
    panels_height = whole_height - top - _PAD
    figure = Panels(
        [""] * len(lines) * a_row,
        len(lines),
        across=GAP / panels_width,
        down=min(top / panels_height, 1 / len(lines)),
    )
    for at, (number, line) in enumerate(lines, 1):
        for column, result in enumerate(line, 1):
            figure.put(panel_trace(result, look, number), at, column)
            axes = panel_axes(result, rows, columns, named=column == 1)
            title = {"text": escape(panel_title(result)), "standoff": 4}
            figure.axes("x", at, column, title=title, **axes["x"])
            figure.axes("y", at, column, **axes["y"])
        for column in range(len(line) + 1, a_row + 1):
            for letter in "xy":
                figure.axes(letter, at, column, visible=False)
    return figure.figure(
        width=ceil(whole_width),
        height=ceil(whole_height),
        margin={"l": ceil(left), "r": SCALE_SPACE, "t": ceil(top), "b": _PAD},
        coloraxis=color_axis(limit),
        meta={"limit": limit},
    )


def _panels_a_row(panels: int, width: float, room: float) -> int:
    """As many panels a row as there is room for, all rows about equally full."""
    most = max(1, int(room // (width + GAP)))
    return ceil(panels / ceil(panels / most))


def color_axis(limit: float) -> dict[str, Any]:
    """One symmetric range of colours for all panels."""
    return {
        "cmin": -limit,
        "cmax": limit,
        "colorscale": SCALE,
        "colorbar": {"title": {"text": "red raises,<br>blue lowers"}, "thickness": 14},
    }


def panel_trace(result: Attribution, look: Look, number: int) -> Values:
    """A layer's cells, in the figure's range of colours."""
    return trace(
        "heatmap",
        name=f"{number}: layer {result.layer}",
        # half the bytes for a browser, and more digits than are shown
        z=shown_cells(result, look).astype(np.float32),
        coloraxis="coloraxis",
        hovertemplate=_HOVER.replace("LAYER", str(result.layer)),
    )


def panel_axes(
    result: Attribution, rows: np.ndarray, columns: np.ndarray, *, named: bool
) -> dict[str, dict[str, Any]]:
    """Axes with the tokens' names; rows are named beside the first panel only."""
    common = {"showgrid": False, "showline": False, "zeroline": False, "ticks": ""}
    common["tickfont"] = {"size": _FONT}
    return {
        "x": common
        | _ticks(result.b, columns)
        | {"side": "top", "tickangle": -45, "showticklabels": len(columns) <= _LABELLED},
        "y": common
        | _ticks(result.a, rows)
        | {"autorange": "reversed", "showticklabels": named and len(rows) <= _LABELLED},
    }


def _ticks(side: Side, shown: np.ndarray) -> dict[str, Any]:
    names = [escape(shorten(side.tokens[i], _UNITS)) for i in shown]
    return {"tickvals": np.arange(len(shown)), "ticktext": names}


def panel_title(result: Attribution) -> str:
    """What stands above a panel."""
    return f"{shorten(result.model, 18)}, layer {result.layer}"


def label_room(side: Side) -> float:
    """Pixels that a text's tokens take as labels."""
    return 14 + max(text_width(shorten(token, _UNITS), _FONT) for token in side.tokens)
