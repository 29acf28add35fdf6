"""Arguments that the commands share, and how they open results and write figures."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from xsb_core.cli.writing import check_folder, writing

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from xsb_core.studies.finding import Line
    from xsb_core.studies.references.study import Study

Paths = Annotated[
    list[Path],
    typer.Argument(help="Results of batch runs over one set of pairs: folders or Parquet files."),
]
Out = Annotated[Path, typer.Option(help="Folder to write the data and the figure into.")]
Kind = Annotated[str, typer.Option("--data", help="Data as csv or parquet.")]


def opened(paths: list[Path], agreements: bool) -> "Study":
    """Measures results, with a bar."""
    from xsb_core.studies.references.study import study_of

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("measuring", total=1.0)
        return study_of(
            paths, lambda share: progress.update(task, completed=share), agreements=agreements
        )


def write(
    out: Path,
    name: str,
    kind: str,
    table: "pd.DataFrame",
    title: str,
    figures: "Mapping[str, go.Figure]",
    lines: "Sequence[Line]",
    notes: Sequence[str],
) -> None:
    """Writes NAME.csv or NAME.parquet and NAME.html, and prints what they say.

    Raises:
        ValueError: For another kind, or a folder that can't be written.
    """
    from xsb_core.attribution.cells import to_csv
    from xsb_core.figures.study_page import study_page

    checked(kind, out)
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
        if kind == "csv":
            (out / f"{name}.csv").write_text(to_csv(table), encoding="utf-8")
        else:
            table.to_parquet(out / f"{name}.parquet", index=False)
        page = study_page(title, notes, figures, lines)
        (out / f"{name}.html").write_text(page, encoding="utf-8")
    for line in lines:
        print(f"{line.what}: {line.here}; the paper: {line.paper}")
    for note in notes:
        print(f"Note: {note}")
    print(f"{out / name}.{kind} and {out / name}.html")


def checked(kind: str, out: Path) -> None:
    """Refuses a kind of data, or a folder, before any work.

    Raises:
        ValueError: For another kind, or a folder that can't be written.
    """
    check_folder(out)
    if kind not in ("csv", "parquet"):
        raise ValueError(f"--data is csv or parquet, not {kind!r}.")
