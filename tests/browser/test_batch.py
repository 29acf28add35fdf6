"""The page for many pairs in a real browser."""

import csv
import json
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Page, expect

from pages.batch.page import SAMPLE
from tests.browser.helpers import PATIENT, fetch, open_link, tick_row, wait_for_heatmap
from tests.corpus.factory import pairs
from xsb_core import attribute, load_encoder
from xsb_core.corpus.results import Results

HEADING = "Why are these pairs similar?"


def upload(page: Page, path: Path) -> None:
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(path)


def start(page: Page) -> None:
    page.get_by_role("button", name="Attribute all pairs").click()


def metric(page: Page, label: str):
    box = page.get_by_test_id("stMetric").filter(has_text=label)
    return box.get_by_test_id("stMetricValue")


def test_runs_the_sample_and_opens_a_row(page, address, tmp_path):
    open_link(page, address, "/batch", HEADING)
    start(page)
    expect(metric(page, "Pairs")).to_have_text("20", timeout=PATIENT)
    tick_row(page, "pairs_", 1)
    with SAMPLE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    expect(page.get_by_role("heading", name="Row 1", exact=True)).to_be_visible(timeout=PATIENT)
    wait_for_heatmap(page, "heatmap")
    expect(page.get_by_test_id("stText").nth(1)).to_have_text(rows[1]["text_b"])
    expected = attribute(load_encoder(), rows[1]["text_a"], rows[1]["text_b"])
    expect(metric(page, "Similarity")).to_have_text(f"{expected.score:.4f}")
    assert parse_qs(urlparse(page.url).query)["row"] == ["1"]
    # a second tab with the same link shows the same, without a run
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_role("heading", name="Row 1", exact=True)).to_be_visible(timeout=PATIENT)
    expect(other.get_by_role("button", name="Cancel")).to_have_count(0)
    found = Results(fetch(page, "Parquet", tmp_path))
    assert len(found) == 20
    assert found.pair(1).score == pytest.approx(expected.score, abs=1e-5)
    lines = fetch(page, "JSON Lines", tmp_path).read_text(encoding="utf-8").splitlines()
    assert json.loads(lines[1])["text_a"] == rows[1]["text_a"]


def test_a_run_is_cancelled_reloaded_and_gone_on_with(page, address, tmp_path):
    path = tmp_path / "many.csv"
    lines = [f'"{a} {n}.","{n} {b}."' for n, (a, b) in enumerate(pairs(64))]
    path.write_text("\n".join(["text_a,text_b", *lines]), encoding="utf-8")
    open_link(page, address, "/batch", HEADING, source="Upload")
    upload(page, path)
    start(page)
    progress = page.get_by_test_id("stProgress")
    expect(progress).to_contain_text("left", timeout=PATIENT)
    expect(progress).to_contain_text("of 64 pairs")
    # a reload finds the run, which goes on, though the upload is gone
    page.reload()
    expect(progress).to_contain_text("of 64 pairs", timeout=PATIENT)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("The run was stopped.")).to_be_visible(timeout=PATIENT)
    page.get_by_role("button", name="Go on with this run").click()
    expect(metric(page, "Pairs")).to_have_text("64", timeout=2 * PATIENT)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_file_above_the_limit_is_named_so(page, address, tmp_path):
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.write(b"text_a,text_b\n")
        file.truncate(60 * 2**20)
    open_link(page, address, "/batch", HEADING, source="Upload")
    upload(page, large)
    expect(page.get_by_text("large.csv")).to_be_visible()
    said = "getComputedStyle(document.querySelector('.st-key-upload'), '::after').content"
    page.wait_for_function(f"{said}.includes('more than 50 MB')", timeout=PATIENT)
    expect(page.get_by_role("button", name="Attribute all pairs")).to_have_count(0)
