"""What browser tests of every page do."""

from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

# A busy machine draws a page in seconds and may need a minute for a run.
PATIENT = 120_000
ROW_HEIGHT = 35
# Pixels of more than two colours: before, a canvas is empty, or has a background only.
_PAINTED = """selector => {
    const canvas = document.querySelector(selector);
    if (!canvas.width || !canvas.height) return false;
    const all = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(all.data.buffer)).size > 2;
}"""


def new_context(browser: Browser) -> BrowserContext:
    """A new browser profile, patient with a busy machine.

    What moves while a page waits would be painted sixty times a second, by the processor.
    """
    context = browser.new_context(viewport={"width": 1400, "height": 1400}, reduced_motion="reduce")
    context.set_default_timeout(PATIENT)
    return context


def open_link(page: Page, address: str, path: str, heading: str, **parameters: str) -> None:
    """Opens a page by its link, and waits for its heading."""
    page.goto(f"{address}{path}" + (f"?{urlencode(parameters)}" if parameters else ""))
    expect(page.get_by_role("heading", name=heading)).to_be_visible(timeout=PATIENT)


def open_view(page: Page, name: str) -> None:
    """Opens a view of a page."""
    page.get_by_role("tab", name=name).click(timeout=PATIENT)


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


def painted_table(page: Page, key: str) -> Locator:
    """The canvas of the first table whose key begins so, once its cells are painted on it."""
    selector = f"[class*='st-key-{key}'] canvas"
    table = page.locator(selector).first
    table.scroll_into_view_if_needed()
    page.wait_for_function(_PAINTED, arg=selector, timeout=PATIENT)
    return table


def tick_row(page: Page, key: str, row: int) -> None:
    """Ticks a row of such a table."""
    painted_table(page, key).click(position={"x": 15, "y": ROW_HEIGHT * (row + 1.5)}, force=True)
