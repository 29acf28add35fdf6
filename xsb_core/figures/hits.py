"""A search result as a piece of HTML, for a page of one's own."""

from html import escape

import numpy as np

from xsb_core.attribution.cells import decimals
from xsb_core.attribution.numerals import signed
from xsb_core.search.explanation import ExplainedHit
from xsb_core.search.ranking import Hit

# What has full colour, so that equal colours are equal values in all results.
_FULL = 0.5
_SHOWN = 4000  # characters of a document on either side


def hit_html(hit: Hit, found: ExplainedHit | None = None) -> str:
    """A result as HTML that needs no style sheet or script; all that a user gave is escaped.

    Args:
        hit: The result.
        found: Why it is found: its spans are tinted by what they give to the score, the one that
            gives most is bold, and what the model didn't read is grey. None: not known yet.

    Returns:
        One ``div``.

    Examples:
        >>> hit = rank(encoder, "A puppy.", ["Tax <b>law</b>. A dog."]).hits[0]
        >>> "Tax &lt;b&gt;law&lt;/b&gt;." in hit_html(hit, explain_hit(encoder, hit))
        True
    """
    hit = found.hit if found else hit
    same = f" (the same: {', '.join(hit.same[:5])})" if hit.same else ""
    head = f"<b>{hit.rank}</b>&ensp;{hit.score:.3f}&ensp;<b>{escape(hit.id + same)}</b>"
    if found is None:
        return f"<div style='margin-bottom:.6rem'>{head}<br>{escape(hit.text[:_SHOWN])}</div>"
    if found.window:
        start, end = found.window
        head += f"&ensp;characters {start + 1:,} to {end:,}, scored as a text of their own"
    strongest = found.pairs()
    places = decimals(np.array([value for *_, value in strongest]))
    pairs = "&emsp;".join(
        escape(f"{word} – {_short(other)} {signed(value, places)}")
        for word, other, value in strongest
    )
    foot = f"<br><span style='opacity:.75'>{pairs}&emsp;right to ±{found.error:.4f}</span>"
    return f"<div style='margin-bottom:.8rem'>{head}<br>{_marked(found)}{foot}</div>"


def _marked(found: ExplainedHit) -> str:
    """The text: spans tinted by what they give, the strongest bold, what was not read in grey."""
    text, (done, end) = found.hit.text, found.read
    most = max((abs(span.value) for span in found.spans), default=0)
    scale = _FULL if most <= 1 else most  # a dot product has no scale of its own
    skipped = text[max(0, done - _SHOWN) : done]
    parts = [_unread(("… " if done > _SHOWN else "") + skipped)]
    for span in found.spans:
        start = max(span.start, done)
        parts.append(escape(text[done:start]))
        colour = "178,24,43" if span.value >= 0 else "33,102,172"
        bold = "font-weight:600;" if span == found.carrier else ""
        alpha = 0.5 * min(1, abs(span.value) / scale)
        parts.append(
            f"<span style='background:rgba({colour},{alpha:.2f});{bold}' "
            f"title='{signed(span.value)}'>{escape(text[start : span.end])}</span>"
        )
        done = max(done, span.end)
    rest = text[end : end + _SHOWN] + (" …" if end + _SHOWN < len(text) else "")
    return "".join([*parts, escape(text[done:end]), _unread(rest)])


def _unread(text: str) -> str:
    grey = "<span style='color:gray' title='not read by the model'>"
    return f"{grey}{escape(text)}</span>" if text.strip() else escape(text)


def _short(text: str) -> str:
    return text if len(text) <= 24 else f"{text[:23]}…"
