"""A hit with the span that carries its score marked in its text."""

from html import escape

import xsb_core
from xsb_core.attribution.numerals import signed

_SHOWN = 4000  # characters of a document


def hit_html(hit: xsb_core.Hit, found: xsb_core.ExplainedHit | None = None) -> str:
    """A hit as HTML; all that a user gave is escaped.

    Args:
        hit: The hit.
        found: Why it is found; None: not known yet.
    """
    same = f" (the same: {', '.join(hit.same[:5])})" if hit.same else ""
    head = f"<b>{hit.rank}</b>&ensp;{hit.score:.3f}&ensp;<b>{escape(hit.id + same)}</b><br>"
    if found is None:
        return f"<div style='margin-bottom:.6rem'>{head}{escape(hit.text[:_SHOWN])}</div>"
    pairs = "&emsp;".join(
        escape(f"{word} – {_short(other)} {signed(value)}") for word, other, value in found.pairs()
    )
    foot = f"<br><span style='opacity:.75'>{pairs}&emsp;right to ±{found.error:.4f}</span>"
    return f"<div style='margin-bottom:.8rem'>{head}{_marked(found)}{foot}</div>"


def _marked(found: xsb_core.ExplainedHit) -> str:
    """The text: spans tinted by what they give, the strongest marked, what was not read in grey."""
    text, side = found.hit.text, found.result.b
    most = max((abs(span.value) for span in found.spans), default=0) or 1.0
    parts, done, carrier = [], 0, found.carrier
    for span in found.spans:
        start = max(span.start, done)
        parts.append(escape(text[done:start]))
        strength = abs(span.value) / most
        colour = "178,24,43" if span.value >= 0 else "33,102,172"
        bold = "font-weight:600;" if span == carrier else ""
        parts.append(
            f"<span style='background:rgba({colour},{0.4 * strength:.2f});{bold}' "
            f"title='{signed(span.value)}'>{escape(text[start : span.end])}</span>"
        )
        done = max(done, span.end)
    parts.append(escape(text[done : side.read]))
    if side.cut:
        unread = text[side.read : side.read + _SHOWN]
        parts.append(
            f"<span style='color:gray' title='not read by the model'>{escape(unread)}"
            f"{' …' if side.read + _SHOWN < len(text) else ''}</span>"
        )
    return "".join(parts)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
