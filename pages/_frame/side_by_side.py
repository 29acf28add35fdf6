"""Figures side by side where the screen has room for them, else one below the other."""

from collections.abc import Callable
from typing import NamedTuple

import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages._frame.results import show_heatmap
from xsb_core import Attribution
from xsb_core.figures.grid import SIDE
from xsb_core.figures.heatmap import Box, heatmap
from xsb_core.figures.style import TITLE_UNITS, color_limit, shorten

# Pixels: half of a common screen beside the sidebar, and matrices that often fit in there with
# their labels; a larger one takes all the room there is.
_HALF, _SIDES = 455, (240, 200, SIDE)


class Shown(NamedTuple):
    """How a heatmap is called.

    Attributes:
        key: Key of its element, for downloads.
        name: Name of its PNG.
        alt: What it shows, for people who don't see it.
    """

    key: str
    name: str
    alt: str


class Boxed(NamedTuple):
    """A result to be drawn with a box.

    Attributes:
        result: The result, of tokens or words.
        box: Its cells to be framed.
        title: The heatmap's heading.
        shown: How it is called.
    """

    result: Attribution
    box: Box
    title: str
    shown: Shown


def places(count: int, width: int = _HALF) -> list[DeltaGenerator]:
    """So many places, side by side where the screen has room."""
    with st.container(horizontal=True):
        return [st.container(width=width) for _ in range(count)]


def heatmaps_side_by_side(draw: Callable[[int], list[go.Figure]], shown: list[Shown]) -> None:
    """Draws heatmaps.

    Args:
        draw: Makes them, for this many pixels of a matrix's longer side.
        shown: How each is called.
    """
    for side in _SIDES:
        figures = draw(side)
        widest = max(figure.layout.width for figure in figures)
        if widest <= _HALF:
            break
    room = places(len(figures), max(_HALF, widest))
    for figure, called, place in zip(figures, shown, room, strict=True):
        with place:
            show_heatmap(figure, *called)


def boxed_heatmaps(items: list[Boxed], special: bool, border: bool) -> None:
    """Draws results in one colour range, each with its box."""
    limit = color_limit(*(item.result for item in items), special=special)

    def draw(side: int) -> list[go.Figure]:
        return [
            heatmap(
                item.result,
                special=special,
                border=border,
                limit=limit,
                title=shorten(item.title, TITLE_UNITS),
                side=side,
                boxes=[item.box],
            )
            for item in items
        ]

    heatmaps_side_by_side(draw, [item.shown for item in items])
