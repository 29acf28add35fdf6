"""The page on negation in a real browser."""

import json
from urllib.parse import parse_qs, urlparse

import numpy as np
import pytest
from playwright.sync_api import expect

from pages.negation.live import DEFAULT
from tests.browser.helpers import PATIENT, fetch, open_link, tick_row, wait_for_heatmap
from xsb_core import Attribution, attribute, load_encoder
from xsb_core.studies.negation.findings import (
    negation_sentence,
    shipped_negation,
    summarise_negation,
)

HEADING = "Does the model mind the negation?"
ONE = {"two": "false", "model_1": "shelf", "layer": "5"}


def values(page):
    return page.get_by_test_id("stMetricValue")


def first_field(page):
    return page.get_by_role("textbox", name="Sentence with a negation")


def second_field(page):
    return page.get_by_role("textbox", name="The same without it")


def test_cold_server_shows_probe_and_study(page, start_server):
    open_link(page, start_server(), "/negation", HEADING)
    for key in ("negation_1", "negation_2"):
        wait_for_heatmap(page, key)
    expect(page.get_by_text("Page not found")).to_have_count(0)
    expect(page.get_by_role("link", name="Negation", exact=True)).to_be_visible()
    expect(second_field(page)).to_have_value("The new drug is safe for children.")
    result = attribute(load_encoder("exact"), DEFAULT, "The new drug is safe for children.")
    total = f"{result.net_matrix[5].sum():+.4f}".replace("-", "−")
    expect(values(page).nth(4)).to_have_text(total)
    box = page.locator(".st-key-negation_2 .shapelayer path[style*='rgb(224, 130, 20)']")
    expect(box).to_have_count(1)
    for summary in summarise_negation(shipped_negation()):
        expect(page.get_by_text(negation_sentence(summary))).to_be_visible()
    lines = page.locator(".st-key-distribution .scatterlayer .trace")
    expect(lines).to_have_count(2)
    assert page.get_by_test_id("stException").count() == 0


def test_typing_makes_the_other_sentence_and_the_link(page, address):
    open_link(page, address, "/negation", HEADING, **ONE)
    wait_for_heatmap(page, "negation_1")
    sentence = first_field(page)
    sentence.fill("We won’t go, and can't stay.")
    sentence.press("Control+Enter")
    expect(second_field(page)).to_have_value("We will go, and can't stay.")
    expect(page.get_by_text("This sentence has 2 negations; choose one")).to_be_visible()
    second_field(page).fill("We will go.")
    second_field(page).press("Control+Enter")
    score = attribute(load_encoder(), "We won’t go, and can't stay.", "We will go.", 5).score
    expect(values(page).nth(0)).to_have_text(f"{score:.4f}")
    query = parse_qs(urlparse(page.url).query)
    assert query["sentence"] == ["We won’t go, and can't stay."]
    assert query["without"] == ["We will go."]
    page.reload()
    expect(second_field(page)).to_have_value("We will go.")
    sentence = first_field(page)
    sentence.fill("A knot.")
    sentence.press("Control+Enter")
    expect(page.get_by_test_id("stAlert").first).to_contain_text(
        "There is no negation in this sentence; type one with not, n't or cannot."
    )
    expect(sentence).to_have_value("A knot.")


def test_an_upload_runs_in_the_background_and_a_row_opens_its_pair(page, address, tmp_path):
    open_link(page, address, "/negation", HEADING, **ONE, set="Upload", sentence="It is not so.")
    wait_for_heatmap(page, "negation_1")
    path = tmp_path / "texts.csv"
    path.write_text("t\nthe dog is not a cat\nthe cat is wet\nit is not wet\n", encoding="utf-8")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(path)
    page.get_by_role("button", name="Measure all negations").click(timeout=PATIENT)
    expect(page.get_by_text("of 2 negations lower the score")).to_be_visible(timeout=3 * PATIENT)
    tick_row(page, "set_row_", 0)
    wait_for_heatmap(page, "sentence_1")
    result = attribute(load_encoder(), "the dog is not a cat", "the dog is a cat", 5)
    expect(values(page).nth(3)).to_have_text(f"{result.score:.4f}")
    saved = json.loads(fetch(page, "JSON of the set", tmp_path).read_text())
    assert saved["found"][0].startswith("shelf: ")
    saved = saved["rows"]
    assert [row["text"] for row in saved] == ["the dog is not a cat", "it is not wet"]
    assert saved[0]["total"] == pytest.approx(result.matrix[4].sum(), abs=1e-5)


def test_downloads_of_the_pair(page, address, tmp_path):
    open_link(page, address, "/negation", HEADING, **ONE, sentence="It is not so.")
    wait_for_heatmap(page, "negation_1")
    (saved,) = json.loads(fetch(page, "JSON", tmp_path).read_text())
    result = attribute(load_encoder(), "It is not so.", "It is so.", 5)
    np.testing.assert_allclose(
        Attribution.from_dict(saved["result"]).matrix, result.matrix, atol=1e-6
    )
    assert saved["rows"] == [3]
    assert saved["total"] == pytest.approx(result.matrix[3].sum(), abs=1e-6)
    lines = fetch(page, "CSV", tmp_path).read_text().splitlines()
    assert lines[0] == "row,column,token_a,token_b,value,share,model"
    assert len(lines) == 1 + result.net_matrix.size
