"""Loading without transformers' progress bars and notes, and none of that left behind."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from huggingface_hub.utils import are_progress_bars_disabled, disable_progress_bars
from transformers.utils import logging

_lock = threading.Lock()
# What was set before the first of the loads that are under way, in all threads.
_before: list[Callable[[], None]] = []
_depth = 0


@contextmanager
def quiet_transformers() -> Iterator[None]:
    """No progress bars and no notes from transformers, but errors.

    The settings are the process's: they come back when the last of several loads has ended.
    """
    global _depth
    with _lock:
        if _depth == 0:
            _before.append(_restoring())
            logging.disable_progress_bar()
            logging.set_verbosity_error()
        _depth += 1
    try:
        yield
    finally:
        with _lock:
            _depth -= 1
            if _depth == 0:
                _before.pop()()


def _restoring() -> Callable[[], None]:
    """What brings back the settings of now."""
    verbosity, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    hub_bars = not are_progress_bars_disabled()

    def restore() -> None:
        logging.set_verbosity(verbosity)
        if bars:
            logging.enable_progress_bar()  # the hub's too
        if bars and not hub_bars:
            disable_progress_bars()

    return restore
