"""What a run over a table tells while it runs."""

import time
from collections.abc import Callable
from typing import NamedTuple


class Advance(NamedTuple):
    """A sign of progress.

    Attributes:
        done: Input rows done, earlier runs' included; within a part, by its share of the work.
        total: Input rows in all; None where that isn't known.
        rate: Rows a second of this run; None before the first.
        left: Seconds to go at this rate; None where that can't be told.
    """

    done: int
    total: int | None
    rate: float | None
    left: float | None

    @property
    def speed(self) -> str | None:
        """The rate in words."""
        if self.rate is None:
            return None
        if self.rate < 0.5:
            return f"{60 * self.rate:.1f} pairs per minute"
        return f"{self.rate:.1f} pairs per second"


Watch = Callable[[Advance], None]


class Reporter:
    """Tells a watcher how far a run is; its clock starts with it."""

    def __init__(self, watch: Watch | None, total: int | None) -> None:
        self._watch, self._total = watch, total
        self._start, self._earlier, self._done = time.monotonic(), 0, 0

    def skip(self, rows: int) -> None:
        """Notes rows that an earlier run did."""
        self._earlier += rows
        self.tell(0.0)

    def finish(self, rows: int) -> None:
        """Notes rows that this run did."""
        self._done += rows
        self.tell(0.0)

    def tell(self, more: float) -> None:
        """Tells of all that, and of some rows more that are nearly done."""
        if self._watch is None:
            return
        done = self._done + more
        rate = done / (time.monotonic() - self._start) if done else None
        left = None
        if rate and self._total is not None:
            left = max(0.0, self._total - self._earlier - done) / rate
        self._watch(Advance(int(self._earlier + done), self._total, rate, left))
