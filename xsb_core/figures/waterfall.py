"""The score's account as bars that add up to the prediction."""

from itertools import accumulate

import plotly.graph_objects as go

from xsb_core.attribution.account import account
from xsb_core.attribution.numerals import signed
from xsb_core.attribution.result import Attribution
from xsb_core.figures.charts import drawn, trace
from xsb_core.figures.style import BLUE, FAINT, GREY, RED

_HEIGHT, _LABEL_WIDTH, _VALUE_WIDTH = 300, 184, 62  # pixels


def waterfall_range(*results: Attribution, special: bool = True) -> tuple[float, float]:
    """One range for the bars of some results: it holds all their ends, and 0."""
    ends = [0.0]
    for result in results:
        ends += [*accumulate(line.value for line in account(result, special=special)), result.score]
    return min(ends), max(ends)


def waterfall(
    result: Attribution, *, special: bool = True, reach: tuple[float, float] | None = None
) -> go.Figure:
    """Draws how corner, borders and matrix add up to the prediction.

    Args:
        result: A pair's attribution.
        special: Whether special tokens count among the others; if not, they have a bar.
        reach: The range of the bars, to compare figures; default ``waterfall_range(result)``.

    Returns:
        The figure; its last bar is the prediction.

    Raises:
        ValueError: If ``special`` is False and cells are word means (see ``account``).

    Examples:
        >>> waterfall(result).data[0].type
        'waterfall'
    """
    lines = account(result, special=special)
    values = [line.value for line in lines]
    # The last bar shows the score itself, not the sum, so that an error of the account is seen.
    bars = trace(
        "waterfall",
        orientation="h",
        x=[*values, result.score],
        y=[*(line.label for line in lines), "Prediction"],
        measure=["relative"] * len(lines) + ["absolute"],
        text=[*map(signed, values), signed(result.score).removeprefix("+")],
        textposition="outside",
        textfont={"size": 13},
        cliponaxis=False,
        increasing={"marker": {"color": RED}},
        decreasing={"marker": {"color": BLUE}},
        totals={"marker": {"color": GREY}},
        connector={"line": {"color": GREY, "width": 1}},
        hovertemplate="%{y}<br>%{text}<extra></extra>",
    )
    steps = [*values, result.score]
    ends = [*accumulate(values), result.score]
    low, high = reach or waterfall_range(result, special=special)
    span = high - low or 1.0
    # Values are written beyond the bars' ends, so on the left they may need room before the labels.
    leftmost = min((end for step, end in zip(steps, ends, strict=True) if step < 0), default=high)
    standoff = _VALUE_WIDTH if leftmost - low < 0.2 * span else 6
    layout = {
        "height": _HEIGHT,
        "margin": {"l": _LABEL_WIDTH + standoff, "r": _VALUE_WIDTH, "t": 12, "b": 44},
        "xaxis": {
            "title": {"text": "similarity"},
            "range": [low - 0.01 * span, high + 0.01 * span],
            "exponentformat": "none",
            "gridcolor": FAINT,
            "zerolinecolor": GREY,
            "fixedrange": True,
        },
        "yaxis": {
            "autorange": "reversed",
            "fixedrange": True,
            "ticks": "",
            "tickfont": {"size": 13},
            "ticklabelstandoff": standoff,
        },
    }
    return drawn([bars], layout)
