"""Where the cells of a heatmap are: the matrix, the border set apart, all lengths in pixels."""

from collections.abc import Sequence
from math import ceil
from typing import Any, NamedTuple

import numpy as np

from xsb_core.attribution.cells import Look, matrix_of
from xsb_core.attribution.result import Attribution
from xsb_core.figures.style import (
    GREY,
    SCALE_SPACE,
    escape,
    scale_length,
    shorten,
    text_width,
)

# Pixels. Cells shrink so that the longer side keeps to SIDE, down to the smallest readable label.
SIDE = 840
_SMALLEST_CELL, _LARGEST_CELL = 14, 44
SMALLEST_FONT, LARGEST_FONT = 9, 13
_PAD, _TITLE, _AXIS_TITLE, _LABEL_GAP = 12, 30, 28, 8

_GAP = 0.4  # between matrix and border, in cells
_LABEL_UNITS = 16  # longest label on an axis, in narrow characters
_GRID = "#dcdcdc"

REFERENCE = -1  # its row and column, after those of the tokens


class Block(NamedTuple):
    """A rectangle of cells: the matrix, or one part of the border."""

    name: str
    rows: np.ndarray
    columns: np.ndarray
    y: np.ndarray
    x: np.ndarray
    z: np.ndarray


def blocks_of(
    result: Attribution, rows: np.ndarray, columns: np.ndarray, look: Look
) -> list[Block]:
    """The matrix of these rows and columns, and with a border its three parts."""
    cells = np.block(
        [
            [matrix_of(result, look), result.border_a[:, None]],
            [result.border_b[None, :], result.corner],
        ]
    )
    reference = np.array([REFERENCE])
    y, x = np.arange(len(rows)), np.arange(len(columns))
    below, right = np.array([len(y) + _GAP]), np.array([len(x) + _GAP])
    parts = [("matrix", rows, columns, y, x)]
    if look.border:
        parts += [
            ("border_a", rows, reference, y, right),
            ("border_b", reference, columns, below, x),
            ("corner", reference, reference, below, right),
        ]
    return [Block(*part, cells[np.ix_(part[1], part[2])]) for part in parts]


def plot_size(blocks: list[Block], cell: int) -> tuple[float, float]:
    """Width and height of all cells, in pixels."""
    last = blocks[-1]
    return float(cell * (last.x[-1] + 1)), float(cell * (last.y[-1] + 1))


def cell_size(rows: int, columns: int, side: int) -> int:
    """Pixels of a cell's side, where the matrix's longer side is to keep to so many."""
    return max(_SMALLEST_CELL, min(_LARGEST_CELL, side // max(rows, columns)))


def centers(blocks: Sequence[Block]) -> dict[str, np.ndarray]:
    """Every cell's x and y, block by block, row by row."""
    return {
        "x": np.concatenate([np.tile(block.x, len(block.y)) for block in blocks]),
        "y": np.concatenate([np.repeat(block.y, len(block.x)) for block in blocks]),
    }


def layout_of(
    blocks: list[Block], rows: list[str], columns: list[str], cell: int, title: str | None
) -> dict[str, Any]:
    """Fixes every length in pixels, so that cells are square and of one size everywhere."""
    font = max(SMALLEST_FONT, min(LARGEST_FONT, cell // 2))
    rows = [shorten(label, _LABEL_UNITS) for label in rows]
    columns = [shorten(label, _LABEL_UNITS) for label in columns]
    longest_row = max(text_width(label, font) for label in rows)
    longest_column = max(text_width(label, font) for label in columns)
    flat = longest_column <= cell - 4
    rise = 0 if flat else 0.71 * longest_column  # at 45 degrees, as much up as to the right

    y = np.unique(np.concatenate([block.y for block in blocks]))
    x = np.unique(np.concatenate([block.x for block in blocks]))
    plot_width, plot_height = plot_size(blocks, cell)
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
    return {
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


def _grid(block: Block) -> dict[str, Any]:
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
