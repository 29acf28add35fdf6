"""Why one result before another, two models' rankings, near-duplicates."""

from collections.abc import Callable

import streamlit as st

import xsb_core
from pages._frame.say import as_typed
from xsb_core.attribution.numerals import signed
from xsb_core.figures.search import contrast_bars, slope_chart

Explain = Callable[[xsb_core.Hit], xsb_core.ExplainedHit]
_MOST_SLOPES = 30
_OWN = "a text of your own"


def why_before(
    ranking: xsb_core.Ranking,
    explained: dict[str, xsb_core.ExplainedHit],
    explain: Explain,
    own: Callable[[str], xsb_core.Hit],
) -> None:
    """Any two results, or one and a text of one's own: what each word of the query gives to either.

    Args:
        ranking: The results.
        explained: Those that are explained already, by id.
        explain: Explains another.
        own: Makes a hit of a text of one's own.
    """
    ids = [hit.id for hit in ranking.hits[:1000]]
    st.subheader("Why this before that?")
    left, right = st.columns(2)
    this = left.selectbox("This", ids, key="why_0")
    that = right.selectbox("That", [*ids, _OWN], index=1, key="why_1")
    if this == that:
        st.info("Choose two different results.")
        return
    typed = right.text_area("Your text", key="why_own") if that == _OWN else that
    if not typed.strip():
        st.info("Type a text to set beside the result.")
        return
    first = explained.get(this) or explain(ranking.find(this))
    if that == _OWN:
        second = explain(own(typed))
    else:
        second = explained.get(that) or explain(ranking.find(that))
    found, names = (first, second), (first.hit.id, second.hit.id)
    contrast = xsb_core.contrast(*found)
    apart = contrast.scores[0] - contrast.scores[1]
    order = "before" if apart >= 0 else "behind"
    st.markdown(
        as_typed(
            f"{names[0]} comes {order} {names[1]} by {signed(apart)}: the bars add up to "
            f"{signed(float(contrast.differences.sum()))}, right to ±{contrast.error:.4f}."
        )
    )
    st.plotly_chart(contrast_bars(contrast), key="contrast", alt="What each word adds")
    if contrast.lifts:
        lower = names[1] if apart >= 0 else names[0]
        st.markdown(
            as_typed(
                f"What would lift {lower}: it answers least, beside the other, "
                f"{', '.join(f'“{word}”' for word in contrast.lifts)}."
            )
        )
    for column, one in zip((left, right), found, strict=True):
        column.html(xsb_core.hit_html(one.hit, one))


def two_rankings(first: xsb_core.Ranking, second: xsb_core.Ranking, names: tuple[str, str]) -> None:
    """Whose ranking, and what moved."""
    st.subheader("Two models on this query")
    tau, moves = xsb_core.rank_agreement(first, second)
    st.metric("Kendall's tau", f"{tau:.2f}", help="1: the same order; 0: unrelated; −1: reversed.")
    best = [one for one in moves if min(one[1:]) <= _MOST_SLOPES // 2][:_MOST_SLOPES]
    st.plotly_chart(slope_chart(best, names), key="slopes", alt="Ranks by both models")


def near_duplicates(
    encoder: xsb_core.Encoder, documents: list[xsb_core.Document], explain: Explain
) -> None:
    """The most similar pairs of the list, when asked for, each with its reason."""
    st.subheader("Near-duplicates")
    if not st.toggle("Compare the documents with each other", key="near", bind="query-params"):
        return
    for name, hit in xsb_core.near_duplicates(encoder, documents, 5):
        st.caption(as_typed(f"{name}: {hit.query[:300]}"))
        st.html(xsb_core.hit_html(hit, explain(hit)))
