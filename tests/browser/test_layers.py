"""The page of layers in a real browser."""

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

from pages._frame.texts import EXAMPLES
from tests.browser.helpers import PATIENT, fetch, open_link
from xsb_core import attribute

HEADING = "How do attributions change with depth?"
TEXTS = {"a": "Hot tea.", "b": "=Cold tea."}

# Notes all that the slider says: a busy machine shows a layer for too short to be looked for.
_WATCH = """() => {
    window.seen = new Set();
    const look = () => {
        const label = document.querySelector(".st-key-player .slider-label");
        window.seen.add(label.textContent);
        requestAnimationFrame(look);
    };
    look();
}"""


def wait_for_grid(page: Page, layers: int, models: int = 1) -> None:
    panels = page.locator(f".st-key-grid_{layers - 1} .heatmaplayer image")
    expect(panels).to_have_count(layers * models, timeout=2 * PATIENT)


def test_shows_all_layers_and_plays_through_them(page, address, minilm, tmp_path):
    open_link(page, address, "/layers", HEADING)
    wait_for_grid(page, 5)
    grid = page.locator(".st-key-grid_4")
    for layer in range(1, 6):
        expect(grid.get_by_text(f"all-MiniLM-L6-v2, layer {layer}")).to_be_visible()
    player = page.locator(".st-key-player")
    player.scroll_into_view_if_needed()
    # it starts with the deepest layer, and plays from the shallowest on
    expect(player.locator(".slider-label", has_text="layer")).to_have_text("layer 5")
    expected = attribute(minilm, *EXAMPLES["Paraphrase"], 5)
    at = np.unravel_index(np.abs(expected.net_matrix).argmax(), expected.net_matrix.shape)
    box = player.locator(".heatmaplayer").bounding_box()
    rows, columns = expected.net_matrix.shape
    page.mouse.move(
        box["x"] + box["width"] * (at[1] + 0.5) / columns,
        box["y"] + box["height"] * (at[0] + 0.5) / rows,
    )
    tooltip = player.locator(".hoverlayer")
    expect(tooltip).to_contain_text(f"{expected.net_matrix[at]:+.4f}")
    expect(tooltip).to_contain_text(expected.a.tokens[at[0]])
    before = player.locator(".heatmaplayer image").get_attribute("href")
    page.evaluate(_WATCH)
    player.get_by_text("▶ Play").click()
    page.wait_for_function("seen.has('layer 1')", timeout=PATIENT)
    expect(player.locator(".slider-label", has_text="layer 5")).to_be_visible(timeout=PATIENT)
    expect(player.locator(".heatmaplayer image")).to_have_attribute("href", before)
    assert page.get_by_test_id("stException").count() == 0
    with Image.open(fetch(page, "PNG of the heatmaps", tmp_path)) as image:
        assert min(image.size) > 300
    page.goto(fetch(page, "HTML", tmp_path).as_uri())
    expect(page.locator(".heatmaplayer image").first).to_be_visible()
