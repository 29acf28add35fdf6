"""The pair page in a real browser: what a person reads, points at and downloads."""

import json
import time
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from pages._frame.texts import EXAMPLES
from tests.browser.helpers import PATIENT, fetch, new_context, open_link, wait_for_heatmap
from tests.zoo import save_model
from xsb_core import Attribution, answer, attribute, to_words

HEADING = "Why are these two texts similar?"


def visit(page: Page, address: str, path: str = "/", **parameters: str) -> None:
    open_link(page, address, path, HEADING, **parameters)


def wait_for_figures(page: Page) -> None:
    wait_for_heatmap(page, "heatmap")


def score(page: Page):
    return page.get_by_test_id("stMetricValue")


def chips(page: Page, side: str):
    return page.get_by_role("group", name=f"Tokens of text {side}").get_by_role("button")


def test_default_page_reads_as_the_core_computes(page, address, minilm):
    visit(page, address)
    wait_for_figures(page)
    result = attribute(minilm, *EXAMPLES["Paraphrase"])
    expect(score(page)).to_have_text(f"{result.score:.4f}")
    expect(chips(page, "A")).to_have_text(list(result.a.tokens))
    expect(chips(page, "B")).to_have_text(list(result.b.tokens))
    expect(page.get_by_text(answer(result))).to_be_visible()
    page.get_by_role("tab", name="How exact is this?").click()
    expect(page.get_by_text("Prediction", exact=True)).to_be_visible()
    assert page.get_by_test_id("stException").count() == 0


def test_hovering_a_cell_tells_tokens_value_and_share(page, address, minilm):
    visit(page, address, a="Hot tea.", b="Cold tea.", layer="5")
    wait_for_figures(page)
    result = attribute(minilm, "Hot tea.", "Cold tea.", 5)
    box = page.locator(".st-key-heatmap .heatmaplayer").bounding_box()
    rows, columns = result.matrix.shape
    page.mouse.move(box["x"] + box["width"] * 2.5 / columns, box["y"] + box["height"] * 2.5 / rows)
    tooltip = page.locator(".st-key-heatmap .hoverlayer")
    value = f"{abs(result.net_matrix[2, 2]):.4f}"
    expect(tooltip).to_contain_text(value)
    assert tooltip.text_content().count("tea") == 2
    assert (
        f"{100 * result.net_matrix[2, 2] / result.net_matrix.clip(0).sum():.1f}%"
        in tooltip.text_content()
    )


def shown(page: Page, side: str) -> list[float]:
    expect(chips(page, side).first).to_be_visible()  # its script may come after the heatmap's
    return [float(one.get_attribute("data-value")) for one in chips(page, side).all()]


def test_chosen_tokens_tint_the_other_text_and_frame_the_heatmap(page, address, minilm):
    visit(page, address, a="Hot tea.", b="Cold tea.", layer="5")
    wait_for_figures(page)
    net = attribute(minilm, "Hot tea.", "Cold tea.", 5).net_matrix
    assert shown(page, "A") == pytest.approx(net.sum(1), abs=1e-5)
    chips(page, "A").nth(2).click()
    frames = page.locator(".st-key-heatmap .shapelayer path[style*='stroke: rgb(224, 130, 20)']")
    expect(frames).to_have_count(1)
    assert shown(page, "B") == pytest.approx(net[2], abs=1e-5)
    chips(page, "A").nth(1).click()
    expect(frames).to_have_count(2)
    assert shown(page, "B") == pytest.approx(net[1] + net[2], abs=1e-5)
    said = f"Hot + tea with all of text B: {net[1:3].sum():+.2f}".replace("-", "−")
    expect(page.get_by_text(said)).to_be_visible()
    page.wait_for_url("**tokens_a=*")
    page.reload()  # the link chooses the same
    expect(page.get_by_text(said)).to_be_visible(timeout=PATIENT)
    expect(frames).to_have_count(2)


def arcs(page: Page) -> list[str]:
    return [arc.get_attribute("data-pair") or "" for arc in page.locator("path[data-pair]").all()]


def test_arcs_join_the_strongest_pairs(page, address, minilm):
    visit(page, address)
    wait_for_figures(page)
    expect(page.locator("path[data-pair]").first).to_be_attached()
    result = attribute(minilm, *EXAMPLES["Paraphrase"])
    cells = result.net_matrix
    strong = {
        f"{result.a.tokens[i]}–{result.b.tokens[j]}" for i, j in np.argwhere(np.abs(cells) >= 0.04)
    }
    assert set(arcs(page)) == {"thousand–thousand", "jobs–employees"} <= strong
    page.get_by_role("slider", name="Arcs from").fill("0.1")
    assert len(arcs(page)) > 2
    chips(page, "A").get_by_text("jobs", exact=True).click()
    expect(page.locator("path[data-pair]:not([data-pair^='jobs–'])")).to_have_count(0)
    assert arcs(page)
    visit(page, address, a=EXAMPLES["Unrelated"][0], b=EXAMPLES["Unrelated"][1])
    wait_for_figures(page)
    assert not arcs(page)


def test_the_first_screen_has_the_answer_and_the_heatmaps_top(page, address):
    page.set_viewport_size({"width": 1400, "height": 900})
    visit(page, address)
    wait_for_figures(page)
    for name in ("Text A", "Text B"):
        assert page.get_by_role("textbox", name=name).bounding_box()["y"] < 900
    expect(page.get_by_text("right to about").first).to_be_in_viewport()
    expect(page.get_by_text("most of all because of")).to_be_in_viewport()
    expect(chips(page, "B").last).to_be_in_viewport()
    assert page.locator(".st-key-heatmap .heatmaplayer").bounding_box()["y"] < 700


def test_two_texts_typed_at_once_are_never_shown_with_an_old_partner(page, address):
    visit(page, address, a="Hot tea.", b="Cold tea.", layer="5")
    wait_for_figures(page)
    page.get_by_role("textbox", name="Text A").fill("Green grass.")
    page.get_by_role("textbox", name="Text B").fill("Blue sky.")
    page.wait_for_timeout(1500)
    expect(chips(page, "A").filter(has_text="Hot")).to_have_count(1)  # nothing was sent yet
    page.get_by_role("button", name="Explain").click()
    expect(chips(page, "A").filter(has_text="Green")).to_have_count(1, timeout=PATIENT)
    expect(chips(page, "B").filter(has_text="Blue")).to_have_count(1)
    state = parse_qs(urlparse(page.url).query)
    assert (state["a"], state["b"]) == (["Green grass."], ["Blue sky."])


def test_changes_keep_the_texts_and_the_link_restores_everything(page, address, browser, minilm):
    visit(page, address)
    wait_for_figures(page)
    text = "A harbour at <b>night</b> & 50% rain?"
    page.get_by_role("textbox", name="Text A").fill(text)
    page.get_by_role("textbox", name="Text A").press("Control+Enter")
    page.get_by_test_id("stSlider").get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("radiogroup", name="Cells").get_by_text("Word sums").click()
    page.get_by_text("Special tokens", exact=True).first.click()
    page.get_by_text("As in the paper", exact=True).first.click()
    text_b = EXAMPLES["Paraphrase"][1]
    result = attribute(minilm, text, text_b, 5)
    expect(score(page)).to_have_text(f"{result.score:.4f}".replace("-", "-"), timeout=PATIENT)
    expect(page.get_by_text("layer 5 of 6 blocks")).to_be_visible()
    words = to_words(result, "sum")
    own = [t for t, extra in zip(words.a.tokens, words.a.special, strict=True) if not extra]
    expect(chips(page, "A")).to_have_text(own)
    expect(page.locator(".st-key-heatmap").get_by_text("ref. A")).to_be_visible()
    assert page.get_by_role("textbox", name="Text A").input_value() == text
    state = parse_qs(urlparse(page.url).query)
    assert state["a"] == [text]
    assert state["layer"] == ["5"]

    other = new_context(browser).new_page()
    other.goto(page.url)
    expect(score(other)).to_have_text(f"{result.score:.4f}", timeout=PATIENT)
    expect(other.get_by_role("textbox", name="Text A")).to_have_value(text)
    expect(chips(other, "A")).to_have_text(own)
    expect(other.locator(".st-key-heatmap").get_by_text("ref. A")).to_be_visible()
    expect(other.get_by_text("layer 5 of 6 blocks")).to_be_visible()
    other.context.close()


def test_markup_is_shown_as_typed(page, address):
    nasty = "<script>window.hacked = 1</script> **bold** $x$ <img src=x onerror=window.hacked=1>"
    visit(page, address, a=nasty, b="plain text", layer="5")
    wait_for_figures(page)
    expect(chips(page, "A").filter(has_text="script").first).to_be_visible()
    labels = page.locator(
        ".st-key-heatmap .yaxislayer-above .ytick text, .st-key-heatmap .ytick text"
    )
    assert "<" in labels.all_text_contents()
    assert page.evaluate("window.hacked") is None


def test_right_to_left_text_runs_from_right_to_left(page, address):
    visit(page, address, a="\u05d4\u05e1\u05e4\u05e8 \u05e2\u05dc", b="the book", layer="5")
    wait_for_figures(page)
    first, last = chips(page, "A").first.bounding_box(), chips(page, "A").last.bounding_box()
    assert first["x"] > last["x"]
    first, last = chips(page, "B").first.bounding_box(), chips(page, "B").last.bounding_box()
    assert first["x"] < last["x"]


def test_downloads(page, address, minilm, tmp_path: Path):
    visit(page, address, a="Hot tea.", b="=Cold tea.", layer="5")
    wait_for_figures(page)
    page.get_by_role("tab", name="Download").click()

    saved = Attribution.load(fetch(page, "JSON", tmp_path))
    result = attribute(minilm, "Hot tea.", "=Cold tea.", 5)
    assert saved.matrix == pytest.approx(result.matrix, abs=1e-6)
    assert json.loads((tmp_path / "xsb-layer5.json").read_text())["model"] == "all-MiniLM-L6-v2"
    lines = fetch(page, "CSV", tmp_path).read_text().splitlines()
    assert lines[0] == "row,column,token_a,token_b,value,share"
    assert len(lines) == 1 + result.matrix.size
    assert any(",'=," in line for line in lines)
    picture = fetch(page, "PNG of the heatmap", tmp_path)
    with Image.open(picture) as image:
        assert image.format == "PNG"
        assert min(image.size) > 300
    drawing = fetch(page, "SVG of the heatmap", tmp_path)
    assert drawing.suffix == ".svg"
    assert "<svg" in drawing.read_text()
    assert fetch(page, "LaTeX", tmp_path).read_text().startswith("\\begin{tabular}")
    report = fetch(page, "HTML", tmp_path)
    page.goto(report.as_uri())
    expect(page.locator(".heatmaplayer image")).to_have_count(1)
    expect(page.get_by_text("Hot tea.").first).to_be_visible()


def test_sixty_tokens_a_side_stay_readable(page, address):
    visit(
        page, address, a=EXAMPLES["Long sentences"][0], b=EXAMPLES["Long sentences"][1], layer="5"
    )
    wait_for_figures(page)
    sizes = page.locator(".st-key-heatmap .ytick text").evaluate_all(
        "texts => texts.map(text => parseFloat(getComputedStyle(text).fontSize))"
    )
    assert len(sizes) > 35
    assert min(sizes) >= 9
    box = page.locator(".st-key-heatmap .heatmaplayer").bounding_box()
    assert box["width"] / page.locator(".st-key-heatmap .xtick text").count() == pytest.approx(
        box["height"] / len(sizes), rel=0.02
    )
    # on a narrow screen columns scroll below the rows' labels and the colours' scale, which stay
    page.set_viewport_size({"width": 800, "height": 900})
    heatmap = page.locator(".st-key-heatmap")
    expect(heatmap.locator(".ytick text").first).to_be_visible()
    places = []
    for scrolled in (0, 150):
        heatmap.evaluate("(box, left) => box.scrollTo(left, 0)", scrolled)
        page.wait_for_timeout(300)
        parts = (heatmap.locator(kind).first for kind in (".ytick text", ".colorbar", ".xtick"))
        places.append([part.bounding_box()["x"] for part in parts])
    (label, scale, column), moved = places
    assert moved == pytest.approx([label, scale, column - 150], abs=2)


def test_long_work_shows_the_time_left(page, address):
    long = " ".join(["The old harbour was quiet, and rain fell on its narrow streets."] * 12)
    visit(page, address, a=long, b="A quiet port.", layer="3")
    expect(page.get_by_text("s left")).to_be_visible(timeout=PATIENT)
    # another input ends the computation: the page is free again at once
    page.get_by_role("textbox", name="Text A").fill("A short text.")
    page.get_by_role("textbox", name="Text A").press("Control+Enter")
    start = time.monotonic()
    expect(chips(page, "A").filter(has_text="short")).to_be_visible(timeout=PATIENT)
    assert time.monotonic() - start < 20


def test_a_deeper_models_layer_stays_in_the_link(page, address, tmp_path):
    folder = save_model(tmp_path / "twelve", "mpnet", blocks=12)
    visit(page, address, model=str(folder), layer="11", a="Hot tea.", b="Cold tea.")
    wait_for_figures(page)
    assert parse_qs(urlparse(page.url).query)["layer"] == ["11"]
