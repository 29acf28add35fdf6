"""The page on syntax in a real browser."""

import re

from playwright.sync_api import Page, expect

from tests.browser.helpers import PATIENT, open_link, open_view
from tests.syntax.factory import STANZA, needs_stanza
from xsb_core.studies.syntax.word_pairs import WordPairs, frequency_agreement, frequency_sentence

HEADING = "Which syntactic roles does the model match?"


def words(page: Page, number: int = 1):
    """All that is written in a figure of trees."""
    return page.locator(f".st-key-trees_{number} .textpoint")


def test_shows_trees_and_study_and_says_what_to_do(page, address):
    open_link(page, address, "/syntax", HEADING)
    for number in (1, 2):
        expect(words(page, number).filter(has_text="thousand")).to_have_count(2, timeout=PATIENT)
        expect(words(page, number).filter(has_text="compound:prt")).to_have_count(1)
    expect(page.get_by_text("There are no English Stanza models in")).to_be_visible()
    expect(page.get_by_role("button", name="Download Stanza's English models")).to_be_visible()
    open_view(page, "Every pair of a corpus")
    studies = WordPairs.shipped()
    agreed = frequency_agreement(*studies)
    expect(page.get_by_text(frequency_sentence(agreed))).to_be_visible(timeout=PATIENT)
    bars = page.locator(".st-key-relations .js-plotly-plot")
    expect(bars.locator(".legendtext")).to_have_text(["shelf", "exact"])
    expect(bars.locator(".ytick").last).to_have_text(agreed.relations["relation"][0])
    assert page.get_by_test_id("stException").count() == 0


@needs_stanza
def test_typed_texts_are_parsed_and_links_tell_words_relations_and_values(page, address):
    texts = {"a": "The dog isn't <b>here</b>.", "b": "No dog was seen."}
    open_link(page, address, "/syntax", HEADING, stanza=str(STANZA), two="false", **texts)
    expect(words(page).filter(has_text="n't")).to_have_count(1, timeout=PATIENT)
    link = page.locator(".st-key-trees_1 .trace.scatter path.js-line").last
    expect(link).to_be_visible()
    figure = page.locator(".st-key-trees_1 .js-plotly-plot")
    box, place = (
        figure.bounding_box(),
        figure.evaluate(
            """plot => {
            const links = plot._fullData.filter((one) => one.name === "link");
            const link = links[links.length - 1], layout = plot._fullLayout;
            return [layout._size.l + layout.xaxis.l2p(link.x[7]),
                    layout._size.t + layout.yaxis.l2p(link.y[7])];
        }"""
        ),
    )
    page.mouse.move(box["x"] + place[0], box["y"] + place[1])
    tooltip = page.locator(".st-key-trees_1 .hoverlayer")
    expect(tooltip).to_contain_text(re.compile(r"‹dog› – ‹dog›nsubj – nsubj[+−]0\.\d{4}"))

    field = page.get_by_role("textbox", name="Text B")
    field.fill("It ran. It fell.")
    field.press("Control+Enter")
    alert = page.get_by_test_id("stAlert")
    expect(alert).to_contain_text(
        "Text B: The parser splits this text into 2 sentences", timeout=PATIENT
    )
    expect(field).to_have_value("It ran. It fell.")
