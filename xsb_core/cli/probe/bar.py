"""Progress of a probe in the terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import TimeRemainingColumn

from xsb_core.cli.bar import Bar


@contextmanager
def bar(label: str) -> Iterator[Callable[[float], None]]:
    """A bar with the time left; gives what is to be told the share done, in [0, 1]."""
    with Bar(None, TimeRemainingColumn()) as shown:
        yield lambda share: shown.show(round(100 * share), 100, label)
