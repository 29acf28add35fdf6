"""The frame around all pages: setup and navigation."""

from collections.abc import Callable
from importlib import import_module

import streamlit as st

from pages._frame.listed import GROUPS, PAGES
from pages._frame.stale import marking_stale


def main() -> None:
    """Draws the frame and runs the chosen page."""
    st.set_page_config(page_title="XSB Explorer", page_icon="🔎", layout="wide")
    # the answer is to be on the first screen
    st.html(
        "<style>.stMainBlockContainer { padding: 2.5rem 2rem 4rem; } "
        ".stColumn:has(.st-key-explain) { min-width: 6rem; } "
        "[data-edited] .stMainBlockContainer::after { content: 'The texts have changed: what is "
        "shown is of those before. Press Explain.'; position: fixed; bottom: 1rem; right: 1rem; "
        "z-index: 999; padding: 0.4rem 0.8rem; border-radius: 0.5rem; background: #fff3cd; "
        "color: #533f03; max-width: 90vw; }</style>"
    )
    first = next(iter(PAGES))
    front = st.Page(drawing(first), title=PAGES[first], default=True)
    # the first page's own link leads to "/", where the navigation marks it
    own = st.Page(going_to(front), title=PAGES[first], url_path=first, visibility="hidden")
    groups = {
        group: [
            st.Page(drawing(name), title=title, url_path=name)
            for name, title in pages.items()
            if name != first
        ]
        for group, pages in GROUPS.items()
    }
    next(iter(groups.values()))[:0] = front, own
    with marking_stale():
        st.navigation(groups).run()


def drawing(name: str) -> Callable[[], None]:
    """What draws a page. It is imported when it is asked for, so that the frame stands at once."""

    def draw() -> None:
        with st.spinner("Starting …"):
            module = import_module(f"pages.{name}.page")
        module.page()

    return draw


def going_to(page: st.Page) -> Callable[[], None]:
    """What leads to another page, with all that the link says."""

    def go() -> None:
        asked = {name: st.query_params.get_all(name) for name in st.query_params}
        st.switch_page(page, query_params=asked)

    return go


if __name__ == "__main__":
    main()
