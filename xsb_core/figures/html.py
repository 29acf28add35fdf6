"""Parts of HTML pages that need no network: the page itself, texts, figures, tables."""

from collections.abc import Iterable
from html import escape as html_escape

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from xsb_core.attribution.numerals import signed
from xsb_core.encoders.side import Side
from xsb_core.errors import readable

_STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; color: #1b1b1b; background: #fff; margin: 2rem auto;
  max-width: 76rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
blockquote { margin: .25rem 0 1rem; padding: .5rem 1rem; background: #f4f4f4;
  white-space: pre-wrap; overflow-wrap: anywhere; }
.score { font-size: 1.25rem; } .unread { color: #6b6b6b; text-decoration: line-through; }
.note { color: #555; max-width: 50rem; } .warning { color: #8a1c1c; font-weight: 600; }
.tables { display: flex; flex-wrap: wrap; gap: 0 3rem; align-items: flex-start; }
table { border-collapse: collapse; margin-bottom: 1rem; }
caption { text-align: left; font-weight: 600; padding: .5rem 0; }
th, td { text-align: left; font-weight: normal; padding: .2rem 1.5rem .2rem 0; vertical-align: top;
  border-top: 1px solid #ddd; }
td { overflow-wrap: anywhere; }
td.number { text-align: right; padding-right: 0; font-variant-numeric: tabular-nums; }
tr.total > * { font-weight: 600; border-top: 2px solid #555; }
figure { margin: 0; overflow-x: auto; }
"""

# One button, to save a picture: plotly's own set has one that sends the chart to a server.
_CONFIG = {
    "modeBarButtons": [["toImage"]],
    "displaylogo": False,
    "typesetMath": False,
}

# The browser itself then refuses any request.
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
)


def document(title: str, parts: Iterable[str]) -> str:
    """One self-contained page of these parts; the browser refuses it any request."""
    body = "\n".join(parts)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{safe(title)}</title>
<style>{_STYLE}</style>
<script>{get_plotlyjs()}</script>
</head>
<body>
{body}
</body>
</html>
"""


def safe(text: str) -> str:
    """User text as HTML that shows it as typed."""
    return html_escape(readable(text))


def number(value: float) -> str:
    """A number to four places, without a plus."""
    return signed(value).removeprefix("+")


def text_part(name: str, side: Side) -> str:
    """A text as given, with its prompt and, struck out, what the model did not read of it."""
    parts = [f"<h2>{name}</h2>"]
    if side.prompt:
        parts.append(f'<p class="note">with the prompt <bdi>{safe(side.prompt)}</bdi></p>')
    quote = _lines(side.text[: side.read])
    if side.cut:
        quote += f'<span class="unread">{_lines(side.text[side.read :])}</span>'
        parts.append(
            f'<p class="note">The model read the first {side.read} of {len(side.text)} '
            "characters; the rest is struck out.</p>"
        )
    parts.append(f'<blockquote dir="auto">{quote}</blockquote>')
    return "\n".join(parts)


def figure_part(figure: go.Figure, div_id: str, label: str) -> str:
    """A figure, named for people who don't see it."""
    # Plotly's JSON writes "<", ">" and "/" as escapes, so that no token can close the script.
    div = figure.to_html(
        full_html=False,
        include_plotlyjs=False,
        div_id=div_id,
        config=_CONFIG,
        auto_play=False,
    )
    return f'<figure aria-label="{label}">{div}</figure>'


def table(
    caption: str,
    rows: Iterable[tuple[str, ...]],
    *,
    total: tuple[str, ...] | None = None,
    numbers: bool = False,
) -> str:
    """A table of names and their values: one column of values, or several."""
    css = ' class="number"' if numbers else ""

    def line(row: tuple[str, ...], attribute: str = "") -> str:
        name, *values = map(safe, row)
        cells = "".join(f"<td{css}>{value}</td>" for value in values)
        return f'<tr{attribute}><th scope="row">{name}</th>{cells}</tr>'

    body = [line(row) for row in rows]
    if total:
        body.append(line(total, ' class="total"'))
    return f"<table><caption>{caption}</caption>{''.join(body)}</table>"


def _lines(text: str) -> str:
    return "\n".join(safe(line) for line in text.split("\n"))
