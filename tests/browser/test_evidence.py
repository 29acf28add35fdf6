"""The page Evidence in a real browser: what a person reads, wide and narrow."""

from playwright.sync_api import expect

from pages.evidence.links import SAMPLE
from tests.browser.helpers import PATIENT, open_link
from tests.browser.pictures import wait_until_still
from xsb_core import attribute, load_encoder, read_gold
from xsb_core.evidence.deletion import Deletions
from xsb_core.evidence.findings import most_faithful, shipped_evidence
from xsb_core.evidence.measure import alignment_figures, gold_cells
from xsb_core.evidence.methods import Claims

HEADING = "Does an attribution tell the truth about the model?"
KEYS = ("comprehensiveness", "links", "changes")
# Words of charts that stand out of their chart, and charts that stand out of the page.
_CUT = """() => [...document.querySelectorAll(".js-plotly-plot")].flatMap(plot => {
    const frame = plot.getBoundingClientRect();
    const out = frame.right > innerWidth + 1 ? ["chart wider than the page"] : [];
    for (const text of plot.querySelectorAll("text")) {
        const own = text.getBoundingClientRect();
        if (own.width && (own.left < frame.left - 1 || own.right > frame.right + 1
            || own.bottom > frame.bottom + 1 || own.top < frame.top - 1))
            out.push(text.textContent);
    }
    return out;
})"""


def lines(page, key):
    return page.locator(f".st-key-{key} .scatterlayer .trace")


def wait_for_charts(page):
    for key in KEYS:
        expect(page.locator(f".st-key-{key} .js-plotly-plot")).to_be_visible(timeout=PATIENT)


def test_reads_as_the_core_computes(page, address):
    open_link(page, address, "/evidence", HEADING)
    wait_for_charts(page)
    table = shipped_evidence()
    answer = most_faithful(table[~table["method"].str.contains("@")])
    expect(page.get_by_text(answer)).to_be_visible()
    expect(lines(page, "comprehensiveness")).to_have_count(table["model"].nunique())
    pair = read_gold(SAMPLE)[0][0]
    encoder = load_encoder()
    result = attribute(encoder, pair.a, pair.b)
    cells = gold_cells(Claims(encoder).claim("net", Deletions(encoder, result), {}), result, pair)
    precision = alignment_figures(cells, pair.weights, pair.opposed)["average_precision"]
    said = f"Average precision of people's links, by the cells of net {precision:.2f},"
    expect(page.get_by_text(said)).to_be_visible()
    for word in ("guitar", "instrument"):
        expect(page.locator(".st-key-links text", has_text=word)).to_be_visible()
    assert page.get_by_test_id("stException").count() == 0


def test_own_links_are_drawn(page, address, tmp_path):
    path = tmp_path / "own.txt"
    path.write_text("a dog runs ||| the dog ran fast ||| 1-1 2-2\nx ||| y ||| 0-4\n")
    open_link(page, address, "/evidence", HEADING)
    wait_for_charts(page)
    page.locator(".st-key-gold input[type=file]").set_input_files(path)
    expect(page.locator(".st-key-links text", has_text="fast")).to_be_visible(timeout=PATIENT)
    expect(page.get_by_text("link 0-4 is out of range for 1 and 1 words")).to_be_visible()


def test_nothing_is_cut(page, address):
    page.set_viewport_size({"width": 800, "height": 900})
    open_link(page, address, "/evidence", HEADING)
    wait_for_charts(page)
    for width in (800, 400):
        page.set_viewport_size({"width": width, "height": 900})
        wait_until_still(page)
        assert page.evaluate(_CUT) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
