"""How one pair changes with depth: tokens' totals, agreement between layers and between models."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from xsb_core.attribution.cells import Look, positions
from xsb_core.comparison.agreement import MEASURES, Agreement
from xsb_core.comparison.layers import Depths, layer_correlations, model_agreements, token_totals
from xsb_core.encoders.side import Side
from xsb_core.figures.charts import HEIGHT, Panels, drawn, trace
from xsb_core.figures.layer_grid import color_axis, layer_grid, shared_limit
from xsb_core.figures.layer_player import layer_player
from xsb_core.figures.style import SERIES, escape, shorten

_ROW = 20  # pixels


def layer_figures(models: Sequence[Depths], *, look: Look = Look()) -> dict[str, go.Figure]:
    """All figures of one or two models' results for a pair, heatmaps in one colour range.

    Args:
        models: One or two models' results.
        look: Which cells are shown, and count.

    Returns:
        The figures by what they show.
    """
    limit = shared_limit(models, look)
    figures = {
        "All layers": layer_grid(models, look=look, limit=limit),
        "Layer by layer": layer_player(models, look=look, limit=limit),
    }
    reach = totals_limit(models, look)
    for number, depths in enumerate(models, 1):
        name = f"Model {number}, {depths.model}"
        figures[f"{name}: each token's total"] = totals_chart(depths, look=look, limit=reach)
        if len(depths.results) > 1:
            figures[f"{name}: agreement between layers"] = correlations_chart(depths, look=look)
    if len(models) == 2:
        agreed = model_agreements(*models, look=look)
        figures["Agreement of both models"] = models_chart(agreed)
    return figures


def totals_limit(models: Sequence[Depths], look: Look = Look()) -> float:
    """The largest absolute total of all models and layers; 1 where all are 0."""
    totals = [values for depths in models for values in token_totals(depths, look)]
    return float(max(np.abs(values).max(initial=0) for values in totals)) or 1.0


def totals_chart(depths: Depths, *, look: Look = Look(), limit: float | None = None) -> go.Figure:
    """Draws each token's total at each layer: rows are tokens, columns layers.

    Args:
        depths: A model's results for a pair.
        look: Which cells are shown, and count.
        limit: The value of full colour; default ``totals_limit`` of this model.

    Returns:
        The figure; traces "text A" and "text B" in one colour range.
    """
    totals = token_totals(depths, look)
    limit = limit or totals_limit([depths], look)
    figure = Panels(["Text A", "Text B"], across=0.18)
    first = depths.results[0]
    for column, (name, side, values) in enumerate(
        (("text A", first.a, totals[0]), ("text B", first.b, totals[1])), 1
    ):
        names = _names(side, special=look.special)
        figure.heatmap(
            z=values,
            x=[str(layer) for layer in depths.layers],
            name=name,
            coloraxis="coloraxis",
            hovertemplate="<b>%{y}</b>, layer %{x}: %{z:+.4f} in total<extra></extra>",
            row=1,
            column=column,
        )
        figure.axes(
            "y",
            tickvals=np.arange(len(names)),
            ticktext=names,
            autorange="reversed",
            showgrid=False,
            column=column,
        )
        figure.axes("x", title="layer", type="category", showgrid=False, column=column)
    rows = max(len(values) for values in totals)
    return figure.figure(
        coloraxis=color_axis(limit),
        height=max(HEIGHT, 120 + _ROW * rows),
        margin={"l": 120, "r": 24, "t": 44, "b": 56},
    )


def correlations_chart(depths: Depths, *, look: Look = Look()) -> go.Figure:
    """Draws the Spearman correlation of every two layers' cells, from −1 to 1.

    Returns:
        The figure; undefined correlations are blank.
    """
    values = layer_correlations(depths, look)
    names = [str(layer) for layer in depths.layers]
    cells = trace(
        "heatmap",
        z=values,
        x=names,
        y=names,
        name="Spearman",
        text=_written(values),
        texttemplate="%{text}",
        coloraxis="coloraxis",
        hovertemplate="layers %{y} and %{x}: %{z:.3f}<extra></extra>",
    )
    axis = {"title": {"text": "layer"}, "type": "category", "fixedrange": True, "showgrid": False}
    size = 150 + 46 * len(names)
    layout = {
        "xaxis": axis,
        "yaxis": axis | {"autorange": "reversed"},
        "width": size + 90,
        "height": size,
        "coloraxis": color_axis(1.0) | {"colorbar": {"title": {"text": "Spearman"}}},
        "margin": {"l": 64, "r": 24, "t": 24, "b": 56},
    }
    return drawn([cells], layout)


def models_chart(agreed: dict[int, Agreement]) -> go.Figure:
    """Draws two models' agreement at each layer.

    Args:
        agreed: From ``model_agreements``.

    Returns:
        The figure: one trace a measure, of its name.
    """
    figure = Panels(["Agreement of both models"])
    for at, (measure, name) in enumerate(MEASURES.items()):
        figure.scatter(
            x=list(agreed),
            y=[getattr(one, measure) for one in agreed.values()],
            mode="lines+markers",
            name=name,
            line={"color": SERIES[at]},
            hovertemplate=f"{name}, layer %{{x}}: %{{y:.2f}}<extra></extra>",
        )
    figure.axes("x", title="layer", tickvals=list(agreed))
    figure.axes("y", title="agreement")
    legend = {"orientation": "h", "y": -0.3}
    return figure.figure(showlegend=True, legend=legend, margin={"b": 90})


def _names(side: Side, *, special: bool) -> list[str]:
    return [escape(shorten(side.tokens[i], 16)) for i in positions(side, special=special)]


def _written(values: Float[np.ndarray, "layers layers"]) -> list[list[str]]:
    return [["–" if np.isnan(v) else f"{v:.2f}" for v in row] for row in values.tolist()]
