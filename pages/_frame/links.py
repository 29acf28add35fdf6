"""Inputs and the page's link: values kept from page to page, and what can't be shown."""

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlencode

import streamlit as st

from pages._frame.say import as_typed
from xsb_core import Attribution

# What browsers and servers take of a link.
_LONGEST = 8_000


def warn_of_link(key: str, label: str, fits: Callable[[str], bool], shown: object) -> None:
    """Says that the default is shown where the link's value is not offered.

    To be called before the input is drawn, which takes the value out of the link.
    """
    asked = st.query_params.get(key)
    if key not in st.session_state and asked is not None and not fits(asked):
        st.warning(
            as_typed(f"{label}: the link asks for {asked}, which is not offered; showing {shown}.")
        )


def open_on_pair(result: Attribution) -> None:
    """A link to the pair page with a result's texts, model and layer."""
    state = {"a": result.a.text, "b": result.b.text, "model": result.model, "layer": result.layer}
    for name, side in (("A", result.a), ("B", result.b)):
        if side.prompt:
            state[f"instruction_{name}"] = side.prompt
    offer_link("pair", "Open on Pair", state)


def offer_link(page: str, label: str, state: Mapping[str, object]) -> None:
    """A link to a page in some state, unless it would be too long."""
    if len(link := f"{page}?{urlencode(state)}") < _LONGEST:
        st.link_button(label, link)


def restore(group: str, keys: Iterable[str]) -> None:
    """Gives inputs the values that they had; to be called before they are drawn.

    On a change of page the browser would fall back to the defaults for values that came with a
    link; one that is assigned is sent to it.
    """
    kept = st.session_state.get(f"_{group}", {})
    for key in keys:
        if key in kept and key not in st.query_params:
            st.session_state[key] = st.session_state.get(key, kept[key])


def keep(group: str, values: dict[str, str]) -> None:
    """Keeps the inputs' values by their keys; to be called after they are drawn."""
    st.session_state[f"_{group}"] = values
