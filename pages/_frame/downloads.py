"""Download buttons."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.components import v2 as components

from xsb_core import Attribution, Look, cell_table, to_csv

_MIME = {
    "json": "application/json",
    "jsonl": "application/jsonl",
    "csv": "text/csv",
    "html": "text/html",
    "tex": "application/x-tex",
    "parquet": "application/vnd.apache.parquet",
}


def button(name: str, title: str = "") -> Callable[..., Any]:
    """A button that works in the browser: what it does is in NAME.js, beside its style."""
    own = Path(__file__).parent
    return components.component(
        f"xsb_{name}",
        html=f'<button type="button" title="{title}"></button>',
        css=(own / "button.css").read_text(encoding="utf-8"),
        js=(own / f"{name}.js").read_text(encoding="utf-8"),
    )


_PNG = button("png")


def png_config(name: str) -> dict:
    """Plotly settings under which a chart's camera saves a sharp PNG of that name."""
    return {
        "displayModeBar": True,
        "displaylogo": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": "png", "filename": name, "scale": 2},
    }


@dataclass(frozen=True)
class File:
    """A file to download, made when it is asked for; the end of its name says what it is."""

    label: str
    name: str
    make: Callable[[], str | bytes]
    help: str


def csv_file(name: str, table: Callable[[], pd.DataFrame], help: str, label: str = "CSV") -> File:
    """A table to download as NAME.csv."""
    return File(label, f"{name}.csv", lambda: to_csv(table()), help)


def html_file(name: str, page: Callable[[], str], label: str = "HTML") -> File:
    """A page to download as NAME.html."""
    what = "A page with the figures that opens anywhere, without a network."
    return File(label, f"{name}.html", page, what)


def result_files(
    name: str,
    results: Sequence[Attribution],
    said: Sequence[dict[str, Any]],
    look: Look,
    columns: Mapping[str, Sequence[str]] = {},
) -> list[File]:
    """Results as NAME.json, each with what is said of it, and the cells shown as NAME.csv.

    ``columns`` has what each result is told from others by, besides its model.
    """

    def everything() -> str:
        values = [
            own | {"result": result.to_dict()} for own, result in zip(said, results, strict=True)
        ]
        return json.dumps(values, ensure_ascii=False) + "\n"

    def cells() -> pd.DataFrame:
        tables = [cell_table(result, look).assign(model=result.model) for result in results]
        for column, values in columns.items():
            for table, value in zip(tables, values, strict=True):
                table[column] = value
        return pd.concat(tables)

    whole = "Each result with its settings, at token level, and what is said of it above."
    return [
        File("JSON", f"{name}.json", everything, whole),
        csv_file(name, cells, "The cells shown, one row a cell."),
    ]


def download_row(files: list[File], pictures: dict[str, str]) -> None:
    """A row of buttons, which breaks where the window is narrow.

    Args:
        files: What to offer.
        pictures: By label, which begins with PNG or SVG, the keys of charts to offer.
    """
    with st.container(horizontal=True):
        for file in files:
            st.download_button(
                file.label,
                file.make,
                file.name,
                _MIME[file.name.rpartition(".")[2]],
                on_click="ignore",
                help=file.help,
            )
        for label, chart in pictures.items():
            kind = label[:3].lower()
            data = {"chart": chart, "label": label, "format": kind}
            _PNG(key=f"{kind}_{chart}", data=data, width="content")
