"""What browser tests of every page do."""

from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Page, expect

# A busy machine draws a page in seconds and may need a minute for a run.
PATIENT = 120_000


def open_link(page: Page, address: str, path: str, heading: str, **parameters: str) -> None:
    """Opens a page by its link, and waits for its heading."""
    page.goto(f"{address}{path}" + (f"?{urlencode(parameters)}" if parameters else ""))
    expect(page.get_by_role("heading", name=heading)).to_be_visible(timeout=PATIENT)


def wait_for_heatmap(page: Page, key: str) -> None:
    """Waits until a heatmap is drawn."""
    expect(page.locator(f".st-key-{key} .heatmaplayer image")).to_have_count(1, timeout=PATIENT)


def fetch(page: Page, label: str, folder: Path) -> Path:
    """Downloads what a button offers."""
    with page.expect_download(timeout=PATIENT) as download:
        page.get_by_role("button", name=label, exact=True).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def tick_row(page: Page, key: str, row: int) -> None:
    """Ticks a row of a table whose key begins so; the table is painted on a canvas."""
    table = page.locator(f"[class*='st-key-{key}'] canvas").first
    table.scroll_into_view_if_needed()
    page.wait_for_timeout(500)  # it is painted after its element is there
    table.click(position={"x": 15, "y": 35 * (row + 1.5)}, force=True)
