"""The two texts that every page about a pair starts from."""

import streamlit as st

from pages._frame.links import keep, restore

EXAMPLES = {
    "Paraphrase": (
        "The company cut a thousand jobs last year.",
        "Last year, a thousand employees were laid off.",
    ),
    "Negation": (
        "The new drug is safe for children.",
        "The new drug is not safe for children.",
    ),
    "Antonyms": (
        "The soup was hot and the service was fast.",
        "The soup was cold and the service was slow.",
    ),
    "One word, two senses": (
        "They had a picnic on the bank of the river.",
        "She opened an account at the bank in town.",
    ),
    "Long sentences": (
        "Despite the rain, which had not stopped since early morning, hundreds of people waited "
        "in line outside the museum to see the small painting that a family had found in their "
        "attic the year before.",
        "In spite of bad weather, a crowd queued for hours in front of the gallery, because a "
        "little picture discovered under the roof of a private house was going to be shown to "
        "the public for the first time.",
    ),
}
DEFAULT = "Paraphrase"
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
