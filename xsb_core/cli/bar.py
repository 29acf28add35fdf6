"""A progress bar in the terminal, or lines where there is none."""

from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn

Kind = TypeVar("Kind", bound="Bar")


class Bar:
    """A bar with a text behind it; a context manager."""

    def __init__(self, console: Console | None, *columns: ProgressColumn) -> None:
        self._console = console or Console(stderr=True)
        self._progress = Progress(
            BarColumn(),
            *columns,
            TextColumn("{task.description}"),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._task = self._progress.add_task("starting …", total=None)

    def __enter__(self: Kind) -> Kind:
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def show(self, done: int, total: int | None, text: str) -> None:
        """Moves the bar."""
        self._progress.update(self._task, completed=done, total=total, description=text)

    def line(self, text: str) -> None:
        """Prints a line where there is no terminal to draw a bar on."""
        if not self._console.is_terminal:
            self._console.print(text, highlight=False)
