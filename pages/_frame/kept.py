"""Inputs that keep their value when the page changes, and take part in its link."""

from collections.abc import Iterable

import streamlit as st


def restore(group: str, keys: Iterable[str]) -> None:
    """Gives inputs the values that they had; to be called before they are drawn.

    On a change of page the browser would fall back to the defaults for values that came with a
    link; one that is assigned is sent to it.

    Args:
        group: What they are kept under.
        keys: Keys of the inputs, bound to the link.
    """
    kept = st.session_state.get(f"_{group}", {})
    for key in keys:
        if key in kept and key not in st.query_params:
            st.session_state[key] = st.session_state.get(key, kept[key])


def keep(group: str, values: dict[str, str]) -> None:
    """Keeps the inputs' values by their keys; to be called after they are drawn."""
    st.session_state[f"_{group}"] = values
