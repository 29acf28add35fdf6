"""Progress of a training run in the terminal, or line by line where there is none."""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import MofNCompleteColumn

from xsb_core.attribution.numerals import span
from xsb_core.cli.bar import Bar

if TYPE_CHECKING:
    from xsb_core.training.progress import Step

STEPS_A_LINE = 50


class TrainingBar(Bar):
    """A bar with loss, time left and the development figure; to be called."""

    def __init__(self, console: Console | None = None) -> None:
        super().__init__(console, MofNCompleteColumn())
        self._epochs = 0

    def __call__(self, step: "Step") -> None:
        """Shows a step."""
        parts = [] if step.loss is None else [f"loss {step.loss:.4f}"]
        if step.left is not None:
            parts.append(f"{span(step.left)} left")
        if step.dev:
            parts.append(f"dev {step.dev[-1]:.2f}")
        text = ", ".join(parts)
        self.show(step.step, step.steps, text)
        new_epoch = len(step.dev) > self._epochs
        self._epochs = len(step.dev)
        last = step.step == step.steps
        if new_epoch or last or step.step % STEPS_A_LINE == 0:
            self.line(f"step {step.step} of {step.steps}: {text}")
