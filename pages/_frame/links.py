"""What a link asks for and a page can't show."""

from collections.abc import Callable

import streamlit as st

from pages._frame.say import as_typed


def warn_of_link(key: str, label: str, fits: Callable[[str], bool], shown: object) -> None:
    """Says that the default is shown where the link's value is not offered.

    To be called before the input is drawn, which takes the value out of the link.

    Args:
        key: The input's key, which is its name in the link.
        label: Its label.
        fits: Whether a value is offered.
        shown: What is shown otherwise.
    """
    asked = st.query_params.get(key)
    if key not in st.session_state and asked is not None and not fits(asked):
        st.warning(
            as_typed(f"{label}: the link asks for {asked}, which is not offered; showing {shown}.")
        )
