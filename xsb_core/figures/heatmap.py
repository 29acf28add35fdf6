"""A pair's token-token matrix as a heatmap: net, or as in the paper with a border."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import plotly.graph_objects as go

from xsb_core.attribution.cells import Look, decimals, positions
from xsb_core.attribution.numerals import share, signed
from xsb_core.attribution.result import Attribution
from xsb_core.errors import readable
from xsb_core.figures.charts import Values, drawn, trace
from xsb_core.figures.grid import (
    LARGEST_FONT,
    REFERENCE,
    SIDE,
    SMALLEST_FONT,
    Block,
    blocks_of,
    cell_size,
    centers,
    layout_of,
    plot_size,
)
from xsb_core.figures.style import (
    CLEAR,
    FRAME,
    SCALE,
    color_bar,
    color_limit,
    difference_limit,
    number_width,
    tint,
    token_names,
)
from xsb_core.figures.wording import ATTRIBUTION, DIFFERENCE, Wording

# Browsers are slow with more overlay markers: beyond, the cells' own, plainer tooltips do.
_MOST_MARKERS = 10_000


class Box(NamedTuple):
    """Cells to be framed: all of some rows, or where they cross some columns.

    Attributes:
        rows: Neighbouring rows of the result.
        columns: Neighbouring columns; None: all that are shown.
    """

    rows: tuple[int, ...]
    columns: tuple[int, ...] | None = None


def heatmap(
    result: Attribution,
    look: Look = Look(),
    *,
    limit: float | None = None,
    title: str | None = None,
    side: int = SIDE,
    boxes: Sequence[Box] = (),
) -> go.Figure:
    """Draws the matrix: text A's tokens are the rows, text B's the columns.

    The trace "cells" lies over the matrix, unseen, to carry the tooltips and to be clicked; its
    ``customdata`` starts with the cell's row and column in the result. The trace "border" does
    the same for the border, with None in place of the reference's row or column. A matrix of more
    than 10,000 cells has neither.

    Args:
        result: A pair's attribution.
        look: What of it is drawn. The border's colours are clipped at the limit.
        limit: The value of full colour, to compare figures; default ``color_limit`` of the result.
        title: A heading for the figure, as plain text.
        side: Pixels that the matrix's longer side keeps to, as far as cells stay readable.
        boxes: Cells to be framed; rows and columns that aren't shown are passed over.

    Returns:
        The figure, with its width and height set. ``layout.meta`` names limit, rows and columns.

    Examples:
        >>> heatmap(to_words(result)).data[0].z.shape
        (7, 8)
    """
    result = look.of(result)
    if limit is None:
        limit = color_limit(result, look=look)
    rows, columns = (positions(side, special=look.special) for side in (result.a, result.b))
    blocks = blocks_of(result, rows, columns, look)
    values = _cells(blocks)
    positive = sum((value for value in values if value > 0), 0.0)
    details = [[signed(value), share(value, positive)] for value in values]
    return _figure(result, blocks, details, ATTRIBUTION, limit, title, side, boxes)


def difference_heatmap(
    first: Attribution,
    second: Attribution,
    look: Look = Look(),
    *,
    title: str | None = None,
    side: int = SIDE,
) -> go.Figure:
    """Draws the second result's cells minus the first's, in a colour range of their own.

    Args:
        first: A pair's attribution.
        second: Another with the same rows and columns, as ``compare`` makes them.
        look: What is drawn; its border is the difference of the borders and corners.
        title: A heading for the figure, as plain text.
        side: Pixels that the matrix's longer side keeps to.

    Returns:
        The figure, made like that of ``heatmap``; tooltips have both values and the difference.

    Examples:
        >>> difference_heatmap(result, other).data[0].type
        'heatmap'
    """
    first, second = look.of(first), look.of(second)
    rows, columns = (positions(side, special=look.special) for side in (second.a, second.b))
    before, after = (blocks_of(result, rows, columns, look) for result in (first, second))
    blocks = [new._replace(z=new.z - old.z) for old, new in zip(before, after, strict=True)]
    details = [
        [signed(new - old), signed(old), signed(new)]
        for old, new in zip(_cells(before), _cells(after), strict=True)
    ]
    limit = difference_limit(first, second, look)
    return _figure(second, blocks, details, DIFFERENCE, limit, title, side)


def _frame(block: Block, box: Box) -> list[Values]:
    """A frame round the cells of a box that are shown."""
    rows = np.flatnonzero(np.isin(block.rows, box.rows))
    columns = np.arange(len(block.columns))
    if box.columns is not None:
        columns = np.flatnonzero(np.isin(block.columns, box.columns))
    if not (rows.size and columns.size):
        return []
    frame = {"type": "rect", "line": {"width": 3, "color": FRAME}}
    across = {"x0": columns[0] - 0.5, "x1": columns[-1] + 0.5}
    return [frame | across | {"y0": rows[0] - 0.5, "y1": rows[-1] + 0.5}]


def _cells(blocks: list[Block]) -> list[float]:
    """The values of all cells, block by block, row by row."""
    return [value for block in blocks for value in block.z.ravel().tolist()]


def _figure(
    result: Attribution,
    blocks: list[Block],
    details: list[list[str]],
    wording: Wording,
    limit: float,
    title: str | None,
    side: int,
    boxes: Sequence[Box] = (),
) -> go.Figure:
    """Draws blocks of cells; ``details`` has the tooltip's texts for each, in their order."""
    rows, columns = blocks[0].z.shape
    cell = cell_size(rows, columns, side)
    scale = color_bar(wording.scale, limit, *plot_size(blocks, cell))
    overlaid = rows * columns <= _MOST_MARKERS
    # an overlay, being on top, has the tooltip
    hover = {"hoverinfo": "skip"} if overlaid else {"hovertemplate": wording.plain_hover}
    traces = [_colors(block, limit, scale, hover) for block in blocks]
    places = decimals(blocks[0].z)
    texts = [signed(value, places).removeprefix("+") for value in _cells(blocks)]
    size = min(LARGEST_FONT - 1, int((cell - 4) / max(map(number_width, texts))))
    if size >= SMALLEST_FONT:
        # where only zeros would stand nothing does, so that the others are found
        own = [text if text.strip("−0.") else "" for text in texts]
        traces.append(_values(blocks, own, size, limit))
    if overlaid:
        of_matrix, of_border = details[: rows * columns], details[rows * columns :]
        traces.append(_overlay("cells", blocks[:1], result, of_matrix, wording, cell))
        if of_border:
            traces.append(_overlay("border", blocks[1:], result, of_border, wording, cell))

    tokens_a = [result.a.tokens[row] for row in blocks[0].rows]
    tokens_b = [result.b.tokens[column] for column in blocks[0].columns]
    end_a, end_b = (["ref. A"], ["ref. B"]) if len(blocks) > 1 else ([], [])
    layout = layout_of(blocks, [*tokens_a, *end_a], [*tokens_b, *end_b], cell, title)
    shown = [list(map(readable, tokens)) for tokens in (tokens_a, tokens_b)]
    layout["shapes"] += [frame for box in boxes for frame in _frame(blocks[0], box)]
    layout["meta"] = {"limit": limit, "rows": shown[0], "columns": shown[1]}
    return drawn(traces, layout)


def _colors(block: Block, limit: float, scale: dict[str, Any], hover: dict[str, str]) -> Values:
    return trace(
        "heatmap",
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


def _values(blocks: list[Block], texts: list[str], size: int, limit: float) -> Values:
    colors = [tint(value, limit)[1] for block in blocks for value in block.z.flat]
    return trace(
        "scatter",
        **centers(blocks),
        name="values",
        mode="text",
        text=texts,
        textfont={"size": size, "color": colors},
        # With a selected colour given, plotly leaves the unselected texts as they are.
        selected={"textfont": {"color": "black"}},
        hoverinfo="skip",
        showlegend=False,
    )


def _overlay(
    name: str,
    blocks: Sequence[Block],
    result: Attribution,
    details: list[list[str]],
    wording: Wording,
    cell: int,
) -> Values:
    names_a = [*token_names(result.a), "the reference of text A"]
    names_b = [*token_names(result.b), "the reference of text B"]
    places = [
        (row, column)
        for block in blocks
        for row in block.rows.tolist()
        for column in block.columns.tolist()
    ]
    customdata = [
        [
            None if row == REFERENCE else row,
            None if column == REFERENCE else column,
            names_a[row],
            names_b[column],
            *texts,
        ]
        for (row, column), texts in zip(places, details, strict=True)
    ]
    return trace(
        "scatter",
        **centers(blocks),
        name=name,
        mode="markers",
        customdata=customdata,
        hovertemplate=wording.hover,
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
