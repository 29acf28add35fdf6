"""The page on negation in a real browser."""

from urllib.parse import parse_qs, urlparse

from playwright.sync_api import expect

from pages.negation.page import DEFAULT
from tests.browser.helpers import PATIENT, open_link, open_view, wait_for_heatmap
from xsb_core import attribute, load_encoder
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


def test_reads_as_the_core_computes(page, address):
    open_link(page, address, "/negation", HEADING)
    for key in ("negation_1", "negation_2"):
        wait_for_heatmap(page, key)
    expect(second_field(page)).to_have_value("The new drug is safe for children.")
    result = attribute(load_encoder("exact"), DEFAULT, "The new drug is safe for children.")
    total = f"{result.net_matrix[5].sum():+.4f}".replace("-", "−")
    expect(values(page).nth(3)).to_have_text(total)
    box = page.locator(".st-key-negation_2 .shapelayer path[style*='rgb(224, 130, 20)']")
    expect(box).to_have_count(1)
    open_view(page, "All sentences of a set")
    for summary in summarise_negation(shipped_negation()):
        expect(page.get_by_text(negation_sentence(summary))).to_be_visible(timeout=PATIENT)
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
        "There is no negation in this sentence; type one with not, n't, cannot, never, no"
    )
    expect(sentence).to_have_value("A knot.")
