"""Histograms of a few series of numbers in one frame."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from xsb_core.figures.charts import Values, bar, drawn
from xsb_core.figures.style import FAINT, GREY, SERIES

FEWEST_BINS, MOST_BINS = 8, 40
_HEIGHT = 260  # pixels
_FEW = 5


def histogram(
    series: dict[str, Float[np.ndarray, " _"]],
    title: str,
    *,
    exponents: bool = False,
    reach: tuple[float, float] | None = None,
    legend: Mapping[str, str] = {},
    shapes: Sequence[Values] = (),
) -> go.Figure:
    """Draws how often values occur, all series in the same bins.

    Args:
        series: The values by name; those that are not finite are left out.
        title: What the values are.
        exponents: Whether to draw positive values by their logarithm.
        reach: Where the first bin begins and the last ends, to compare figures; default the lowest
            and the highest value.
        legend: What series are called in the legend, where that is not their name.
        shapes: What to draw over them, such as ``upright`` lines.

    Returns:
        The figure: bars of counts, one trace a series.
    """
    finite = {name: values[np.isfinite(values)] for name, values in series.items()}
    if exponents:
        finite = {name: np.log10(values[values > 0]) for name, values in finite.items()}
    every = np.concatenate(list(finite.values()))
    if every.size and np.ptp(every) <= 1e-9 * max(1.0, np.abs(every).max()):
        every = every[0] + np.array([-0.05, 0.05])  # one value: bars of a width that is seen
    bins = int(np.clip(2 * np.sqrt(every.size / len(finite)), FEWEST_BINS, MOST_BINS))
    edges = np.histogram_bin_edges(every, bins, reach)
    shown = 10**edges if exponents else edges
    bars = [
        bar(
            name=legend.get(name, name),
            x=(edges[:-1] + edges[1:]) / 2,
            y=np.histogram(values, edges)[0],
            width=np.diff(edges),
            marker={"color": color},
            opacity=0.6 if len(finite) > 1 else 1.0,
            customdata=np.stack([shown[:-1], shown[1:]], axis=1),
            hovertemplate="%{customdata[0]:.3g} to %{customdata[1]:.3g}: %{y}<extra>"
            + f"{name}</extra>",
        )
        for (name, values), color in zip(finite.items(), SERIES, strict=False)
    ]
    layout = {
        "height": _HEIGHT,
        "barmode": "overlay",
        "showlegend": len(bars) > 1,
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom"},
        "margin": {"l": 48, "r": 12, "t": 28, "b": 48},
        "xaxis": {"title": {"text": title}, "gridcolor": FAINT, "zerolinecolor": GREY},
        "yaxis": {
            "title": {"text": "pairs"},
            "gridcolor": FAINT,
            "zerolinecolor": GREY,
        },
        "shapes": [*shapes],
    }
    if max(bar["y"].max() for bar in bars) <= _FEW:
        layout["yaxis"]["dtick"] = 1  # no ticks at halves of a pair
    if exponents:
        ticks = np.linspace(edges[0], edges[-1], 4)
        layout["xaxis"] |= {"tickvals": ticks, "ticktext": [f"{10**tick:.1e}" for tick in ticks]}
    return drawn(bars, layout)
