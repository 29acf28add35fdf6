"""One self-contained HTML page for a result, to keep or to send."""

from collections.abc import Iterable
from html import escape as html_escape

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from xsb_core.account import account
from xsb_core.figures.heatmap import heatmap
from xsb_core.figures.style import signed
from xsb_core.figures.waterfall import waterfall
from xsb_core.result import Attribution, Side
from xsb_core.tokens import readable

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

_REFERENCE = (
    "A text's reference is as long as the text, with padding in place of its words; attribution "
    "measures from there. The bars that name a reference are the score's part that comes from it."
)
_NORMALISATION = {
    "through": "through: attributed with the rest",
    "endpoint": "endpoint: cells divided by both norms",
    None: "none (dot product)",
}

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


def html_report(result: Attribution, *, special: bool = True, border: bool = False) -> str:
    """Makes one HTML page of a result: figures, account, error, settings; it needs no network.

    Args:
        result: A pair's attribution.
        special: Whether special tokens are shown among the others.
        border: Whether the heatmap has the references' border.

    Returns:
        The page's source, to be saved as UTF-8.
    """
    # Word means do not hold the special tokens' sums: their account keeps them in.
    special_in_account = special or result.words == "mean"
    parts = [
        f"<h1>Why {_html(result.model)} finds these texts as similar as it does</h1>",
        _text("Text A", result.a),
        _text("Text B", result.b),
        f'<p class="score">Predicted similarity ({_html(result.similarity)}): '
        f"<strong>{_number(result.score)}</strong></p>",
        _warning(result),
        "<h2>Token pairs</h2>",
        f'<p class="note">{_reading(result, special, border)}</p>',
        _figure(heatmap(result, special=special, border=border), "heatmap", "Attribution heatmap"),
        "<h2>How the score adds up</h2>",
        f'<p class="note">{_REFERENCE}</p>',
        _figure(waterfall(result, special_in_account), "waterfall", "Account of the score"),
        '<div class="tables">',
        _account_table(result, special_in_account),
        _table("Similarities with references", _reference_rows(result)),
        _table("Error", _error_rows(result)),
        _table("Settings", _setting_rows(result)),
        _table("Versions", result.versions.items()),
        "</div>",
    ]
    body = "\n".join(parts)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Similarity {_number(result.score)}: {_html(result.model)}</title>
<style>{_STYLE}</style>
<script>{get_plotlyjs()}</script>
</head>
<body>
{body}
</body>
</html>
"""


def _html(text: str) -> str:
    return html_escape(readable(text))


def _number(value: float) -> str:
    return signed(value).removeprefix("+")


def _text(name: str, side: Side) -> str:
    """A text as given, with its prompt and, struck out, what the model did not read of it."""
    parts = [f"<h2>{name}</h2>"]
    if side.prompt:
        parts.append(f'<p class="note">with the prompt <bdi>{_html(side.prompt)}</bdi></p>')
    quote = _lines(side.text[: side.read])
    if side.cut:
        quote += f'<span class="unread">{_lines(side.text[side.read :])}</span>'
        parts.append(
            f'<p class="note">The model read the first {side.read} of {len(side.text)} '
            "characters; the rest is struck out.</p>"
        )
    parts.append(f'<blockquote dir="auto">{quote}</blockquote>')
    return "\n".join(parts)


def _lines(text: str) -> str:
    return "\n".join(_html(line) for line in text.split("\n"))


def _warning(result: Attribution) -> str:
    if result.converged:
        return ""
    return (
        '<p class="warning">The attribution has not converged: its error (see below) is above '
        "the tolerance.</p>"
    )


def _reading(result: Attribution, special: bool, border: bool) -> str:
    """How to read the heatmap."""
    what = "words" if result.words else "tokens"
    sentences = [
        f"Rows are text A's {what}, columns text B's. A red cell raises the score, a blue one "
        "lowers it. Point at a cell for its value."
    ]
    if result.words:
        sentences.append(f"Each cell is the {result.words} of its tokens' cells.")
    if not special:
        sentences.append("Special tokens are not shown.")
    if border:
        sentences.append(
            "The row and the column set apart are the pairs with the other text's reference; "
            "their colours stop at the scale's ends."
        )
    return " ".join(sentences)


def _figure(figure: go.Figure, div_id: str, label: str) -> str:
    # Plotly's JSON writes "<", ">" and "/" as escapes, so that no token can close the script.
    div = figure.to_html(
        full_html=False,
        include_plotlyjs=False,
        div_id=div_id,
        config=_CONFIG,
    )
    return f'<figure aria-label="{label}">{div}</figure>'


def _account_table(result: Attribution, special: bool) -> str:
    rows = [(line.label, signed(line.value)) for line in account(result, special)]
    return _table("Account", rows, total=("Prediction", _number(result.score)), numbers=True)


def _reference_rows(result: Attribution) -> list[tuple[str, str]]:
    terms = result.reference_terms
    return [
        ("Text A and B's reference", _number(terms.a_rb)),
        ("Text B and A's reference", _number(terms.b_ra)),
        ("A's reference and B's", _number(terms.ra_rb)),
    ]


def _error_rows(result: Attribution) -> list[tuple[str, str]]:
    return [
        ("Relative residual, text A", f"{result.residual_a:.1e}"),
        ("Relative residual, text B", f"{result.residual_b:.1e}"),
        ("Tolerance", f"{result.tolerance:g}"),
        ("Converged", "yes" if result.converged else "no"),
        ("Quadrature nodes, text A", str(result.nodes_a)),
        ("Quadrature nodes, text B", str(result.nodes_b)),
    ]


def _setting_rows(result: Attribution) -> list[tuple[str, str]]:
    return [
        ("Model", result.model),
        ("Revision", result.revision or "not from the hub"),
        ("Layer", f"{result.layer}: the states that enter this block, of 0 to {result.blocks - 1}"),
        ("Similarity", result.similarity),
        ("Normalisation", _NORMALISATION[result.cosine]),
        ("Shifted encoder", "yes" if result.shifted else "no"),
        ("Quadrature", result.quadrature),
        ("Nodes", "as the tolerance needs" if result.steps is None else f"fixed: {result.steps}"),
        ("Cells", f"words ({result.words} of tokens)" if result.words else "tokens"),
        ("Device", result.device),
        ("Precision", result.dtype),
        ("Time", f"{result.seconds:.2f} s"),
    ]


def _table(
    caption: str,
    rows: Iterable[tuple[str, str]],
    *,
    total: tuple[str, str] | None = None,
    numbers: bool = False,
) -> str:
    css = ' class="number"' if numbers else ""

    def line(row: tuple[str, str], attribute: str = "") -> str:
        name, value = map(_html, row)
        return f'<tr{attribute}><th scope="row">{name}</th><td{css}>{value}</td></tr>'

    body = [line(row) for row in rows]
    if total:
        body.append(line(total, ' class="total"'))
    return f"<table><caption>{caption}</caption>{''.join(body)}</table>"
