"""Download buttons of a result."""

import streamlit as st

from xsb_core import Attribution, cell_table, to_csv
from xsb_core.figures import html_report

# The browser already holds the figure, with fonts for any script; its own camera takes the picture.
_PNG_JS = """
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector("button");
  button.onclick = () => {
    const camera = document.querySelector(
      `.st-key-${data.chart} .modebar-btn[data-attr="toImage"], ` +
      `.st-key-${data.chart} .modebar-btn[data-title*="png" i]`
    );
    if (camera) camera.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  };
}
"""
_PNG_CSS = """
button {
  font: inherit; width: 100%; min-height: 2.5rem; cursor: pointer;
  background: var(--st-background-color); color: var(--st-text-color);
  border: 1px solid var(--st-widget-border-color, var(--st-border-color));
  border-radius: var(--st-button-radius);
}
button:hover { border-color: var(--st-primary-color); color: var(--st-primary-color); }
"""
_PNG = st.components.v2.component(
    "xsb_png_button",
    html='<button type="button">PNG of the heatmap</button>',
    css=_PNG_CSS,
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


def downloads(
    result: Attribution, shown: Attribution, special: bool, border: bool, chart: str
) -> None:
    """JSON of the token-level result; CSV, HTML and PNG of what is shown.

    Args:
        result: The token-level result.
        shown: The same as the page shows it, tokens or words.
        special: Whether special tokens are shown.
        border: Whether the border is shown.
        chart: Key of the heatmap's element.
    """
    name = f"xsb-layer{result.layer}"
    columns = st.columns(4)
    columns[0].download_button(
        "JSON",
        lambda: result.to_json() + "\n",
        f"{name}.json",
        "application/json",
        width="stretch",
        on_click="ignore",
        help="The whole result with its settings, at token level.",
    )
    columns[1].download_button(
        "CSV",
        lambda: to_csv(cell_table(shown, special)),
        f"{name}.csv",
        "text/csv",
        width="stretch",
        on_click="ignore",
        help="The cells shown, one row a cell.",
    )
    columns[2].download_button(
        "HTML",
        lambda: html_report(shown, special=special, border=border),
        f"{name}.html",
        "text/html",
        width="stretch",
        on_click="ignore",
        help="A page with the figures that opens anywhere, without a network.",
    )
    with columns[3]:
        _PNG(key="png", data={"chart": chart})
