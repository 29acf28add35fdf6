"""Attributions for pages: computed one at a time, kept for all sessions, with progress."""

import threading
import time
from collections import OrderedDict

import streamlit as st

from xsb_core import Attribution, Encoder, attribute

KEPT = 256
# Nothing is said about work that is done before a reader would wonder.
QUIET_SECONDS = 1.0


class Results:
    """The last results, shared by all sessions, and the lock under which new ones are made."""

    def __init__(self) -> None:
        self.working = threading.Lock()
        self._kept: OrderedDict[tuple, Attribution] = OrderedDict()
        self._guard = threading.Lock()

    def get(self, key: tuple) -> Attribution | None:
        """A kept result, or None."""
        with self._guard:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: tuple, result: Attribution) -> None:
        """Keeps a result, and drops the one longest unused."""
        with self._guard:
            self._kept[key] = result
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)


@st.cache_resource
def _results() -> Results:
    return Results()


def pair_attribution(encoder: Encoder, text_a: str, text_b: str, layer: int) -> Attribution:
    """A pair's token-level attribution, with a progress bar where it takes long.

    A change of an input ends a running computation at its next sign of progress.

    Raises:
        ValueError: What ``attribute`` raises, for texts or layers that can't be used.
    """
    results = _results()
    key = (encoder.name, encoder.revision, text_a, text_b, layer)
    kept = results.get(key)
    if kept is not None:
        return kept
    if results.working.locked():
        notice = st.info("Waiting for another session's computation to end …")
        with results.working:
            pass  # the turn is taken below, with a clock that starts then
        notice.empty()
    with results.working:
        bar = Progress("Attributing the score …")
        try:
            result = attribute(encoder, text_a, text_b, layer, progress=bar)
        finally:
            bar.close()
    results.put(key, result)
    return result


class Progress:
    """A progress bar with the time left, shown once the work takes longer than a second."""

    def __init__(self, label: str) -> None:
        self._label = label
        self._start = time.monotonic()
        self._place = st.empty()

    def __call__(self, share: float) -> None:
        """Shows the share done; Streamlit ends the run here when an input has changed."""
        spent = time.monotonic() - self._start
        if spent > QUIET_SECONDS and share > 0:
            left = spent * (1 - share) / share
            self._place.progress(min(share, 1.0), f"{self._label} about {left:.0f} s left")

    def close(self) -> None:
        """Takes the bar away."""
        self._place.empty()
