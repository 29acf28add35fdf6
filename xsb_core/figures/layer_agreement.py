"""Agreement of two runs by layer (paper, Fig. 4)."""

import plotly.graph_objects as go

from xsb_core.comparison.agreement import MEASURES
from xsb_core.figures.charts import Panels
from xsb_core.figures.style import SERIES
from xsb_core.studies.agreement.by_layer import ByLayer


def layer_agreement(by_layer: ByLayer) -> go.Figure:
    """Draws means and deviations of the four measures.

    Args:
        by_layer: From ``agreement_by_layer``.

    Returns:
        The figure: one trace a measure, of its name; x are layers, error bars deviations.
    """
    first, second = by_layer.runs
    figure = Panels([f"{first} and {second}, pairs with a score above {by_layer.above:g}"])
    for at, (measure, name) in enumerate(MEASURES.items()):
        own = by_layer.table[by_layer.table["measure"] == measure]
        figure.scatter(
            x=own["layer"] + 0.06 * (at - 1.5),  # so that error bars don't hide each other
            y=own["mean"],
            error_y={"array": own["deviation"], "thickness": 1, "width": 3},
            customdata=own[["layer", "deviation", "pairs"]],
            mode="lines+markers",
            name=name,
            line={"color": SERIES[at], "width": 2},
            marker={"size": 8},
            hovertemplate=f"{name}, layer %{{customdata[0]}}: %{{y:.2f}} ± "
            "%{customdata[1]:.2f} (%{customdata[2]} pairs)<extra></extra>",
        )
    layers = sorted(set(by_layer.table["layer"]))
    figure.axes("x", title="layer", tickvals=layers, range=[layers[0] - 0.5, layers[-1] + 0.5])
    figure.axes("y", title="agreement")
    legend = {"orientation": "h", "y": -0.3}
    return figure.figure(showlegend=True, legend=legend, margin={"b": 90}, hovermode="closest")
