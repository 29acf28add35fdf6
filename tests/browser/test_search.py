"""The page Search in a real browser: what a person reads of the sample, wide and narrow."""

import re

from playwright.sync_api import expect

from tests.browser.helpers import PATIENT, open_link
from tests.browser.pictures import wait_until_still
from xsb_core import contrast, explain_hits, load_encoder, open_documents, rank
from xsb_core.attribution.numerals import signed
from xsb_core.encoders.ready import ASSETS

HEADING = "Why is this document found?"
QUERY = "When does the ferry leave on Sunday?"
# Labels of charts whose box reaches over their chart's, or the chart's over the window.
_CUT = """() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(plot => {
    const own = plot.querySelector('.main-svg').getBoundingClientRect();
    const texts = [...plot.querySelectorAll('.main-svg text')].filter(t => t.textContent);
    const out = box => box.left < own.left - 1 || box.right > own.right + 1
        || box.top < own.top - 1 || box.bottom > own.bottom + 1 || box.right > innerWidth + 1;
    return texts.filter(t => out(t.getBoundingClientRect())).map(t => t.textContent);
})"""


def results(page):
    return page.get_by_text(re.compile("right to ±"))


def test_reads_as_the_core_computes(page, address):
    open_link(page, address, "/search", HEADING, top="3", near="true")
    expect(results(page)).to_have_count(11, timeout=3 * PATIENT)  # 3, 2 compared, why, 5 alike
    encoder = load_encoder()
    ranking = rank(encoder, QUERY, open_documents(ASSETS / "sample-documents.csv"))
    first, second = explain_hits(encoder, ranking.hits[:2])
    marked = page.locator("span[style*='font-weight']").first
    expect(marked).to_have_text(first.hit.text[first.carrier.start : first.carrier.end])
    expect(page.get_by_text(f"{first.hit.score:.3f}").first).to_be_visible()
    apart = contrast(first, second)
    by = signed(first.hit.score - second.hit.score)
    sentence = f"{first.hit.id} comes before {second.hit.id} by {by}"
    expect(page.get_by_text(sentence)).to_be_visible()
    expect(
        page.get_by_text(f"it answers least, beside the other, “{apart.lifts[0]}”")
    ).to_be_visible()
    assert page.get_by_test_id("stException").count() == 0


def test_no_label_is_cut(page, address):
    open_link(page, address, "/search", HEADING, top="3", two="true")
    expect(page.get_by_text("Kendall's tau")).to_be_visible(timeout=3 * PATIENT)
    expect(page.locator(".js-plotly-plot")).to_have_count(2, timeout=PATIENT)
    for width in (1400, 800, 400):
        page.set_viewport_size({"width": width, "height": 1400})
        wait_until_still(page)  # charts take their width after they are drawn
        assert page.locator(".js-plotly-plot .main-svg text").count() > 20
        assert page.evaluate(_CUT) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
