"""Progress in the terminal, and line by line where there is none."""

import io

from rich.console import Console

from xsb_core.cli.training_bar import TrainingBar
from xsb_core.training.progress import Step


def shown(steps: list[Step], *, terminal: bool) -> str:
    file = io.StringIO()
    console = Console(file=file, force_terminal=terminal, width=100, color_system=None)
    with TrainingBar(console) as bar:
        for step in steps:
            bar(step)
    return file.getvalue()


def test_a_terminal_shows_loss_and_time_left():
    text = shown([Step(150, 1800, 0.02239, 1390.0, (88.934,))], terminal=True)
    assert "150/1800" in text
    assert "loss 0.0224, 23:10 left, dev 88.93" in text


def test_elsewhere_a_line_now_and_then():
    steps = [
        Step(i, 120, None if i < 10 else 0.5, 3700.0 - i, (80.0,) if i > 60 else ())
        for i in range(1, 121)
    ]
    lines = shown(steps, terminal=False).splitlines()
    assert lines == [
        "step 50 of 120: loss 0.5000, 1:00:50 left",
        "step 61 of 120: loss 0.5000, 1:00:39 left, dev 80.00",
        "step 100 of 120: loss 0.5000, 1:00:00 left, dev 80.00",
        "step 120 of 120: loss 0.5000, 59:40 left, dev 80.00",
    ]
