"""The two texts that every page about a pair starts from."""

import streamlit as st

from pages._frame.examples import DEFAULT, EXAMPLES
from pages._frame.kept import keep, restore

_KEPT = "texts"


def pick_texts() -> tuple[str, str]:
    """Examples and two text fields; the texts are in the URL as ``a`` and ``b``, on every page."""
    st.selectbox(
        "Example",
        list(EXAMPLES),
        index=None,
        key="example",
        placeholder="Pick a telling pair, or type your own below",
        on_change=_fill_in,
    )
    restore(_KEPT, ("a", "b"))
    default_a, default_b = EXAMPLES[DEFAULT]
    left, right = st.columns(2)
    text_a = left.text_area("Text A", default_a, key="a", bind="query-params", height=100)
    text_b = right.text_area("Text B", default_b, key="b", bind="query-params", height=100)
    keep(_KEPT, {"a": text_a, "b": text_b})
    return text_a, text_b


def _fill_in() -> None:
    chosen = st.session_state["example"]
    if chosen:
        st.session_state["a"], st.session_state["b"] = EXAMPLES[chosen]
