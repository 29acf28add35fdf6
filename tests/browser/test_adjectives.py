"""The page on adjectives in a real browser."""

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.helpers import (
    PATIENT,
    ROW_HEIGHT,
    open_link,
    open_view,
    painted_table,
    wait_for_heatmap,
)
from xsb_core import attribute, load_encoder
from xsb_core.studies.adjectives.pairs import adjective_sentences, shipped_adjectives
from xsb_core.studies.adjectives.triplets import adjective_cells, place

HEADING = "Does the model tell opposites from synonyms?"
SHORT = {
    "two": "false",
    "model_1": "shelf",
    "layer": "5",
    "template": "A ___ dog",
    "anchor": "wet",
    "synonym": "damp",
    "opposite": "dry",
}


def values(page):
    return page.get_by_test_id("stMetricValue")


def attribution(name, template, anchor, adjective, layer=None, *, paper=False):
    a, b = place(template, anchor), place(template, adjective)
    result = attribute(load_encoder(name), a.sentence, b.sentence, layer)
    matrix = result.matrix if paper else result.net_matrix
    return float(matrix[np.ix_(*adjective_cells(result, a, b))].mean())


def test_reads_as_the_core_computes(page, address):
    open_link(page, address, "/adjectives", HEADING)
    for number in (1, 2):
        for kind in ("synonym", "opposite"):
            wait_for_heatmap(page, f"triplet_{number}_{kind}")
            frame = page.locator(
                f".st-key-triplet_{number}_{kind} .shapelayer path[style*='rgb(224, 130, 20)']"
            )
            expect(frame).to_have_count(1)
    places = [
        page.locator(f".st-key-triplet_1_{kind} .heatmaplayer").bounding_box()
        for kind in ("synonym", "opposite")
    ]
    assert places[0]["y"] == pytest.approx(places[1]["y"], abs=2)
    assert places[0]["x"] + places[0]["width"] < places[1]["x"]
    own = attribution("exact", "This house is ___.", "beautiful", "ugly")
    expect(values(page).nth(6)).to_have_text(f"{own:+.4f}")
    open_view(page, "All triplets")
    for sentence in adjective_sentences(shipped_adjectives()):
        expect(page.get_by_text(sentence)).to_be_visible(timeout=PATIENT)
    for number in (1, 2):
        bars = page.locator(f".st-key-histogram_{number} .barlayer .trace")
        expect(bars).to_have_count(2)
    assert page.get_by_test_id("stException").count() == 0


def test_upload_and_edits_of_the_table_survive_a_change_of_page(page, address, tmp_path):
    open_link(page, address, "/adjectives", HEADING, view="All triplets", **SHORT)
    path = tmp_path / "own.csv"
    path.write_text("anchor,synonym,opposite\nwarm,hot,cold\n", encoding="utf-8")
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(path)
    # the canvas has a table for screen readers
    synonym = page.locator("[class*='st-key-triplets_']").get_by_test_id("glide-cell-2-0")
    expect(synonym).to_have_text("hot", timeout=PATIENT)
    table = painted_table(page, "triplets_")
    box = table.bounding_box()
    table.click(position={"x": box["width"] / 2, "y": ROW_HEIGHT * 1.5}, force=True)
    page.keyboard.press("Enter")  # opens the cell, as typing would, which a slow page may lose
    expect(page.locator("textarea.gdg-input")).to_be_visible(timeout=PATIENT)
    page.keyboard.press("Control+A")
    page.keyboard.type("boiling", delay=50)
    page.keyboard.press("Enter")
    expect(synonym).to_have_text("boiling")
    page.wait_for_timeout(4000)  # the edit reaches the server
    page.get_by_role("link", name="Negation", exact=True).click()
    expect(page.get_by_role("heading", name="Does the model mind the negation?")).to_be_visible(
        timeout=PATIENT
    )
    page.get_by_role("link", name="Adjectives", exact=True).click()
    open_view(page, "All triplets")
    expect(synonym).to_have_text("boiling", timeout=PATIENT)
    expect(page.get_by_text("own.csv, uploaded before, is in use.")).to_be_visible()
