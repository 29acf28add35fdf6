"""A study's figures as one HTML page that needs no network."""

from collections.abc import Iterable, Mapping, Sequence

import plotly.graph_objects as go

from xsb_core.figures.html import document, figure_part, safe, table
from xsb_core.studies.finding import PAPER_MODEL, Line

HEADS = ("", f"the paper, {PAPER_MODEL}", "this run")


def study_page(
    title: str,
    sentences: Iterable[str],
    figures: Mapping[str, go.Figure],
    beside: Sequence[Line] = (),
) -> str:
    """Makes the page.

    Args:
        title: Its heading.
        sentences: What to say before the figures, as plain text.
        figures: By what they show.
        beside: Values beside the paper's, for a table below the figures.

    Returns:
        The page's source, to be saved as UTF-8.
    """
    parts = [f"<h1>{safe(title)}</h1>"]
    parts += [f'<p class="note">{safe(sentence)}</p>' for sentence in sentences]
    for number, (label, figure) in enumerate(figures.items()):
        parts.append(f"<h2>{safe(label)}</h2>")
        parts.append(figure_part(figure, f"figure_{number}", safe(label)))
    if beside:
        rows = [HEADS, *((line.what, line.paper, line.here) for line in beside)]
        parts.append(table("Beside the paper", rows))
    return document(title, parts)
