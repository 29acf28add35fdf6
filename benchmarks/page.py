"""What a person waits for, in a real browser on warm pages: seconds until it is drawn.

    python benchmarks/page.py

The pair page's heatmap, and the first and all six of the layers page's, after a change of a text;
the sample's twenty pairs. Every text is new, so that nothing comes from a cache.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PORT = 8655
SUBJECTS = ("firm", "bank", "school", "shop", "factory", "farm", "port", "hotel")
WARM = "team"
LAYERS = range(6)
PATIENT = 120_000
# Stands for "the heatmap that is on the page now".
_PICTURE = ".st-key-heatmap .heatmaplayer image"
# Asked before every frame that the browser draws; expect() looks only every half second or so.
_SHOWN = """([box, word, panels]) =>
    [...document.querySelectorAll(`${box} [class*="ytick"] text`)].some(t => t.textContent == word)
    && document.querySelectorAll(`${box} .heatmaplayer image`).length == panels"""


def wait_for_server() -> None:
    """Returns when the server answers."""
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://localhost:{PORT}/_stcore/health").close()
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The server did not start.")


def change(page: Page, word: str, *drawn: tuple[str, int]) -> list[float]:
    """Edits a text of the default pair; returns the seconds until so many panels are drawn."""
    box = page.get_by_role("textbox", name="Text A")
    box.fill(f"The {word} cut a thousand jobs last year.")
    start = time.perf_counter()
    box.press("Control+Enter")
    seconds = []
    for place, panels in drawn:
        page.wait_for_function(_SHOWN, arg=[place, word, panels], polling="raf", timeout=PATIENT)
        seconds.append(time.perf_counter() - start)
    return seconds


def time_pair(page: Page, address: str) -> str:
    """The pair page, layer 4."""
    page.goto(address)
    expect(page.locator(_PICTURE)).to_have_count(1, timeout=PATIENT)
    change(page, WARM, (".st-key-heatmap", 1))
    times = [change(page, word, (".st-key-heatmap", 1))[0] for word in SUBJECTS]
    return (
        f"default pair, layer 4: heatmap {statistics.median(times):.2f} s after a change (median "
        f"of {len(times)}; slowest {max(times):.2f} s)"
    )


def time_layers(page: Page, address: str) -> str:
    """The layers page, all layers of the embedded model."""
    page.goto(f"{address}/layers?" + "&".join(f"layers={layer}" for layer in LAYERS))
    all_panels = (f".st-key-grid_{len(LAYERS) - 1}", len(LAYERS))
    expect(page.locator(f"{all_panels[0]} .heatmaplayer image")).to_have_count(
        len(LAYERS), timeout=PATIENT
    )
    change(page, WARM, all_panels)
    times = [change(page, word, (".st-key-grid_0", 1), all_panels) for word in SUBJECTS]
    firsts, alls = zip(*times, strict=True)
    return (
        f"default pair, six layers: first heatmap {statistics.median(firsts):.2f} s, all "
        f"{statistics.median(alls):.2f} s after a change (medians of {len(times)}; slowest "
        f"{max(alls):.2f} s)"
    )


def time_sample(page: Page, address: str) -> str:
    """The page of many pairs, its sample at layer 4."""
    page.goto(f"{address}/batch")
    page.get_by_role("button", name="Attribute all pairs").click(timeout=PATIENT)
    start = time.perf_counter()
    results = page.get_by_test_id("stMetric").filter(has_text="Pairs")
    expect(results).to_be_visible(timeout=PATIENT)
    return f"sample of 20 pairs, layer 4: results {time.perf_counter() - start:.1f} s after a click"


def main() -> None:
    """Runs the measurement."""
    command = ["-m", "streamlit", "run", "app.py", f"--server.port={PORT}"]
    runs = tempfile.TemporaryDirectory()  # nobody's earlier run of the sample
    server = subprocess.Popen(
        [sys.executable, *command, "--server.headless=true"],
        cwd=ROOT,
        env=os.environ | {"HF_HUB_OFFLINE": "1", "XSB_RUNS": runs.name},
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
            address = f"http://localhost:{PORT}"
            for measure in (time_pair, time_layers, time_sample):
                print(f"{os.cpu_count()} cores, {measure(page, address)}", flush=True)
            browser.close()
    finally:
        server.terminate()
        server.wait()
        runs.cleanup()


if __name__ == "__main__":
    main()
