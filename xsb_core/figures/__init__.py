"""Results in, plotly figures out; nothing here knows of pages or models."""

from xsb_core.figures.heatmap import heatmap
from xsb_core.figures.report import html_report
from xsb_core.figures.style import color_limit, escape, tint
from xsb_core.figures.waterfall import waterfall

__all__ = ["color_limit", "escape", "heatmap", "html_report", "tint", "waterfall"]
