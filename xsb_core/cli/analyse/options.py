"""Arguments that the commands share, and how they open results."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xsb_core.cli.probe.options import bar
from xsb_core.cli.writing import check_folder

if TYPE_CHECKING:
    from xsb_core.studies.measurements import Measurements

Paths = Annotated[
    list[Path],
    typer.Argument(help="Results of batch runs over one set of pairs: folders or Parquet files."),
]
Out = Annotated[Path, typer.Option(help="Folder to write the data and the figure into.")]
Kind = Annotated[str, typer.Option("--data", help="Data as csv or parquet.")]


def measured(paths: list[Path], *, agreements: bool) -> "Measurements":
    """Measures results, with a bar."""
    from xsb_core.studies.measurements import measure_runs

    with bar("measuring") as progress:
        return measure_runs(paths, progress, agreements=agreements)


def check_output(kind: str, out: Path) -> None:
    """Refuses a kind of data, or a folder, before any work.

    Raises:
        ValueError: For another kind, or a folder that can't be written.
    """
    check_folder(out)
    if kind not in ("csv", "parquet"):
        raise ValueError(f"--data is csv or parquet, not {kind!r}.")
