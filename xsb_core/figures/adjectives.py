"""Attributions to adjective pairs as histograms: synonyms over opposites, with their means."""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from xsb_core.attribution.numerals import signed
from xsb_core.figures.charts import upright
from xsb_core.figures.histogram import histogram
from xsb_core.figures.style import GREY, SERIES
from xsb_core.studies.adjectives.triplets import KINDS


def adjective_histogram(table: pd.DataFrame, model: str) -> go.Figure:
    """Draws one model's, with the same bins as any other's of the table.

    Args:
        table: One or more tables of ``attribute_adjectives``, one below the other.
        model: Which of its models.

    Returns:
        Bars of counts, one trace a kind of pair named with its mean, which a dashed line
        marks.
    """
    values = table["attribution"]
    reach = (min(0.0, float(values.min())), max(0.0, float(values.max())))
    rows = table[table["model"] == model]
    kinds = {
        kind: rows.loc[rows["kind"] == kind, "attribution"].to_numpy(dtype=np.float64)
        for kind in KINDS
    }
    means = {kind: float(own.mean()) for kind, own in kinds.items()}
    lines = [
        *(
            upright(mean, color=color, dash="dash", width=2)
            for mean, color in zip(means.values(), SERIES, strict=False)
        ),
        upright(0.0, color=GREY, dash="dot", width=1),
    ]
    return histogram(
        kinds,
        "attribution to the adjective pair",
        reach=reach,
        legend={kind: f"{kind}, mean {signed(mean, 3)} (dashed)" for kind, mean in means.items()},
        shapes=lines,
    )
