"""Sums of positive against sums of negative cells, and their density (paper, Fig. 5)."""

from collections.abc import Sequence

import plotly.graph_objects as go

from xsb_core.figures.charts import Panels
from xsb_core.figures.style import SERIES
from xsb_core.studies.signs import Signs


def sign_scatter(runs: Sequence[Signs]) -> go.Figure:
    """Draws a row for each run: the two sums with LOWESS, and the density of the positive sums.

    Args:
        runs: From ``sign_sums``, at least one.

    Returns:
        The figure; a row's traces are named after its run: "NAME: pairs", "NAME: LOWESS" and
        "NAME: density". Rows whose cosine is treated as is their model's default have one range, to
        be compared, and so have the others, whose sums reach several times as far.
    """
    titles = []
    for signs in runs:
        title = f"{signs.run}, layer {signs.layer}"
        titles += [f"{title}\nsums of cells", f"{title}\ndensity of positive sums"]
    figure = Panels(titles, len(runs), down=0.4 / len(runs))
    for row, signs in enumerate(runs, 1):
        color = SERIES[(row - 1) % len(SERIES)]
        figure.scatter(
            x=signs.table["positive"],
            y=signs.table["negative"],
            customdata=signs.table["id"],
            mode="markers",
            name=f"{signs.run}: pairs",
            marker={"color": color, "size": 6, "opacity": 0.4},
            hovertemplate="pair %{customdata}<br>positive %{x:.3f}<br>negative %{y:.3f}"
            "<extra></extra>",
            row=row,
            column=1,
        )
        for column, (name, points) in enumerate(
            (("LOWESS", signs.smooth), ("density", signs.density)), 1
        ):
            if points is None:
                continue
            figure.scatter(
                x=points[0],
                y=points[1],
                mode="lines",
                name=f"{signs.run}: {name}",
                line={"color": SERIES[5] if column == 1 else color, "width": 3},
                hovertemplate=f"{name} at %{{x:.2f}}: %{{y:.3f}}<extra></extra>",
                row=row,
                column=column,
            )
        if signs.bound is not None:
            for column in (1, 2)[: 1 + (signs.density is not None)]:
                figure.mark(signs.bound, f"{signs.bound:g}", column, row)
        figure.axes("x", title="sum of positive cells", row=row)
        figure.axes("y", title="sum of negative cells", row=row, column=1)
        figure.axes("y", title="density", row=row, column=2)
    for row, signs in enumerate(runs, 1):
        alike = [one for one in runs if one.usual == signs.usual]
        curves = [one.density[0] for one in alike if one.density is not None]
        across = _reach([*(one.table["positive"] for one in alike), *curves])
        figure.axes("x", range=across, row=row)
        figure.axes("y", range=_reach([one.table["negative"] for one in alike]), row=row, column=1)
    return figure.figure(hovermode="closest")


def _reach(columns: list) -> list[float]:
    """A range that holds all values, and 0."""
    low = min(0.0, *(column.min() for column in columns))
    high = max(0.0, *(column.max() for column in columns))
    margin = 0.05 * (high - low) or 1.0
    return [low - margin, high + margin]
