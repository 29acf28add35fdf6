"""Views of a page, as tabs of which the link names the one that is open."""

from collections.abc import Callable

import streamlit as st


def show_views(views: dict[str, Callable[[], object]]) -> None:
    """Draws the view that is open, and no other, so that a page waits for nothing unseen.

    Args:
        views: What draws each, by its name; the first is open where the link names none.
    """
    tabs = st.tabs(list(views), key="view", bind="query-params")
    for tab, draw in zip(tabs, views.values(), strict=True):
        if tab.open:
            with tab:
                draw()
