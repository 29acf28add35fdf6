"""The page of layers in a real browser."""

import json
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import numpy as np
import pandas as pd
from PIL import Image
from playwright.sync_api import Page, expect

from pages._frame.texts import EXAMPLES
from tests.browser.helpers import PATIENT, fetch, open_link
from xsb_core import attribute

HEADING = "How do attributions change with depth?"
TEXTS = {"a": "Hot tea.", "b": "=Cold tea."}


def wait_for_grid(page: Page, layers: int, models: int = 1) -> None:
    panels = page.locator(f".st-key-grid_{layers - 1} .heatmaplayer image")
    expect(panels).to_have_count(layers * models, timeout=2 * PATIENT)


def test_cold_server_shows_all_layers_and_plays_through_them(page, start_server, minilm):
    page.goto(start_server() + "/layers")
    expect(page.get_by_role("heading", name=HEADING)).to_be_visible(timeout=PATIENT)
    wait_for_grid(page, 5)
    expect(page.get_by_text("Page not found")).to_have_count(0)
    expect(page.get_by_role("link", name="Compare models")).to_be_visible()
    grid = page.locator(".st-key-grid_4")
    for layer in range(1, 6):
        expect(grid.get_by_text(f"shelf, layer {layer}")).to_be_visible()
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
    player.get_by_text("▶ Play").click()
    expect(player.locator(".slider-label", has_text="layer 1")).to_be_visible()
    expect(player.locator(".slider-label", has_text="layer 5")).to_be_visible(timeout=PATIENT)
    expect(player.locator(".heatmaplayer image")).to_have_attribute("href", before)
    assert page.get_by_test_id("stException").count() == 0


def test_the_link_restores_two_models_and_downloads(page, address, tmp_path: Path):
    state = {"second": "true", "layers_model_2": "tuned", "layers": "4", "special": "false"}
    open_link(page, address, "/layers", HEADING, **(state | TEXTS))
    wait_for_grid(page, 1, models=2)
    page.get_by_role("combobox", name="Layers").click()
    page.get_by_role("option", name="5", exact=True).click()
    wait_for_grid(page, 2, models=2)
    expect(page.locator(".st-key-grid_1").get_by_text("tuned, layer 5")).to_be_visible()
    assert parse_qs(urlparse(page.url).query)["layers"] == ["4", "5"]
    page.goto(page.url)
    wait_for_grid(page, 2, models=2)
    expect(page.get_by_role("textbox", name="Text B")).to_have_value(TEXTS["b"])
    text = fetch(page, "CSV", tmp_path).read_text()
    assert ",'=," in text  # no formula for a spreadsheet
    table = pd.read_csv(tmp_path / "xsb-layers.csv")
    assert sorted(table["layer"].unique()) == [4, 5]
    assert len(table) == 2 * 2 * 3 * 4
    saved = json.loads(fetch(page, "JSON", tmp_path).read_text())
    assert [(one["model"], one["layer"]) for one in saved] == [
        (model, layer) for model in ("shelf", "tuned") for layer in (5, 4)
    ]
    cost = pd.read_csv(fetch(page, "Cost, CSV", tmp_path))
    assert cost["model"].tolist() == ["1: shelf", "1: shelf", "2: tuned", "2: tuned"]
    with Image.open(fetch(page, "PNG of the heatmaps", tmp_path)) as image:
        assert min(image.size) > 300
    page.goto(fetch(page, "HTML", tmp_path).as_uri())
    expect(page.locator(".heatmaplayer image").first).to_be_visible()
