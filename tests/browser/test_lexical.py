"""The page on lexical bias in a real browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.helpers import PATIENT, fetch, open_link, tick_row
from tests.syntax.factory import DATA
from xsb_core.studies.lexical.ranking import cells_sentence, rank_agreement, ranking
from xsb_core.studies.lexical.same_tokens import TokenCells

HEADING = "Do single words drive the score?"
ONE = {"two": "false", "fillers": "Auckland\nthe USA"}


def chart(page: Page, key: str):
    return page.locator(f".st-key-{key} .js-plotly-plot")


def test_cold_server_shows_example_and_study_in_its_frame(page, start_server):
    page.goto(start_server() + "/lexical")
    expect(page.get_by_role("heading", name=HEADING)).to_be_visible(timeout=PATIENT)
    expect(page.get_by_role("link", name="Lexical bias")).to_be_visible()
    expect(page.get_by_role("link", name="Pair", exact=True)).to_be_visible()
    studies = TokenCells.shipped()
    for study in studies:
        expect(page.get_by_text(cells_sentence(study))).to_be_visible(timeout=PATIENT)
    agreed = rank_agreement(*studies)
    expect(page.get_by_text(f"Spearman {agreed.spearman:+.2f}.")).to_be_visible()
    fillers = chart(page, "scores")
    expect(fillers.locator(".legendtext")).to_have_text(
        ["shelf: score", "shelf: X–X cell", "exact: score", "exact: X–X cell"]
    )
    expect(fillers.locator(".ytick").first).to_have_text("Auckland")
    top = ranking(studies[0])["token"][0]
    expect(chart(page, "means_1").locator(".ytick").first).to_have_text(top)
    assert page.get_by_test_id("stException").count() == 0
    assert page.get_by_test_id("stAlert").count() == 0


def test_a_template_without_a_slot_is_told_and_mended(page, address):
    open_link(page, address, "/lexical", HEADING, template_a="A puppy was born.", **ONE)
    alert = page.get_by_test_id("stAlert")
    expect(alert).to_contain_text("Template A must have one slot", timeout=PATIENT)
    field = page.get_by_role("textbox", name="Template A")
    expect(field).to_have_value("A puppy was born.")
    field.fill("A puppy came to X.")
    field.press("Enter")
    expect(alert).to_have_count(0, timeout=PATIENT)
    expect(chart(page, "scores").locator(".ytick")).to_have_text(["Auckland", "the USA"])
    assert "template_a=A+puppy+came+to+X." in page.url


def test_a_token_opens_its_cells_and_a_cell_its_pair(page, address):
    if not (DATA / "stsb").is_dir():
        pytest.skip(f"no STS-B in {DATA}; it is only shared data")
    open_link(page, address, "/lexical", HEADING, stsb=str(DATA / "stsb"), **ONE)
    expect(chart(page, "ranks")).to_be_visible(timeout=PATIENT)
    tick_row(page, "tokens_1", 1)
    token = ranking(TokenCells.shipped()[0])["token"][1]
    expect(page.get_by_text(f"‹{token}›: ")).to_be_visible()
    tick_row(page, "cells_1", 0)
    expect(page.get_by_text(re.compile(r"^Pair \d+ of \S+\.csv$"))).to_be_visible(timeout=PATIENT)
    labels = page.locator(".st-key-pair_1 .ytick")
    expect(labels.first).to_be_visible(timeout=PATIENT)
    assert token in [label.lower() for label in labels.all_text_contents()]


def test_downloads(page, address, tmp_path: Path):
    open_link(page, address, "/lexical", HEADING, **ONE)
    expect(chart(page, "ranks")).to_be_visible(timeout=PATIENT)
    lines = fetch(page, "CSV", tmp_path).read_text().splitlines()
    assert lines[0] == "rank,token,count,mean,deviation,model"
    assert len(lines) == 1 + sum(len(ranking(study)) for study in TokenCells.shipped())
    filled = fetch(page, "CSV of the fillers", tmp_path).read_text()
    assert "the USA" in filled
    assert fetch(page, "PNG: Ranks in both models", tmp_path).name == "xsb-ranks.png"
    page.goto(fetch(page, "HTML", tmp_path).as_uri())
    expect(page.locator(".js-plotly-plot")).to_have_count(5)
