"""What negations add to scores, as cumulative distributions of their share of the score."""

import pandas as pd
import plotly.graph_objects as go

from xsb_core.figures.cumulative import cumulative

_LONGEST = 90  # characters


def negation_figure(table: pd.DataFrame) -> go.Figure:
    """Draws a line a model (the paper's Fig. 8).

    Args:
        table: One or more tables of ``measure_negations``, one below the other, with or without the
            sentences.

    Returns:
        The figure; a point's ``customdata`` is its sentence's place among the model's rows.
    """
    models = {str(model): rows for model, rows in table.groupby("model", sort=False)}
    return cumulative(
        {model: rows["share"].to_numpy() for model, rows in models.items()},
        {model: _labels(rows) for model, rows in models.items()},
        "the negation's share of the score",
    )


def _labels(rows: pd.DataFrame) -> list[str]:
    places = [
        f"row {row}, {column}" for row, column in zip(rows["row"], rows["column"], strict=True)
    ]
    if "text" not in rows:
        return places
    texts = [text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…" for text in rows["text"]]
    return [f"{text} ({place})" for text, place in zip(texts, places, strict=True)]
