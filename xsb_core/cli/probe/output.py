"""What a probe writes: the table as CSV and JSON, the figure as a page."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xsb_core.cli.writing import writing

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    from xsb_core.studies.lexical.same_tokens import LexicalStudy
    from xsb_core.studies.syntax.relations import SyntaxStudy


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
    from xsb_core.figures.study_page import study_page

    rows = json.loads(table.to_json(orient="records"))
    text = json.dumps({"found": list(sentences), "rows": rows}, ensure_ascii=False, indent=1)
    write_table(out, name, table)
    with writing(out):
        (out / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        (out / f"{name}.html").write_text(study_page(title, sentences, figures), encoding="utf-8")
    for sentence in sentences:
        print(sentence)
    print(f"{out}: {name}.csv, {name}.json, and the figure, {name}.html.")


def write_table(out: Path, name: str, table: "pd.DataFrame") -> None:
    """Writes NAME.csv into a folder, which is made where it lacks."""
    from xsb_core.attribution.cells import to_csv

    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
        (out / f"{name}.csv").write_text(to_csv(table), encoding="utf-8")


def write_model_study(out: Path, model: str, study: "LexicalStudy | SyntaxStudy") -> None:
    """Writes a model's study into a folder, which is made where it lacks."""
    from xsb_core.studies.study_file import save_study

    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
        save_study(study, out / f"{model.replace('/', '--')}.parquet")


def write_study(path: Path, table: "pd.DataFrame") -> None:
    """Writes a study's table as it ships."""
    with writing(path, "--study"):
        path.parent.mkdir(parents=True, exist_ok=True)
        table.to_parquet(path, index=False, compression="zstd")


def write_figure(
    path: Path,
    out: Path,
    title: str,
    sentences: Sequence[str],
    figures: Mapping[str, "go.Figure"],
) -> None:
    """Writes a probe's figures as a page of their own, and says what it found.

    Args:
        path: The page; its folder is made where it lacks.
        out: Where the data are.
        title: Heading of the page.
        sentences: What was found.
        figures: By what they show.
    """
    from xsb_core.figures.study_page import study_page

    with writing(path, "--figure"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(study_page(title, sentences, figures), encoding="utf-8")
    for sentence in sentences:
        print(sentence)
    print(f"Data in {out}, figure in {path}.")
