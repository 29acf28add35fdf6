"""The pair page: seconds from a change to its heatmap, in a real browser on a warm page.

    python benchmarks/page.py

Every text is new, so that nothing comes from a cache.
"""

import os
import shutil
import statistics
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PORT = 8655
SUBJECTS = ("firm", "bank", "school", "shop", "factory", "farm", "port", "hotel")
# Stands for "the heatmap that is on the page now".
_PICTURE = ".st-key-heatmap .heatmaplayer image"
# Asked before every frame that the browser draws; expect() looks only every half second or so.
_SHOWN = """([word, picture]) =>
    [...document.querySelectorAll(".st-key-heatmap .ytick text")].some(t => t.textContent == word)
    && document.querySelector(picture)"""


def wait_for_server() -> None:
    """Returns when the server answers."""
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://localhost:{PORT}/_stcore/health").close()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The server did not start.")


def change(page: Page, word: str) -> float:
    """Edits a text of the default pair; returns the seconds until its heatmap is drawn."""
    box = page.get_by_role("textbox", name="Text A")
    box.fill(f"The {word} cut a thousand jobs last year.")
    start = time.perf_counter()
    box.press("Control+Enter")
    page.wait_for_function(_SHOWN, arg=[word, _PICTURE], polling="raf", timeout=60_000)
    return time.perf_counter() - start


def main() -> None:
    """Runs the measurement."""
    command = ["-m", "streamlit", "run", "app.py", f"--server.port={PORT}"]
    server = subprocess.Popen(
        [sys.executable, *command, "--server.headless=true"],
        cwd=ROOT,
        env=os.environ | {"HF_HUB_OFFLINE": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for_server()
        with sync_playwright() as playwright:
            chromium = shutil.which("chromium")
            browser = playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_page(viewport={"width": 1400, "height": 1400})
            page.goto(f"http://localhost:{PORT}")
            expect(page.locator(_PICTURE)).to_have_count(1, timeout=120_000)
            change(page, "team")  # one to warm up
            times = [change(page, word) for word in SUBJECTS]
            browser.close()
    finally:
        server.terminate()
    print(
        f"default pair, layer 4, {os.cpu_count()} cores: heatmap {statistics.median(times):.2f} s "
        f"after a change (median of {len(times)}; slowest {max(times):.2f} s)"
    )


if __name__ == "__main__":
    main()
