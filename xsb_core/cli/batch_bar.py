"""Progress of a run over a table in the terminal, or line by line where there is none."""

import time
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from xsb_core.cli.duration import span

if TYPE_CHECKING:
    from xsb_core.corpus.progress import Advance

SECONDS_A_LINE = 10.0


class BatchBar:
    """A bar with pairs, their rate and the time left; a context manager to be called."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._progress = Progress(
            BarColumn(),
            TextColumn("{task.description}"),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._task = self._progress.add_task("starting …", total=None)
        self._told, self._ended = -SECONDS_A_LINE, False

    def __enter__(self) -> "BatchBar":
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def __call__(self, advance: "Advance") -> None:
        """Shows how far it is."""
        of = "" if advance.total is None else f" of {advance.total}"
        parts = [f"{advance.done}{of} pairs"]
        if advance.rate is not None:
            parts.append(f"{advance.rate:.1f} pairs per second")
        if advance.left is not None:
            parts.append(f"{span(advance.left)} left")
        text = ", ".join(parts)
        self._progress.update(
            self._task, completed=advance.done, total=advance.total, description=text
        )
        now = time.monotonic()
        at_end = advance.done == advance.total
        due = now - self._told >= SECONDS_A_LINE or at_end
        if not self._console.is_terminal and due and not self._ended:
            self._told, self._ended = now, at_end
            self._console.print(text, highlight=False)
