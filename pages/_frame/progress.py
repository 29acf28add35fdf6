"""Progress of what a page computes itself, with the time left and a way to cancel it."""

import time

import streamlit as st

# Nothing is said about work that is done before a reader would wonder.
QUIET_SECONDS = 1.0
_CANCELLED = "_cancelled"


def _cancel(of: tuple) -> None:
    st.session_state[_CANCELLED] = of


def stop_if_cancelled(of: tuple) -> None:
    """Computes nothing that was cancelled before it is asked for anew."""
    if st.session_state.get(_CANCELLED) == of:
        st.info("Cancelled. Change an input, or go on with these.")
        st.button("Go on", on_click=st.session_state.pop, args=(_CANCELLED,))
        st.stop()


class ProgressBar:
    """A progress bar with the time left, shown once the work takes longer than a second."""

    def __init__(self, label: str, of: tuple | None = None) -> None:
        """Prepares it; ``of`` is what a button beside it cancels."""
        self._label, self._of = label, of
        self._start = time.monotonic()
        self._place, self._bar = st.empty(), None

    def __call__(self, share: float) -> None:
        """Shows the share done; Streamlit ends the run here when an input has changed."""
        spent = time.monotonic() - self._start
        if spent > QUIET_SECONDS and share > 0:
            left = spent * (1 - share) / share
            if self._bar is None:
                with self._place.container(horizontal=True, vertical_alignment="center"):
                    self._bar = st.empty()
                    if self._of:
                        key = f"cancel_{hash(self._of)}"
                        st.button("Cancel", key=key, on_click=_cancel, args=(self._of,))
            self._bar.progress(min(share, 1.0), f"{self._label} about {left:.0f} s left")

    def close(self) -> None:
        """Takes the bar away."""
        self._place.empty()
