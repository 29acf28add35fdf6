from dataclasses import replace

import numpy as np
import pytest

from tests.figures.factory import make_result
from tests.figures.test_report import ELEMENTS, NASTY, Page
from xsb_core import Look
from xsb_core.comparison.models import compare
from xsb_core.figures.comparison_report import comparison_report
from xsb_core.figures.report import html_report

FIRST = make_result(["a", "small", "dog"], ["one", "cat"], score=0.6143)
SECOND = replace(
    make_result(["a", "small", "dog"], ["one", "cat"], score=0.7, seed=1), model="<i>m</i>"
)


@pytest.fixture(scope="module")
def page():
    return Page(comparison_report(compare(FIRST, SECOND)))


def test_has_both_models_figures_and_numbers(page):
    for text in (FIRST.model, SECOND.model, "0.6143", "0.7000", FIRST.a.text, "agreement"):
        assert text in page.text
    assert page.text.count("Text A, as model") == 0
    ids = {attrs.get("id") for tag, attrs in page.elements if tag == "div"}
    assert {"heatmap_1", "heatmap_2", "difference", "waterfall_1", "waterfall_2"} <= ids
    for result in (FIRST, SECOND):
        assert f"{result.reference_terms.ra_rb:.4f}".replace("-", "−") in page.text


def test_user_text_is_never_markup(page):
    first, second = make_result(NASTY, NASTY[::-1]), make_result(NASTY, NASTY[::-1], seed=1)
    source = comparison_report(
        compare(first, replace(second, model="<img src=x>")), Look(cells="paper")
    )
    hostile = Page(source)
    assert {tag for tag, _ in hostile.elements} <= ELEMENTS
    assert hostile.count("script") == page.count("script")
    policy = next(a["content"] for _, a in hostile.elements if "http-equiv" in a)
    assert policy.startswith("default-src 'none'")


def test_each_models_reading_where_they_differ():
    cut = replace(SECOND, a=replace(SECOND.a, read=7))
    page = Page(comparison_report(compare(FIRST, cut)))
    assert "Text A, as model 1 reads it" in page.text
    assert "read the first 7 of 11 characters" in page.text


def test_ranges_are_one_or_each_its_own():
    large = replace(SECOND, matrix=10 * np.array(SECOND.matrix))
    one = comparison_report(compare(FIRST, large))
    own = comparison_report(compare(FIRST, large), one_range=False)
    limit = f'"limit":{np.abs(FIRST.net_matrix).max()}'
    assert limit not in one
    assert limit in own


def test_words_without_special_tokens():
    page = Page(comparison_report(compare(FIRST, SECOND, "mean"), Look(special=False)))
    assert "Special tokens" in page.text
    assert len(html_report(FIRST)) < len(comparison_report(compare(FIRST, SECOND)))
