from dataclasses import replace
from html.parser import HTMLParser

import plotly.io
import pytest

from tests.figures.factory import make_result
from xsb_core import Look
from xsb_core.attribution.account import account
from xsb_core.figures.report import html_report

NASTY = [
    "<b>x</b>",
    "$x^2$",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "&lt;",
    "\u0645\u0631\u062d\u0628\u0627",
    "\U0001f642",
]
# fmt: off
ELEMENTS = {
    "html", "head", "meta", "title", "style", "script", "body", "h1", "h2", "p", "strong",
    "figure", "div", "table", "caption", "tr", "th", "td", "blockquote", "span", "bdi",
}
# fmt: on


class Page(HTMLParser):
    """The elements of a page, and its text outside of scripts and styles."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.text = ""
        self.open = ""
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.open = tag

    def handle_endtag(self, tag):
        self.open = ""

    def handle_data(self, data):
        if self.open not in ("script", "style"):
            self.text += data

    def count(self, tag: str) -> int:
        return sum(element == tag for element, _ in self.elements)


@pytest.fixture(scope="module")
def result():
    return make_result(["a", "small", "dog"], ["one", "cat"], score=0.6143)


@pytest.fixture(scope="module")
def page(result):
    return Page(html_report(result))


def test_one_page_without_network(page):
    assert ("html", {"lang": "en"}) in page.elements
    assert ("meta", {"charset": "utf-8"}) in page.elements
    assert page.count("link") == 0
    assert not any({"src", "href"} & attributes.keys() for _, attributes in page.elements)
    policy = next(a["content"] for _, a in page.elements if "http-equiv" in a)
    assert policy.startswith("default-src 'none'")


def test_names_texts_model_layer_and_error(page, result):
    for text in (
        result.a.text,
        result.b.text,
        result.model,
        "0.6143",
        "4: the states that enter this block, of 0 to 5",
        "4.2e-05",
        "3.1e-05",
        "through",
        "gauss-legendre",
        "float32",
        "torch",
        "2.13.0",
    ):
        assert text in page.text


def test_account_and_reference_terms(page, result):
    for line in account(result):
        assert line.label in page.text
        assert f"{line.value:+.4f}".replace("-", "\u2212") in page.text
    terms = result.reference_terms
    for value in (terms.a_rb, terms.b_ra, terms.ra_rb):
        assert f"{value:.4f}".replace("-", "\u2212") in page.text


def test_both_figures_follow_the_switches(result):
    source = html_report(result, Look(special=False, cells="paper"))
    assert '"name":"border_a"' in source
    assert "Special tokens" in source
    assert 'id="heatmap"' in source
    assert 'id="waterfall"' in source


def test_user_text_is_never_markup(page):
    nasty = make_result(NASTY, NASTY[::-1], pieces={"\U0001f642": "[UNK]"})
    hostile = Page(html_report(replace(nasty, model="<i>m</i>"), Look(cells="paper")))
    assert {tag for tag, _ in hostile.elements} <= ELEMENTS
    assert hostile.count("script") == page.count("script")
    assert not any(name.startswith("on") for _, attrs in hostile.elements for name in attrs)
    assert nasty.a.text in hostile.text
    assert "<i>m</i>" in hostile.text


def test_user_text_is_escaped_in_the_figures():
    source = html_report(make_result(NASTY, NASTY))
    data = source[source.index('id="heatmap"') :]
    assert "<img" not in data
    assert "alert(1)</script>" not in data


def test_texts_choose_their_own_direction(page):
    directions = [attrs.get("dir") for tag, attrs in page.elements if tag == "blockquote"]
    assert directions == ["auto", "auto"]


def test_control_characters_and_lone_surrogates_can_be_saved():
    source = html_report(make_result(["a\x00b", "\ud800"], ["c"]))
    assert "a\u2400b" in source
    source.encode("utf-8")


def test_plotly_is_left_as_it_was():
    assert plotly.io.json.config.default_engine == "auto"


def test_says_what_the_model_did_not_read(result):
    cut = replace(result, a=replace(result.a, prompt="query: ", read=7))
    page = Page(html_report(cut))
    assert "read the first 7 of 11 characters" in page.text
    assert "query: " in page.text
    assert any(attrs.get("class") == "unread" for _, attrs in page.elements)


def test_warns_where_the_error_is_above_the_tolerance(page, result):
    assert "not converged" not in page.text
    assert "not converged" in Page(html_report(replace(result, converged=False))).text


def test_word_means_without_special_tokens(result):
    page = Page(html_report(replace(result, words="mean"), Look(special=False)))
    assert "mean of its tokens' cells" in page.text
    assert "Prediction" in page.text


def test_fixed_steps_and_dot_product(result):
    page = Page(html_report(replace(result, steps=8, cosine=None, similarity="dot")))
    assert "fixed: 8" in page.text
    assert "Normalisationnone" in page.text
