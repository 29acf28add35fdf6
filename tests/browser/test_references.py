"""The page of studies in a real browser."""

from urllib.parse import parse_qs, urlparse

import pandas as pd
from playwright.sync_api import Page, expect

from tests.browser.helpers import PATIENT, open_link
from xsb_core.studies.agreement.by_score import between
from xsb_core.studies.measurements import STSB, Measurements
from xsb_core.studies.reference_terms import reference_terms

HEADING = "How far can attributions be trusted?"


def points(page: Page):
    return page.locator(".st-key-by_score .scatterlayer .trace").first.locator("path.point")


def choose_point(page: Page, which: int) -> None:
    point = points(page).nth(which)
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.click(x, y)


def test_is_full_and_a_point_opens_its_pair(page, address, tmp_path):
    open_link(page, address, "/references", HEADING)
    study = Measurements.load(STSB)
    found = reference_terms(study.measures, "shelf")
    title = f"{100 * found.within:.1f}% within ±0.1"
    expect(page.get_by_text(title, exact=True)).to_be_visible(timeout=PATIENT)
    expect(points(page).first).to_be_visible(timeout=PATIENT)
    table = between(study.agreements, "tuned", "exact")
    layer = table["layer"].max()
    assert points(page).count() == (table["layer"] == layer).sum()
    expect(page.get_by_text("density of positive sums").last).to_be_visible()
    assert page.get_by_test_id("stException").count() == 0
    choose_point(page, 0)
    box = page.get_by_role("textbox", name="Pair")
    # points may lie upon each other: some pair is chosen, and it is in the link
    expect(box).not_to_have_value("", timeout=PATIENT)
    assert parse_qs(urlparse(page.url).query)["pair"] == [box.input_value()]
    expect(page.get_by_text("The study ships without sentences")).to_be_visible()
    downloads = page.locator(".st-key-downloads_references")
    with page.expect_download() as download:
        downloads.get_by_role("button", name="CSV").click()
    download.value.save_as(tmp_path / "references.csv")
    assert len(pd.read_csv(tmp_path / "references.csv")) == 1379
