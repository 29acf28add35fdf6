"""The page of studies in a real browser."""

from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tests.browser.helpers import PATIENT, open_link, wait_for_heatmap
from tests.studies.factory import random_results, write_results
from xsb_core.corpus.export import write_parquet
from xsb_core.corpus.results import Results
from xsb_core.studies.agreement.by_score import between
from xsb_core.studies.measurements import STSB, Measurements
from xsb_core.studies.references import reference_terms

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


def test_cold_server_is_full_and_a_point_opens_its_pair(page, start_server, tmp_path):
    page.goto(start_server() + "/references")
    expect(page.get_by_role("heading", name=HEADING)).to_be_visible(timeout=PATIENT)
    expect(page.get_by_text("Page not found")).to_have_count(0)
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
    expect(page.get_by_text("The shipped results are figures only")).to_be_visible()
    downloads = page.locator(".st-key-downloads_references")
    with page.expect_download() as download:
        downloads.get_by_role("button", name="CSV").click()
    download.value.save_as(tmp_path / "references.csv")
    assert len(pd.read_csv(tmp_path / "references.csv")) == 1379


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> list[Path]:
    """Two models' results on the same pairs."""
    folder = tmp_path_factory.mktemp("results")
    paths = []
    for seed, model in enumerate(("m", "n")):
        results = random_results(40, seed, model=model)
        paths.append(folder / f"{model}.parquet")
        write_parquet(Results(write_results(folder / model, results)), paths[-1])
    return paths


def test_uploaded_results_show_both_heatmaps_of_a_pair(page, address, files):
    open_link(page, address, "/references", HEADING, results="Results files", pair="3")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(files)
    expect(points(page)).to_have_count(40, timeout=PATIENT)
    for number in (1, 2):
        wait_for_heatmap(page, f"pair_{number}")
    expect(page.get_by_role("link", name="Open in Compare models")).to_be_visible()
    expect(page.get_by_text("There is one layer only (4)")).to_be_visible()
