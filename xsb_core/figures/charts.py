"""What charts over many pairs share: axes, panels, the look of points and lines."""

from typing import Any

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from xsb_core.figures.style import FAINT, GREY, LAYOUT, escape

HEIGHT = 340  # pixels
_MARGIN = {"l": 64, "r": 24, "t": 60, "b": 56}


def panels(titles: list[str], rows: int = 1, **options: Any) -> go.Figure:
    """An empty figure of panels in some rows, with plain-text titles of one line or two."""
    columns = len(titles) // rows
    shown = ["<br>".join(map(escape, title.split("\n"))) for title in titles]
    figure = make_subplots(rows, columns, subplot_titles=shown, **options)
    figure.update_layout(LAYOUT | {"height": HEIGHT * rows, "margin": _MARGIN})
    figure.update_annotations(font_size=14)
    axis = {"gridcolor": FAINT, "zerolinecolor": FAINT, "linecolor": GREY, "fixedrange": True}
    figure.update_xaxes(**axis, exponentformat="none")
    figure.update_yaxes(**axis, exponentformat="none")
    return figure


def mark(figure: go.Figure, x: float, label: str, column: int, row: int = 1) -> None:
    """A dashed upright line with a word on it."""
    figure.add_vline(
        x,
        line={"color": GREY, "dash": "dash", "width": 1},
        annotation={"text": escape(label), "font": {"size": 11, "color": GREY}},
        row=row,
        col=column,
    )
