"""Options that probes share, and their progress."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import TimeRemainingColumn

from xsb_core.cli.bar import Bar
from xsb_core.cli.writing import check_file, check_folder

if TYPE_CHECKING:
    from xsb_core.encoders.encoder import Encoder

Models = Annotated[
    list[str] | None,
    typer.Option(help="A model; given twice, two side by side. Default: shelf and exact."),
]
Out = Annotated[Path, typer.Option(help="Folder for the table (CSV, JSON) and the figures (HTML).")]
Study = Annotated[
    Path | None,
    typer.Option(help="Also write this .parquet file, without sentences, as it ships."),
]
PairOut = Annotated[Path, typer.Option(help="Folder for data and figure; made where it lacks.")]
Results = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Results of 'batch', one or several of each model; without any, the texts below are "
        "attributed.",
    ),
]
PairModels = Annotated[
    list[str] | None,
    typer.Option("--model", help="Without results: one model or two; default shelf and exact."),
]
PairLayer = Annotated[
    int | None, typer.Option("--layer", help="Without results: default three quarters up.")
]
Figure = Annotated[
    Path | None, typer.Option(help="File for the figure; default in the folder, as the probe.")
]
DEFAULT_MODELS = ("shelf", "exact")


def page_of(probe: str, out: Path, figure: Path | None) -> Path:
    """The file for the figure; both it and the folder are refused here if they can't be written.

    Raises:
        ValueError: If they can't.
    """
    page = figure or out / f"{probe}.html"
    check_folder(out)
    check_file(page, "--figure")
    return page


def one_or_two(models: Sequence[str] | None) -> Sequence[str]:
    """The models to set side by side.

    Raises:
        ValueError: If there are more than two.
    """
    if models and len(models) > 2:
        raise ValueError(f"One model or two can stand side by side; got {len(models)}.")
    return models or DEFAULT_MODELS


def each_encoder(
    models: Sequence[str | None],
) -> Iterator[tuple["Encoder", Callable[[float], None]]]:
    """Loads models one after the other; with each comes what shows its progress."""
    from xsb_core.encoders.loading import load_encoder

    for encoder in map(load_encoder, dict.fromkeys(models)):
        with bar(encoder.name) as progress:
            yield encoder, progress


@contextmanager
def bar(label: str) -> Iterator[Callable[[float], None]]:
    """A bar with the time left; gives what is to be told the share done, in [0, 1]."""
    with Bar(None, TimeRemainingColumn()) as shown:
        yield lambda share: shown.show(round(100 * share), 100, label)
