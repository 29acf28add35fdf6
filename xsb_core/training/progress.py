"""What a training run tells while it runs."""

import time
from collections.abc import Callable
from typing import Any, NamedTuple

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments


class Step(NamedTuple):
    """A sign of progress.

    Attributes:
        step: Optimizer steps done.
        steps: Steps in all.
        loss: The latest loss, a mean over some steps; None before the first.
        left: Seconds to go, from the pace so far; None before the first step.
        dev: Spearman × 100 on the development pairs after each epoch so far.
    """

    step: int
    steps: int
    loss: float | None
    left: float | None
    dev: tuple[float, ...]


Watch = Callable[[Step], None]


def dev_figures(state: TrainerState) -> tuple[float, ...]:
    """Spearman × 100 on the development pairs, one an epoch, from the trainer's log."""
    return tuple(
        100 * value
        for entry in state.log_history
        for name, value in entry.items()
        if name.startswith("eval_dev_spearman")
    )


class Clock(TrainerCallback):
    """Has the run saved between its epochs, and tells each time how long it has taken so far."""

    def __init__(self, note: Callable[[float], None], every: int) -> None:
        """Takes what is told, and after how many steps the run is saved."""
        self._note, self._every, self._start = note, every, time.perf_counter()

    def on_step_end(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        **kwargs: Any,
    ) -> None:
        """Asks for a checkpoint where one is due; epochs end with one anyway."""
        if state.global_step % self._every == 0:
            control.should_save = True

    def on_save(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        **kwargs: Any,
    ) -> None:
        """Tells the seconds since the run began, or was resumed."""
        self._note(self.seconds)

    @property
    def seconds(self) -> float:
        """Seconds since the run began, or was resumed."""
        return time.perf_counter() - self._start


class Reporter(TrainerCallback):
    """Tells a watcher of each step."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._loss: float | None = None

    def on_train_begin(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        **kwargs: Any,
    ) -> None:
        """Starts the clock; a resumed run counts its own steps only."""
        self._start, self._first = time.monotonic(), state.global_step

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        """Notes the loss."""
        if logs and "loss" in logs:
            self._loss = float(logs["loss"])

    def on_step_end(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        **kwargs: Any,
    ) -> None:
        """Tells of a step."""
        done = state.global_step - self._first
        pace = (time.monotonic() - self._start) / done
        left = pace * (state.max_steps - state.global_step)
        self._watch(Step(state.global_step, state.max_steps, self._loss, left, dev_figures(state)))
