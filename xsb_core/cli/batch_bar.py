"""Progress of a run over a table in the terminal, or line by line where there is none."""

import time
from typing import TYPE_CHECKING

from rich.console import Console

from xsb_core.attribution.numerals import span
from xsb_core.cli.bar import Bar

if TYPE_CHECKING:
    from xsb_core.corpus.progress import Advance

SECONDS_A_LINE = 10.0


class BatchBar(Bar):
    """A bar with pairs, their rate and the time left; to be called."""

    def __init__(self, console: Console | None = None) -> None:
        super().__init__(console)
        self._told, self._ended = -SECONDS_A_LINE, False

    def __call__(self, advance: "Advance") -> None:
        """Shows how far it is."""
        of = "" if advance.total is None else f" of {advance.total}"
        parts = [f"{advance.done}{of} pairs"]
        if advance.speed is not None:
            parts.append(advance.speed)
        if advance.left is not None:
            parts.append(f"{span(advance.left)} left")
        text = ", ".join(parts)
        self.show(advance.done, advance.total, text)
        now = time.monotonic()
        at_end = advance.done == advance.total
        due = now - self._told >= SECONDS_A_LINE or at_end
        if due and not self._ended:
            self._told, self._ended = now, at_end
            self.line(text)
