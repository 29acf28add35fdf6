"""The two texts that every page about a pair starts from."""

import streamlit as st

from pages._frame.downloads import button

EXAMPLES = {
    "Paraphrase": (
        "The company cut a thousand jobs last year.",
        "Last year, a thousand employees were laid off.",
    ),
    "Negation": (
        "The new drug is safe for children.",
        "The new drug is not safe for children.",
    ),
    "Unrelated": (
        "The company cut a thousand jobs last year.",
        "My cat sleeps on the warm windowsill.",
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
_KEPT = "_texts"
_COPY = button("copy", "Copy the link of what is shown")


def pick_texts() -> tuple[str, str]:
    """Examples and two text fields, in the link as ``a`` and ``b``, on every page.

    Both are sent at once, by the button or Ctrl+Enter, so that no text is ever shown with another's
    old partner; the link names what was sent.
    """
    defaults = dict(zip("ab", EXAMPLES[DEFAULT], strict=True))
    kept = st.session_state.get(_KEPT, {})
    for key, default in defaults.items():
        # assigned each time: a change of page would send the browser an empty field otherwise
        begin = st.query_params.get(key, kept.get(key, default))
        st.session_state[key] = st.session_state.get(key, begin)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.selectbox(
            "Example",
            list(EXAMPLES),
            index=None,
            key="example",
            placeholder="Pick a telling pair, or type your own below",
            label_visibility="collapsed",
            on_change=_fill_in,
        )
        st.button("Swap", on_click=_swap, help="Text A becomes text B.")
        st.button("Clear", on_click=_fill, args=("", ""))
        copying = st.container(width="content")
    with st.form("texts", border=False):
        left, right, last = st.columns([10, 10, 3], vertical_alignment="bottom")
        text_a = left.text_area("Text A", key="a", height=76)
        text_b = right.text_area("Text B", key="b", height=76)
        with last.container(key="explain"):
            st.form_submit_button("Explain", type="primary", width="stretch")
    with copying:
        _COPY(key="copy_link", width="content", data={"texts": [text_a, text_b]})
    st.session_state[_KEPT] = {"a": text_a, "b": text_b}
    for key, text in (("a", text_a), ("b", text_b)):
        if text != defaults[key]:
            st.query_params[key] = text
        else:
            st.query_params.pop(key, None)
    return text_a, text_b


def _fill(text_a: str, text_b: str) -> None:
    st.session_state["a"], st.session_state["b"] = text_a, text_b


def _swap() -> None:
    _fill(st.session_state["b"], st.session_state["a"])


def _fill_in() -> None:
    chosen = st.session_state["example"]
    if chosen:
        _fill(*EXAMPLES[chosen])
