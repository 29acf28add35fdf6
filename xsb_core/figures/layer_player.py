"""One pair's heatmaps at several layers, played through one after the other."""

from collections.abc import Sequence
from math import ceil
from typing import Any

import numpy as np
import plotly.graph_objects as go

from xsb_core.attribution.cells import Look, positions, shown_cells
from xsb_core.attribution.result import Attribution
from xsb_core.comparison.layers import Depths
from xsb_core.figures.charts import Panels, Values, trace
from xsb_core.figures.grid import cell_size
from xsb_core.figures.layer_grid import (
    GAP,
    TITLE,
    color_axis,
    label_room,
    panel_axes,
    panel_title,
    panel_trace,
    shared_limit,
)
from xsb_core.figures.style import SCALE_SPACE, escape, shorten

_SIDE = 300


def layer_player(
    models: Sequence[Depths], *, look: Look = Look(), limit: float | None = None
) -> go.Figure:
    """Draws a heatmap a model with a slider over the layers and a button that plays through them.

    Args:
        models: One or two models' results for a pair.
        look: Which cells are shown.
        limit: The value of full colour; default ``shared_limit``.

    Returns:
        The figure; its frames are named after the first model's layers, shallowest first. It starts
        with the deepest. The second model shows the layer that leaves as many blocks.
    """
    limit = limit or shared_limit(models, look)
    first = models[0].results[0]
    rows, columns = (positions(side, special=look.special) for side in (first.a, first.b))
    cell = cell_size(len(rows), len(columns), _SIDE)
    left, above = label_room(first.a), 0.71 * label_room(first.b)
    panels = len(models) * cell * len(columns) + (len(models) - 1) * GAP
    frames = [_frame(models, result, look) for result in models[0].results]
    figure = Panels([""] * len(models), across=GAP / panels)
    for column, cells in enumerate(frames[-1]["data"], 1):
        axes = panel_axes(first, rows, columns, named=column == 1)
        title = frames[-1]["layout"][cells["xaxis"].replace("x", "xaxis")]["title"]
        figure.put(cells, column=column)
        figure.axes("x", column=column, title=title, **axes["x"])
        figure.axes("y", column=column, **axes["y"])
    names = [frame["name"] for frame in frames]
    slider = {
        "active": len(names) - 1,
        "currentvalue": {"prefix": "layer "},
        "steps": [
            {"label": name, "method": "animate", "args": [[name], _step(0)]} for name in names
        ],
        "pad": {"t": 30},
        # the button is to the left of it
        "x": 0.3,
        "len": 0.7,
    }
    button = {
        "type": "buttons",
        "buttons": [{"label": "▶ Play", "method": "animate", "args": [names, _step(800)]}],
        "x": 0,
        "xanchor": "left",
        "y": 0,
        "yanchor": "top",
        "pad": {"t": 36},
        "showactive": False,
    }
    return figure.figure(
        frames=frames,
        width=ceil(max(left + panels + SCALE_SPACE, 420)),
        height=ceil(above + cell * len(rows) + 150),
        margin={"l": ceil(left), "r": SCALE_SPACE, "t": ceil(above + TITLE), "b": 110},
        coloraxis=color_axis(limit),
        meta={"limit": limit},
        sliders=[slider],
        updatemenus=[button],
    )


def _frame(
    models: Sequence[Depths],
    shown: Attribution,
    look: Look,
) -> Values:
    """What the player shows at a layer of the first model: all models as far from the score."""
    traces, layout = [], {}
    for number, depths in enumerate(models, 1):
        left = shown.blocks - shown.layer
        alike = [one for one in depths.results if one.blocks - one.layer == left]
        if alike:
            cells = panel_trace(alike[0], look, number)
            title = panel_title(alike[0])
        else:
            blank = np.full(shown_cells(shown, look).shape, np.nan)
            cells = trace("heatmap", z=blank, coloraxis="coloraxis", hoverongaps=False)
            title = f"{shorten(depths.model, 14)}: no such layer"
        axis = "" if number == 1 else str(number)
        traces.append(cells | {"xaxis": f"x{axis}", "yaxis": f"y{axis}"})
        layout[f"xaxis{axis}"] = {"title": {"text": escape(title), "standoff": 4}}
    return {"name": str(shown.layer), "data": traces, "layout": layout}


def _step(milliseconds: int) -> dict[str, Any]:
    return {
        "mode": "immediate",
        "frame": {"duration": milliseconds, "redraw": True},
        "transition": {"duration": 0},
        "fromcurrent": False,
    }
