"""Download buttons."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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

# The browser already holds the figure, with fonts for any script; its own camera takes the picture.
_PNG_JS = """
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  button.textContent = data.label;
  button.onclick = () => {
    const camera = document.querySelector(
      `.st-key-${data.chart} .modebar-btn[data-attr="toImage"], ` +
      `.st-key-${data.chart} .modebar-btn[data-title*="png" i]`
    );
    if (!camera) return;
    // the camera saves what its chart's settings say at that moment
    const context = camera.closest(".js-plotly-plot")._context;
    const kept = context.toImageButtonOptions;
    context.toImageButtonOptions = { ...kept, format: data.format };
    camera.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    context.toImageButtonOptions = kept;
  };
}
"""
BUTTON_CSS = """
button {
  font: inherit; font-size: 0.875rem; white-space: nowrap; padding: 0.25rem 0.75rem;
  min-height: 2.5rem; cursor: pointer;
  background: var(--st-background-color); color: var(--st-text-color);
  border: 1px solid var(--st-widget-border-color, var(--st-border-color));
  border-radius: var(--st-button-radius);
}
button:hover { border-color: var(--st-primary-color); color: var(--st-primary-color); }
"""
_PNG = components.component(
    "xsb_png_button",
    html='<button type="button"></button>',
    css=BUTTON_CSS,
    js=_PNG_JS,
)


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
