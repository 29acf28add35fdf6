"""What a study found, as a command writes and says it."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from xsb_core.cli.writing import writing

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from xsb_core.studies.findings import Findings
    from xsb_core.studies.gathered import Gathered


def write_findings(
    findings: "Findings",
    out: Path,
    *kinds: str,
    page: Path | None = None,
    figures: "Mapping[str, go.Figure] | None" = None,
) -> None:
    """Writes a study's files, and prints what it found.

    Args:
        findings: What it found.
        out: The folder for its data; made where it lacks.
        kinds: Of data: csv, parquet, json.
        page: The page with its figures; default in the folder, by the study's name. Its own folder
            is made where it lacks.
        figures: By what they show, in place of the study's own.
    """
    from xsb_core.figures.findings import findings_file

    written = [out / f"{findings.name}.{kind}" for kind in kinds]
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
        for path, kind in zip(written, kinds, strict=True):
            path.write_bytes(findings_file(findings, kind))
    page = page or out / f"{findings.name}.html"
    with writing(page, "--figure"):
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_bytes(findings_file(findings, "html", figures))
    for answer in findings.answers:
        print(answer)
    for line in findings.beside:
        print(f"{line.what}: {line.here}; the paper: {line.paper}")
    for note in findings.notes:
        print(f"Note: {note}")
    print(f"{', '.join(map(str, written))} and {page}")


def write_gathered(gathered: "Gathered", out: Path) -> None:
    """Writes what was gathered of a model into a folder, which is made where it lacks."""
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
        gathered.save(out / gathered.file_name)


def write_shipped(table: "pd.DataFrame", path: Path) -> None:
    """Writes a study's table as it ships."""
    with writing(path, "--study"):
        path.parent.mkdir(parents=True, exist_ok=True)
        table.to_parquet(path, index=False, compression="zstd")
