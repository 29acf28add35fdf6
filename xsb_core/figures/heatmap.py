"""A pair's token-token matrix as a heatmap, with or without the references' border."""

from collections.abc import Sequence
from math import ceil
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from xsb_core.figures.style import (
    CLEAR,
    GREY,
    LAYOUT,
    SCALE,
    SCALE_SPACE,
    color_bar,
    color_limit,
    escape,
    positions,
    scale_length,
    share,
    shorten,
    signed,
    text_width,
    tint,
    token_names,
)
from xsb_core.result import Attribution

# Pixels. Cells shrink so that the longer side keeps to _SIDE, down to the smallest readable label.
_SIDE, _SMALLEST_CELL, _LARGEST_CELL = 840, 14, 44
_SMALLEST_FONT, _LARGEST_FONT = 9, 13
_PAD, _TITLE, _AXIS_TITLE, _LABEL_GAP = 12, 30, 28, 8

_GAP = 0.4  # between matrix and border, in cells
_LABEL_UNITS = 16  # longest label on an axis, in narrow characters
_GRID = "#dcdcdc"
_HOVER = (
    "A: <b>%{customdata[2]}</b><br>B: <b>%{customdata[3]}</b><br>"
    "attribution %{customdata[4]}<br>%{customdata[5]} of the score<extra></extra>"
)

# A browser draws no more overlay markers than this in good time; beyond, the cells' own tooltips
# do, which know labels and values only.
_MOST_MARKERS = 10_000
_PLAIN_HOVER = "A: <b>%{y}</b><br>B: <b>%{x}</b><br>attribution %{z:+.4f}<extra></extra>"

_REFERENCE = -1  # its row and column, after those of the tokens


class _Block(NamedTuple):
    """A rectangle of cells: the matrix, or one part of the border."""

    name: str
    rows: np.ndarray
    columns: np.ndarray
    y: np.ndarray
    x: np.ndarray
    z: np.ndarray


def heatmap(
    result: Attribution,
    *,
    special: bool = True,
    border: bool = False,
    limit: float | None = None,
    title: str | None = None,
) -> go.Figure:
    """Draws the matrix: text A's tokens are the rows, text B's the columns.

    The trace "cells" lies over the matrix, unseen, to carry the tooltips and to be clicked; its
    ``customdata`` starts with the cell's row and column in the result. The trace "border" does
    the same for the border, with None in place of the reference's row or column. A matrix of more
    than 10,000 cells has neither.

    Args:
        result: A pair's attribution.
        special: Whether special tokens have a row or column.
        border: Whether to add the references' border column, border row and corner. Their colours
            are clipped at the limit.
        limit: The value of full colour, to compare figures; default ``color_limit(result)``.
        title: A heading for the figure, as plain text.

    Returns:
        The figure, with its width and height set. ``layout.meta`` names limit, rows and columns.
    """
    if limit is None:
        limit = color_limit(result, special=special)
    rows, columns = positions(result.a, special), positions(result.b, special)
    blocks = _blocks(result, rows, columns, border)
    cell = max(_SMALLEST_CELL, min(_LARGEST_CELL, _SIDE // max(len(rows), len(columns))))

    scale = color_bar(limit, *_plot_size(blocks, cell))
    overlaid = len(rows) * len(columns) <= _MOST_MARKERS
    traces = [_colors(block, limit, scale, overlaid) for block in blocks]
    texts = [signed(value, 2).removeprefix("+") for block in blocks for value in block.z.flat]
    size = min(_LARGEST_FONT - 1, int((cell - 4) / text_width(max(texts, key=len), 1)))
    if size >= _SMALLEST_FONT:
        traces.append(_values(blocks, texts, size, limit))
    if overlaid:
        traces.append(_overlay("cells", blocks[:1], result, cell))
    if overlaid and border:
        traces.append(_overlay("border", blocks[1:], result, cell))

    tokens_a = [result.a.tokens[row] for row in rows]
    tokens_b = [result.b.tokens[column] for column in columns]
    end_a, end_b = (["ref. A"], ["ref. B"]) if border else ([], [])
    layout = _layout(blocks, [*tokens_a, *end_a], [*tokens_b, *end_b], cell, title)
    layout["meta"] = {"limit": limit, "rows": tokens_a, "columns": tokens_b}
    return go.Figure(traces, layout)


def _blocks(
    result: Attribution, rows: np.ndarray, columns: np.ndarray, border: bool
) -> list[_Block]:
    cells = np.block(
        [[result.matrix, result.border_a[:, None]], [result.border_b[None, :], result.corner]]
    )
    reference = np.array([_REFERENCE])
    y, x = np.arange(len(rows)), np.arange(len(columns))
    below, right = np.array([len(y) + _GAP]), np.array([len(x) + _GAP])
    parts = [("matrix", rows, columns, y, x)]
    if border:
        parts += [
            ("border_a", rows, reference, y, right),
            ("border_b", reference, columns, below, x),
            ("corner", reference, reference, below, right),
        ]
    return [_Block(*part, cells[np.ix_(part[1], part[2])]) for part in parts]


def _plot_size(blocks: list[_Block], cell: int) -> tuple[float, float]:
    last = blocks[-1]
    return float(cell * (last.x[-1] + 1)), float(cell * (last.y[-1] + 1))


def _colors(block: _Block, limit: float, scale: dict[str, Any], overlaid: bool) -> go.Heatmap:
    # an overlay, being on top, has the tooltip
    hover = {"hoverinfo": "skip"} if overlaid else {"hovertemplate": _PLAIN_HOVER}
    return go.Heatmap(
        name=block.name,
        x=block.x,
        y=block.y,
        z=block.z,
        zmin=-limit,
        zmid=0,
        zmax=limit,
        colorscale=SCALE,
        colorbar=scale,
        showscale=block.name == "matrix",
        xgap=1,
        ygap=1,
        **hover,
    )


def _centers(blocks: Sequence[_Block]) -> dict[str, np.ndarray]:
    """Every cell's x and y, block by block, row by row."""
    return {
        "x": np.concatenate([np.tile(block.x, len(block.y)) for block in blocks]),
        "y": np.concatenate([np.repeat(block.y, len(block.x)) for block in blocks]),
    }


def _values(blocks: list[_Block], texts: list[str], size: int, limit: float) -> go.Scatter:
    colors = [tint(value, limit)[1] for block in blocks for value in block.z.flat]
    return go.Scatter(
        **_centers(blocks),
        name="values",
        mode="text",
        text=texts,
        textfont={"size": size, "color": colors},
        # With a selected colour given, plotly leaves the unselected texts as they are.
        selected={"textfont": {"color": "black"}},
        hoverinfo="skip",
        showlegend=False,
    )


def _overlay(name: str, blocks: Sequence[_Block], result: Attribution, cell: int) -> go.Scatter:
    names_a = [*token_names(result.a), "the reference of text A"]
    names_b = [*token_names(result.b), "the reference of text B"]
    customdata = [
        [
            None if row == _REFERENCE else row,
            None if column == _REFERENCE else column,
            names_a[row],
            names_b[column],
            signed(value),
            share(value, result.score),
        ]
        for block in blocks
        for row, values in zip(block.rows.tolist(), block.z.tolist(), strict=True)
        for column, value in zip(block.columns.tolist(), values, strict=True)
    ]
    return go.Scatter(
        **_centers(blocks),
        name=name,
        mode="markers",
        customdata=np.array(customdata, dtype=object),  # plotly checks lists item by item
        hovertemplate=_HOVER,
        marker={
            "symbol": "square",
            "size": cell - 1,
            "color": CLEAR,
            "line": {"width": 2, "color": "black"},
            "opacity": 0,
        },
        # A chosen cell gets its outline.
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 0}},
        showlegend=False,
    )


def _layout(
    blocks: list[_Block], rows: list[str], columns: list[str], cell: int, title: str | None
) -> dict[str, Any]:
    """Fixes every length in pixels, so that cells are square and of one size everywhere."""
    font = max(_SMALLEST_FONT, min(_LARGEST_FONT, cell // 2))
    rows = [shorten(label, _LABEL_UNITS) for label in rows]
    columns = [shorten(label, _LABEL_UNITS) for label in columns]
    longest_row = max(text_width(label, font) for label in rows)
    longest_column = max(text_width(label, font) for label in columns)
    flat = longest_column <= cell - 4
    rise = 0 if flat else 0.71 * longest_column  # at 45 degrees, as much up as to the right

    y = np.unique(np.concatenate([block.y for block in blocks]))
    x = np.unique(np.concatenate([block.x for block in blocks]))
    plot_width, plot_height = _plot_size(blocks, cell)
    # Whole numbers: plotly rounds margins, and cells would shrink.
    left = ceil(_AXIS_TITLE + longest_row + _LABEL_GAP)
    right = ceil(max(SCALE_SPACE, rise))
    top = ceil(_PAD + _AXIS_TITLE + font + rise + _LABEL_GAP)
    bottom = ceil(max(scale_length(plot_height) - plot_height, 0) + _PAD)
    if title:
        top += _TITLE
        right = max(right, ceil(text_width(title, 15) + 2 * _PAD - left - plot_width))
    width, height = round(left + plot_width + right), round(top + plot_height + bottom)

    axis = {
        "showgrid": False,
        "zeroline": False,
        "fixedrange": True,
        "ticks": "",
        "tickfont": {"size": font},
        "constrain": "domain",
    }
    return LAYOUT | {
        "width": width,
        "height": height,
        "margin": {"l": left, "r": right, "t": top, "b": bottom, "autoexpand": False},
        "hovermode": "closest",
        "hoverdistance": cell,
        "hoverlabel": {"bgcolor": "white", "bordercolor": GREY, "font": {"color": "black"}},
        "title": {
            "text": escape(title or ""),
            "font": {"size": 15},
            "x": _PAD / width,
            "xanchor": "left",
            "y": 1 - _PAD / height,
            "yanchor": "top",
        },
        "xaxis": axis
        | {
            "title": {"text": "Text B", "standoff": 6},
            "side": "top",
            "range": [-0.5, x[-1] + 0.5],
            "tickvals": x,
            "ticktext": [escape(label) for label in columns],
            "tickangle": 0 if flat else -45,
        },
        "yaxis": axis
        | {
            "title": {"text": "Text A", "standoff": 6},
            "range": [y[-1] + 0.5, -0.5],
            "tickvals": y,
            "ticktext": [escape(label) for label in rows],
            "ticklabelstandoff": 4,
            "scaleanchor": "x",
        },
        "shapes": [_grid(block) for block in blocks],
    }


def _grid(block: _Block) -> dict[str, Any]:
    """A block's ground, seen through the gaps between its cells as grid lines."""
    return {
        "type": "rect",
        "layer": "below",
        "fillcolor": _GRID,
        "line": {"width": 1, "color": _GRID},
        "x0": block.x[0] - 0.5,
        "x1": block.x[-1] + 0.5,
        "y0": block.y[0] - 0.5,
        "y1": block.y[-1] + 0.5,
    }
