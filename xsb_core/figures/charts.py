"""What figures are made of: plain values that plotly takes unchecked, in one frame or in panels."""

from collections.abc import Iterable, Sequence
from functools import partial, partialmethod
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from xsb_core.figures.style import FAINT, GREY, LAYOUT, escape

HEIGHT = 340  # pixels
_MARGIN = {"l": 64, "r": 24, "t": 60, "b": 56}
_AXIS = {
    "gridcolor": FAINT,
    "zerolinecolor": FAINT,
    "linecolor": GREY,
    "fixedrange": True,
    "exponentformat": "none",
}
Values = dict[str, Any]


def trace(kind: str, **values: Any) -> Values:
    """A trace of plotly's by the name of its kind."""
    return {"type": kind, **_plain(values)}


scatter, bar = partial(trace, "scatter"), partial(trace, "bar")


def _plain(value: Any) -> Any:
    """The same without pandas: numbers as arrays, what else there is as lists."""
    if isinstance(value, dict):
        return {name: _plain(own) for name, own in value.items()}
    if isinstance(value, pd.Series | pd.DataFrame):
        value = value.to_numpy()
    return value.tolist() if isinstance(value, np.ndarray) and value.dtype.kind in "OU" else value


def drawn(traces: Iterable[Values], layout: Values, frames: Sequence[Values] = ()) -> go.Figure:
    """A figure of plain values.

    Plotly would check every value, twice, which took most of a page's time; the tests check them.
    """
    given = {name: value for name, value in (LAYOUT | layout).items() if value != []}
    return go.Figure({"data": [*traces], "layout": given, "frames": [*frames]}, _validate=False)


def upright(x: float, axis: str = "", **line: Any) -> Values:
    """A line from a panel's foot to its head."""
    ends = {"x0": x, "x1": x, "y0": 0, "y1": 1}
    return {"type": "line", "xref": f"x{axis}", "yref": f"y{axis} domain", "line": line, **ends}


class Panels:
    """Panels in some rows, to be filled and then drawn; rows and columns count from 1."""

    def __init__(
        self,
        titles: Sequence[str],
        rows: int = 1,
        *,
        across: float | None = None,
        down: float | None = None,
    ) -> None:
        """Sets them out.

        Args:
            titles: Plain text of one line or two, row by row.
            rows: How many.
            across: Between columns, as a part of the whole width.
            down: Between rows, as a part of the whole height.
        """
        self._rows, self._columns = rows, len(titles) // rows
        across = 0.2 / self._columns if across is None else across
        down = 0.5 / rows if down is None else down
        width = (1 - across * (self._columns - 1)) / self._columns
        height = (1 - down * (rows - 1)) / rows
        self._traces: list[Values] = []
        self._shapes: list[Values] = []
        self._notes: list[Values] = []
        self._axes: Values = {}
        for place, title in enumerate(titles):
            row, column = divmod(place, self._columns)
            left, foot = column * (width + across), (rows - 1 - row) * (height + down)
            name = self._name(row + 1, column + 1)
            right, head = min(left + width, 1.0), min(foot + height, 1.0)
            self._axes[f"xaxis{name}"] = {"anchor": f"y{name}", "domain": [left, right], **_AXIS}
            self._axes[f"yaxis{name}"] = {"anchor": f"x{name}", "domain": [foot, head], **_AXIS}
            if title:
                at = {"x": (left + right) / 2, "xanchor": "center", "y": head, "yanchor": "bottom"}
                lines = "<br>".join(map(escape, title.split("\n")))
                self._note(lines, {"size": 14}, at | {"xref": "paper", "yref": "paper"})

    def _note(self, text: str, font: Values, at: Values) -> None:
        self._notes.append({"text": text, "font": font, "showarrow": False, **at})

    def _name(self, row: int, column: int) -> str:
        """What plotly adds to the name of a panel's axes."""
        place = (row - 1) * self._columns + column
        return "" if place == 1 else str(place)

    def add(self, kind: str, row: int = 1, column: int = 1, **values: Any) -> None:
        """Adds a trace to a panel."""
        self.put(trace(kind, **values), row, column)

    def put(self, one: Values, row: int = 1, column: int = 1) -> None:
        """Adds a trace that there is to a panel."""
        name = self._name(row, column)
        self._traces.append(one | {"xaxis": f"x{name}", "yaxis": f"y{name}"})

    scatter, bar = partialmethod(add, "scatter"), partialmethod(add, "bar")
    heatmap = partialmethod(add, "heatmap")

    def axes(
        self, letter: str, row: int | None = None, column: int | None = None, **values: Any
    ) -> None:
        """Changes the axes "x" or "y" of a row, a column, a panel or all; a title may be text."""
        if isinstance(values.get("title"), str):
            values["title"] = {"text": values["title"]}
        for one in range(1, self._rows + 1) if row is None else [row]:
            for other in range(1, self._columns + 1) if column is None else [column]:
                self._axes[f"{letter}axis{self._name(one, other)}"] |= values

    def mark(self, x: float, label: str, column: int = 1, row: int = 1) -> None:
        """A dashed upright line with a word on it."""
        name = self._name(row, column)
        self._shapes.append(upright(x, name, color=GREY, dash="dash", width=1))
        at = {"x": x, "xref": f"x{name}", "y": 1, "yref": f"y{name} domain"}
        at |= {"xanchor": "left", "yanchor": "top"}
        self._note(escape(label), {"size": 11, "color": GREY}, at)

    def figure(self, *, frames: Sequence[Values] = (), **layout: Any) -> go.Figure:
        """Draws them; margins not given are the usual ones."""
        usual = {"height": HEIGHT * self._rows, "annotations": self._notes, "shapes": self._shapes}
        margin = _MARGIN | layout.pop("margin", {})
        return drawn(self._traces, usual | self._axes | layout | {"margin": margin}, frames)
