"""Turns: computations are done one at a time, in the order in which they were asked for."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st

from pages._frame.jobs import SECONDS_BETWEEN_LOOKS

# A computation lets others before it after so many seconds, those of so small a part of its work: a
# passage lets sentences, and sentences do not keep one another waiting.
QUANTUM, MUCH_LESS = 0.5, 16
GiveWay = Callable[[], None]


@dataclass(eq=False)
class _Turn:
    work: float
    since: float = 0.0


class Turns:
    """The line of those who wait; the first in it computes.

    A plain lock goes to whoever comes first when it is let go: of ten visitors, one may wait long.
    """

    def __init__(self) -> None:
        self._line: deque[_Turn] = deque()
        self._moved = threading.Condition()

    @contextmanager
    def turn(self, work: float = 0.0) -> Iterator[GiveWay]:
        """Waits until it is one's turn; the page says so, and stays free to be left.

        Args:
            work: How much is to be done, in any unit that is always the same.

        Yields:
            What to call between the parts of the work: after a while it goes to the end of the line
            where someone with much less work waits.
        """
        me = _Turn(work)
        with self._moved:
            self._line.append(me)
        try:
            self._wait(me)
            yield lambda: self._give_way(me)
        finally:
            with self._moved:
                self._line.remove(me)
                self._moved.notify_all()

    def _give_way(self, me: _Turn) -> None:
        if time.monotonic() - me.since < QUANTUM:
            return
        with self._moved:
            if not any(MUCH_LESS * other.work < me.work for other in self._line if other is not me):
                return
            self._line.remove(me)
            self._line.append(me)
            self._moved.notify_all()
        self._wait(me)

    def _wait(self, me: _Turn) -> None:
        notice = None
        while (ahead := self._ahead(me)) > 0:
            # Streamlit ends the run here when an input has changed, or the page was left
            notice = notice or st.empty()
            others = "one computation" if ahead == 1 else f"{ahead} computations"
            notice.info(f"Waiting for {others} of other sessions to end …")
        if notice:
            notice.empty()
        me.since = time.monotonic()

    def _ahead(self, me: _Turn) -> int:
        """How many come first; looked at again when the line has moved, or after a while."""
        with self._moved:
            self._moved.wait_for(lambda: self._line[0] is me, SECONDS_BETWEEN_LOOKS)
            return self._line.index(me)
