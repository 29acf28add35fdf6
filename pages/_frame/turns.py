"""Turns: a computation for each core, in the order in which they were asked for.

A pair's products are small: two cores do two pairs in little more than the time of one, and one
pair in little less.
"""

from __future__ import annotations

import os
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
# Each holds a budget of memory.
MOST_AT_ONCE = 4
GiveWay = Callable[[], None]


@dataclass(eq=False)
class _Turn:
    work: float
    since: float = 0.0


def usable_cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Turns:
    """The line of those who wait; the first in it compute.

    A plain lock goes to whoever comes first when it is let go: of ten visitors, one may wait long.
    """

    def __init__(self, cores: int = 1) -> None:
        """Starts without anybody.

        Args:
            cores: What those who compute share; so many, or ``MOST_AT_ONCE``, do at a time.
        """
        self._cores, self._places = cores, min(cores, MOST_AT_ONCE)
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
            waiting = list(self._line)[self._places :]
            if not any(MUCH_LESS * other.work < me.work for other in waiting):
                self._share_threads()
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
        with self._moved:
            self._share_threads()

    def _share_threads(self) -> None:
        """A core for each thread: whoever is alone takes all."""
        if self._places > 1:
            import torch  # noqa: PLC0415 (whoever computes has it; the line is there before)

            threads = self._cores // min(len(self._line), self._places)
            allowed = os.environ.get("OMP_NUM_THREADS", "")
            # for this thread, and where matrices are multiplied for all
            torch.set_num_threads(min(threads, int(allowed)) if allowed.isdecimal() else threads)

    def _ahead(self, me: _Turn) -> int:
        """How many come first; looked at again when the line has moved, or after a while."""
        with self._moved:
            at = self._line.index
            self._moved.wait_for(lambda: at(me) < self._places, SECONDS_BETWEEN_LOOKS)
            return at(me) + 1 - self._places
