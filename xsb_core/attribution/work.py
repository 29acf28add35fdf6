"""Telling how much of some work is done, piece by piece."""

from collections.abc import Sequence

from xsb_core.encoders.tokenising import Tokenised
from xsb_core.integration.jacobians import Progress


class Work:
    """How much of some work is done."""

    def __init__(self, total: float, progress: Progress | None) -> None:
        self._total, self._progress = total, progress
        self._done, self._told = 0.0, 0.0

    def add(self, cost: float) -> None:
        """Notes that so much more is done."""
        self._done += cost
        self._tell(self._done)

    def within(self, cost: float) -> Progress:
        """A watcher of a piece of work of this size."""
        return lambda share: self._tell(self._done + share * cost)

    def _tell(self, done: float) -> None:
        # a piece may begin anew with more nodes: what was told is not taken back
        if self._progress is not None and done / self._total > self._told:
            self._told = done / self._total
            self._progress(self._told)


def cost_of(texts: Sequence[Tokenised]) -> float:
    """What texts take, about: as many tangents as tokens, each of as many positions."""
    return float(sum(len(text) ** 2 for text in texts))
