"""Options that probes share, and their progress."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import TimeRemainingColumn

from xsb_core.cli.bar import Bar

Models = Annotated[
    list[str] | None,
    typer.Option(help="A model; given twice, two side by side. Default: shelf and exact."),
]
Study = Annotated[
    Path | None,
    typer.Option(help="Also write this .parquet file, without sentences, as it ships."),
]
PairOut = Annotated[Path, typer.Option(help="Folder for data and figure; made where it lacks.")]
DEFAULT_MODELS = ("shelf", "exact")


def one_or_two(models: Sequence[str] | None) -> Sequence[str]:
    """The models to set side by side.

    Raises:
        ValueError: If there are more than two.
    """
    if models and len(models) > 2:
        raise ValueError(f"One model or two can stand side by side; got {len(models)}.")
    return models or DEFAULT_MODELS


@contextmanager
def bar(label: str) -> Iterator[Callable[[float], None]]:
    """A bar with the time left; gives what is to be told the share done, in [0, 1]."""
    with Bar(None, TimeRemainingColumn()) as shown:
        yield lambda share: shown.show(round(100 * share), 100, label)
