"""What a probe writes: the table as CSV and JSON, the figure as a page."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go


def write_probe(
    out: Path,
    name: str,
    table: "pd.DataFrame",
    title: str,
    sentences: Sequence[str],
    figures: Mapping[str, "go.Figure"],
) -> None:
    """Writes a probe's files into a folder, and says what it found.

    Args:
        out: The folder; made where it lacks.
        name: The files' name, before the suffix.
        table: One row a case.
        title: Heading of the figures' page.
        sentences: What was found.
        figures: By what they show.
    """
    from xsb_core.cells import to_csv
    from xsb_core.figures.study_page import study_page

    out.mkdir(parents=True, exist_ok=True)
    (out / f"{name}.csv").write_text(to_csv(table), encoding="utf-8")
    rows = json.loads(table.to_json(orient="records"))
    text = json.dumps({"found": list(sentences), "rows": rows}, ensure_ascii=False, indent=1)
    (out / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    (out / f"{name}.html").write_text(study_page(title, sentences, figures), encoding="utf-8")
    for sentence in sentences:
        print(sentence)
    print(f"{out}: {name}.csv, {name}.json, and the figure, {name}.html.")


def write_study(path: Path, table: "pd.DataFrame") -> None:
    """Writes a study's table as it ships."""
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_parquet(path, index=False, compression="zstd")
