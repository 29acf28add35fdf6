"""What a visitor sees of each page first: ``python -m tests.browser.pictures docs/pages``.

A screenshot of each page at 1400 × 900 and at 400 × 900, and docs/pages.md, which shows them.
"""

import os
import sys
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from pages._frame.listed import PAGES
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.browser.helpers import PATIENT, new_context
from tests.soak.session import server

SIZES = {"wide": (1400, 900), "narrow": (400, 900)}
_RUNS_NOT = "document.querySelector('.stApp').dataset.testScriptState === 'notRunning'"
# Whether for half a second nothing has appeared, moved or changed its size: charts are drawn after
# the page, and take their width after that.
_STILL = """() => {
    const boxes = [...document.querySelectorAll("[data-testid=stMain] *")].map((one) => {
        const { x, y, width, height } = one.getBoundingClientRect();
        return [x, y, width, height];
    }).join();
    if (boxes !== window.boxesSeen) [window.boxesSeen, window.seenAt] = [boxes, performance.now()];
    return performance.now() - window.seenAt > 500;
}"""


def main() -> None:
    """Takes the pictures in one tab, one page after the other."""
    folder = Path(sys.argv[1])
    folder.mkdir(exist_ok=True)
    os.environ["HF_HUB_OFFLINE"] = "1"
    with server() as (port, _), sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = new_context(chromium).new_page()
        for name in PAGES:
            for size, (width, height) in SIZES.items():
                page.set_viewport_size({"width": width, "height": height})
                page.goto(f"http://localhost:{port}/{name}")
                wait_until_drawn(page)
                page.screenshot(path=folder / f"{name}-{size}.png")
        chromium.close()
    (folder.parent / f"{folder.name}.md").write_text(document(folder.name), encoding="utf-8")


def wait_until_drawn(page: Page) -> None:
    """Waits for the heading, until nothing runs and no job is left, and for what is drawn then."""
    page.get_by_role("heading", level=1).wait_for(timeout=PATIENT)
    page.wait_for_function(_RUNS_NOT, timeout=PATIENT)
    expect(page.get_by_role("button", name="Cancel")).to_have_count(0, timeout=PATIENT)
    page.wait_for_function(_RUNS_NOT, timeout=PATIENT)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=PATIENT)
    wait_until_still(page)


def wait_until_still(page: Page) -> None:
    """Waits until nothing moves any more."""
    page.wait_for_function(_STILL, polling=100, timeout=PATIENT)


def document(folder: str) -> str:
    """The page of pictures."""
    parts = [
        "# Pages\n\nThe first screen of each page, 1400 pixels wide and 400. Made by "
        "`python -m tests.browser.pictures docs/pages`.\n"
        "Where a page would be added: [architecture](architecture.md#where-to-add).\n"
    ]
    for name, title in PAGES.items():
        parts.append(f"## {title}\n")
        parts += [f"![{title}, {size}]({folder}/{name}-{size}.png)\n" for size in SIZES]
    return "\n".join(parts)


if __name__ == "__main__":
    main()
