"""While a page is computed anew, what it still shows is marked as of the old model and layer."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

_SHOWN = "_shown_of"
# A run that is over by then changes nothing that a reader has looked at.
_SECONDS = 0.7


def shown_of(what: str) -> None:
    """Notes what a part of the page is of, such as a model and its layer."""
    noted = st.session_state.setdefault(_SHOWN, [])
    if what not in noted:
        noted.append(what)


@contextmanager
def marking_stale() -> Iterator[None]:
    """Runs a page; while it runs the next time, a mark says what is shown until then."""
    st.session_state[_SHOWN] = []
    yield
    if not (noted := st.session_state[_SHOWN]):
        return
    first, more = noted[0], len(noted) - 1
    said = f"Still shown: {first}{f' and {more} more' if more else ''}. The new result follows."
    # names may be a visitor's: in a style, nothing but letters and digits stays as it is
    said = re.sub(r"[^\w .,-]", lambda found: f"\\{ord(found[0]):x} ", said)
    st.html(
        "<style>@keyframes xsb-late { to { opacity: 1; } } "
        ".stApp[data-test-script-state=running] .stMainBlockContainer::before { "
        f'content: "{said}"; position: fixed; bottom: 1rem; right: 1rem; z-index: 999; opacity: 0; '
        f"animation: xsb-late 0.2s {_SECONDS}s forwards; padding: 0.4rem 0.8rem; "
        "border-radius: 0.5rem; background: #fff3cd; color: #533f03; max-width: 90vw; }</style>"
    )
