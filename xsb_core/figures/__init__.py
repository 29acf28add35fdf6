"""Results in, plotly figures out; nothing here knows of pages or models."""

import plotly.io

from xsb_core.figures.comparison_report import comparison_report
from xsb_core.figures.cumulative import cumulative
from xsb_core.figures.heatmap import Box, difference_heatmap, heatmap
from xsb_core.figures.histogram import histogram
from xsb_core.figures.layer_charts import (
    correlations_chart,
    layer_figures,
    models_chart,
    totals_chart,
    totals_limit,
)
from xsb_core.figures.layer_grid import layer_grid, shared_limit
from xsb_core.figures.layer_player import layer_player
from xsb_core.figures.report import html_report
from xsb_core.figures.style import color_limit, escape, shorten, tint
from xsb_core.figures.waterfall import waterfall, waterfall_range

# plotly takes orjson where some library has installed it, which refuses lone surrogates in texts
plotly.io.json.config.default_engine = "json"

__all__ = [
    "Box",
    "color_limit",
    "comparison_report",
    "correlations_chart",
    "cumulative",
    "difference_heatmap",
    "escape",
    "heatmap",
    "histogram",
    "html_report",
    "layer_figures",
    "layer_grid",
    "layer_player",
    "models_chart",
    "shared_limit",
    "shorten",
    "tint",
    "totals_chart",
    "totals_limit",
    "waterfall",
    "waterfall_range",
]
