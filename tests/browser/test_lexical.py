"""The page on lexical bias in a real browser."""

from playwright.sync_api import Page, expect

from tests.browser.helpers import PATIENT, fetch, open_link, open_view
from xsb_core.studies.lexical.ranking import cells_sentence, rank_agreement, ranking
from xsb_core.studies.lexical.same_tokens import TokenCells

HEADING = "Do single words drive the score?"
ONE = {"two": "false", "fillers": "Auckland\nthe USA"}


def chart(page: Page, key: str):
    return page.locator(f".st-key-{key} .js-plotly-plot")


def test_reads_as_the_core_computes(page, address, tmp_path):
    open_link(page, address, "/lexical", HEADING)
    fillers = chart(page, "scores")
    expect(fillers.locator(".legendtext")).to_have_text(
        ["shelf: score", "shelf: X–X cell", "exact: score", "exact: X–X cell"], timeout=PATIENT
    )
    expect(fillers.locator(".ytick").first).to_have_text("Auckland")
    open_view(page, "Every token of a corpus")
    studies = TokenCells.shipped("paper")
    for study in studies:
        expect(page.get_by_text(cells_sentence(study))).to_be_visible(timeout=PATIENT)
    agreed = rank_agreement(*studies)
    expect(page.get_by_text(f"Spearman {agreed.spearman:+.2f}.")).to_be_visible()
    top = ranking(studies[0])["token"][0]
    expect(chart(page, "means_1").locator(".ytick").first).to_have_text(top)
    assert page.get_by_test_id("stException").count() == 0
    assert page.get_by_test_id("stAlert").count() == 0
    assert fetch(page, "PNG: Ranks in both models", tmp_path).name == "xsb-ranks.png"
    page.goto(fetch(page, "HTML", tmp_path).as_uri())
    expect(page.locator(".js-plotly-plot")).to_have_count(5)
