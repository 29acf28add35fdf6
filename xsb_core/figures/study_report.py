"""One self-contained HTML page for a study's figure."""

from collections.abc import Sequence

import plotly.graph_objects as go

from xsb_core.figures.html import document, figure_part, safe, table
from xsb_core.studies.finding import PAPER_MODEL, Line

HEADS = ("", f"the paper, {PAPER_MODEL}", "this run")


def study_report(
    title: str, figures: Sequence[go.Figure], lines: Sequence[Line], notes: Sequence[str]
) -> str:
    """Makes one HTML page: notes, figures, the paper's values beside these.

    Args:
        title: Its heading.
        figures: What it shows.
        lines: Values beside the paper's.
        notes: What limits them, and other sentences.

    Returns:
        The page's source, to be saved as UTF-8; it needs no network.
    """
    parts = [f"<h1>{safe(title)}</h1>"]
    parts += [f'<p class="note">{safe(note)}</p>' for note in notes]
    parts += [figure_part(figure, f"figure_{at}", safe(title)) for at, figure in enumerate(figures)]
    if lines:
        rows = [HEADS, *((line.what, line.paper, line.here) for line in lines)]
        parts.append(table("Beside the paper", rows))
    return document(title, parts)
