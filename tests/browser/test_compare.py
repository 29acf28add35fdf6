"""The comparison page in a real browser."""

import json
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from pages._frame.texts import EXAMPLES
from tests.browser.helpers import PATIENT, fetch, open_link, wait_for_heatmap
from tests.zoo import save_model
from xsb_core import Attribution, attribute, load_encoder, trust
from xsb_core.comparison.agreement import agreement
from xsb_core.comparison.verdict import agreement_verdict

HEADING = "Do two models agree on this pair?"
SHELF = "all-MiniLM-L6-v2"
TEXTS = {"a": "Hot tea.", "b": "=Cold tea."}
# Whether the second heatmap begins where the first one has ended.
_BELOW = """() => {
    const [first, second] = [1, 2].map((number) =>
        document.querySelector(`.st-key-heatmap_${number} .heatmaplayer`).getBoundingClientRect());
    return first.bottom < second.top;
}"""


@pytest.fixture(scope="module")
def same(tmp_path_factory) -> str:
    """A model with MiniLM's tokenizer and as many blocks."""
    return str(save_model(tmp_path_factory.mktemp("models") / "same", "bert", blocks=6))


@pytest.fixture(scope="module")
def other(tmp_path_factory) -> str:
    """A model with another tokenizer and fewer blocks."""
    return str(save_model(tmp_path_factory.mktemp("models") / "other", "roberta"))


def visit(page: Page, address: str, second: str, **parameters: str) -> None:
    state = {"model_1": SHELF, "model_2": second} | parameters
    open_link(page, address, "/compare", HEADING, **state)


def wait_for_figures(page: Page) -> None:
    for key in ("heatmap_1", "heatmap_2", "difference"):
        wait_for_heatmap(page, key)


def heatmap_boxes(page: Page) -> list:
    return [page.locator(f".st-key-heatmap_{n} .heatmaplayer").bounding_box() for n in (1, 2)]


def values(page: Page):
    return page.get_by_test_id("stMetricValue")


def test_reads_as_the_core_computes(page, address):
    open_link(page, address, "/compare", HEADING)
    wait_for_figures(page)
    expect(page.get_by_role("slider")).to_have_count(1)
    results = [
        attribute(load_encoder(name), *EXAMPLES["Paraphrase"]) for name in ("shelf", "exact")
    ]
    agreed = agreement(*results)
    figures = (agreed.spearman, agreed.pearson, agreed.jaccard_3, agreed.jaccard_10)
    expected = [f"{result.score:.4f}" for result in results] + [f"{f:.2f}" for f in figures]
    expect(values(page)).to_have_text(expected)
    expect(page.get_by_text(agreement_verdict(agreed))).to_be_visible()
    for result in results:
        expect(page.get_by_text(trust(result).short).first).to_be_visible()
    assert page.get_by_test_id("stException").count() == 0


def test_heatmaps_stand_side_by_side_and_the_difference_tells_both_values(
    page, address, minilm, same
):
    visit(page, address, same, **TEXTS)
    wait_for_figures(page)
    boxes = heatmap_boxes(page)
    assert boxes[0]["y"] == pytest.approx(boxes[1]["y"], abs=2)
    assert boxes[0]["x"] + boxes[0]["width"] < boxes[1]["x"]
    first = attribute(minilm, *TEXTS.values())
    second = attribute(load_encoder(same), *TEXTS.values(), 4)
    place = page.locator(".st-key-difference .heatmaplayer")
    place.scroll_into_view_if_needed()
    box, (rows, columns) = place.bounding_box(), first.matrix.shape
    page.mouse.move(box["x"] + box["width"] * 2.5 / columns, box["y"] + box["height"] * 1.5 / rows)
    tooltip = page.locator(".st-key-difference .hoverlayer")
    old, new = first.net_matrix[1, 2], second.net_matrix[1, 2]
    for value in (old, new, new - old):
        expect(tooltip).to_contain_text(f"{abs(value):.4f}")
    expect(tooltip).to_contain_text("model 2")
    # a narrow screen has one below the other, and squeezes nothing
    page.set_viewport_size({"width": 800, "height": 1000})
    expect(place).to_be_visible()
    page.wait_for_function(_BELOW, timeout=PATIENT)
    cells = page.locator(".st-key-difference .xtick").count()
    assert place.bounding_box()["width"] > 40 * cells


def test_the_link_restores_everything_and_texts_go_along_to_other_pages(page, address, same):
    visit(page, address, same, **TEXTS)
    wait_for_figures(page)
    text = "A harbour at <b>night</b> & 50% rain?"
    page.get_by_role("textbox", name="Text A").fill(text)
    page.get_by_role("textbox", name="Text A").press("Control+Enter")
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_text("As in the paper", exact=True).first.click()
    page.get_by_text("One colour range", exact=True).first.click()
    expect(page.get_by_text("layer 5 of 6 blocks")).to_have_count(2, timeout=PATIENT)
    expect(page.locator(".st-key-difference").get_by_text("ref. A")).to_be_visible()
    state = parse_qs(urlparse(page.url).query)
    assert state["a"] == [text]
    assert state["model_2"] == [same]
    assert (state["layer"], state["paper"], state["one_range"]) == (["5"], ["true"], ["false"])
    shown = values(page).all_text_contents()

    page.goto(page.url)
    expect(values(page)).to_have_text(shown, timeout=PATIENT)
    expect(page.locator(".st-key-difference").get_by_text("ref. A")).to_be_visible()

    page.get_by_role("link", name="Pair", exact=True).click()
    expect(page.get_by_role("heading", name="Why are these two texts similar?")).to_be_visible()
    expect(page.get_by_role("textbox", name="Text A")).to_have_value(text)
    page.get_by_role("link", name="Compare models", exact=True).click()
    expect(page.get_by_role("heading", name=HEADING)).to_be_visible()
    expect(page.get_by_role("textbox", name="Text A")).to_have_value(text)


def test_downloads(page, address, minilm, same, tmp_path: Path):
    visit(page, address, same, layer="5", **TEXTS)
    wait_for_figures(page)
    first = attribute(minilm, *TEXTS.values(), 5)
    second = attribute(load_encoder(same), *TEXTS.values(), 5)

    saved = json.loads(fetch(page, "JSON", tmp_path).read_text())
    for name, result in (("first", first), ("second", second)):
        matrix = Attribution.from_dict(saved[name]).matrix
        np.testing.assert_allclose(matrix, result.matrix, atol=1e-6)
    assert saved["agreement"]["spearman"] == pytest.approx(agreement(first, second).spearman)
    lines = fetch(page, "CSV", tmp_path).read_text().splitlines()
    assert lines[0] == "row,column,token_a,token_b,value_1,value_2,difference"
    assert len(lines) == 1 + first.matrix.size
    assert any(",'=," in line for line in lines)
    pictures = [f"PNG of {name}" for name in ("model 1", "model 2", "the difference")]
    names = set()
    for label in pictures:
        picture = fetch(page, label, tmp_path)
        names.add(picture.name)
        with Image.open(picture) as image:
            assert image.format == "PNG"
            assert min(image.size) > 300
    assert names == {"xsb-model1.png", "xsb-model2.png", "xsb-difference.png"}
    page.goto(fetch(page, "HTML", tmp_path).as_uri())
    expect(page.locator(".heatmaplayer image")).to_have_count(3)
    expect(page.get_by_text("Hot tea.").first).to_be_visible()
