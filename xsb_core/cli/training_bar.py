"""Progress of a training run in the terminal, or line by line where there is none."""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from xsb_core.cli.duration import span

if TYPE_CHECKING:
    from xsb_core.training.progress import Step

STEPS_A_LINE = 50


class TrainingBar:
    """A bar with loss, time left and the development figure; a context manager to be called."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._progress = Progress(
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.description}"),
            console=self._console,
            disable=not self._console.is_terminal,
        )
        self._task = self._progress.add_task("starting …", total=None)
        self._epochs = 0

    def __enter__(self) -> "TrainingBar":
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def __call__(self, step: "Step") -> None:
        """Shows a step."""
        parts = [] if step.loss is None else [f"loss {step.loss:.4f}"]
        if step.left is not None:
            parts.append(f"{span(step.left)} left")
        if step.dev:
            parts.append(f"dev {step.dev[-1]:.2f}")
        text = ", ".join(parts)
        self._progress.update(self._task, completed=step.step, total=step.steps, description=text)
        new_epoch = len(step.dev) > self._epochs
        self._epochs = len(step.dev)
        last = step.step == step.steps
        if not self._console.is_terminal and (new_epoch or last or step.step % STEPS_A_LINE == 0):
            self._console.print(f"step {step.step} of {step.steps}: {text}", highlight=False)
