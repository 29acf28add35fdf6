"""A study's figures as one HTML page that needs no network."""

from collections.abc import Iterable, Mapping

import plotly.graph_objects as go

from xsb_core.figures.html import document, figure_part, safe


def study_page(title: str, sentences: Iterable[str], figures: Mapping[str, go.Figure]) -> str:
    """Makes the page.

    Args:
        title: Its heading.
        sentences: What to say before the figures, as plain text.
        figures: By what they show.

    Returns:
        The page's source, to be saved as UTF-8.
    """
    parts = [f"<h1>{safe(title)}</h1>"]
    parts += [f'<p class="note">{safe(sentence)}</p>' for sentence in sentences]
    for number, (label, figure) in enumerate(figures.items()):
        parts.append(f"<h2>{safe(label)}</h2>")
        parts.append(figure_part(figure, f"figure_{number}", safe(label)))
    return document(title, parts)
