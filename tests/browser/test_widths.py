"""Every page on narrow screens: nothing cut, nothing that sticks out."""

import pytest

from pages._frame.listed import PAGES
from tests.browser.pictures import wait_until_drawn, wait_until_still

# Words and numbers that an ancestor cuts, or that lie beyond the screen where nothing scrolls.
_CUT = """() => {
    const main = document.querySelector("[data-testid=stMain]"), found = [];
    if (main.scrollWidth > main.clientWidth + 1) found.push("the page is wider than the screen");
    const shown = [...main.querySelectorAll("*")].filter((one) =>
        [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()));
    for (const one of shown) {
        if (one.closest("canvas, style, script, [data-testid=stDataFrame]")) continue;
        const box = one.getBoundingClientRect();
        if (!box.width || !box.height) continue;
        let beyond = box.right > innerWidth + 1;
        for (let node = one; node && node !== main; node = node.parentElement) {
            const style = getComputedStyle(node), own = node.getBoundingClientRect();
            if (["auto", "scroll"].includes(style.overflowX)) { beyond = false; break; }
            if (!["hidden", "clip"].includes(style.overflowX)) continue;
            if (own.width < 3) { beyond = false; break; }  // for screen readers
            if (box.right > own.right + 2 || box.left < own.left - 2) { beyond = true; break; }
        }
        if (beyond) found.push(one.textContent.trim().slice(0, 60));
    }
    return found;
}"""


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut_on_narrow_screens(page, address, name):
    page.set_viewport_size({"width": 800, "height": 900})
    page.goto(f"{address}/{name}")
    wait_until_drawn(page)
    assert page.evaluate(_CUT) == []
    page.set_viewport_size({"width": 400, "height": 900})
    wait_until_still(page)
    assert page.evaluate(_CUT) == []
