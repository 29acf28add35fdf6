"""The account of a score and the verdict on it, on results made by hand."""

import dataclasses

import pytest

from tests.figures.factory import make_result
from xsb_core import ReferenceTerms, account, account_gap, to_words, trust

WORDS_A, WORDS_B = ["He", "isn't", "here"], ["😀", "Ġ", "nobody"]


@pytest.fixture
def result():
    return make_result(WORDS_A, WORDS_B)


def test_the_account_adds_up(result):
    lines = account(result)
    assert [line.key for line in lines] == ["corner", "border_a", "border_b", "matrix"]
    assert [line.value for line in lines] == [
        result.corner,
        result.sum_border_a,
        result.sum_border_b,
        result.sum_matrix,
    ]
    assert sum(line.value for line in lines) == pytest.approx(result.score, abs=1e-12)
    assert account_gap(result) == pytest.approx(0, abs=1e-12)


def test_special_tokens_take_a_line_of_their_own(result):
    values = {line.key: line.value for line in account(result, special=False)}
    assert list(values) == ["corner", "border_a", "border_b", "matrix", "special"]
    assert values["corner"] == result.corner
    assert values["border_a"] == pytest.approx(result.border_a[1:4].sum(), abs=1e-12)
    assert values["border_b"] == pytest.approx(result.border_b[1:4].sum(), abs=1e-12)
    assert values["matrix"] == pytest.approx(result.matrix[1:4, 1:4].sum(), abs=1e-12)
    outer = [result.matrix[0], result.matrix[4], result.matrix[1:4, 0], result.matrix[1:4, 4]]
    outer += [result.border_a[[0, 4]], result.border_b[[0, 4]]]
    assert values["special"] == pytest.approx(sum(part.sum() for part in outer), abs=1e-12)
    assert sum(values.values()) == pytest.approx(result.score, abs=1e-12)


def test_the_account_of_words(result):
    for how in ("mean", "sum"):
        assert account(to_words(result, how)) == account(result)
    sums = {line.key: line.value for line in account(to_words(result, "sum"), special=False)}
    for line in account(result, special=False):
        assert sums[line.key] == pytest.approx(line.value, abs=1e-12)
    with pytest.raises(ValueError, match="can't be told from word means"):
        account(to_words(result, "mean"), special=False)


def test_the_gap_is_what_the_account_leaves_out(result):
    assert account_gap(dataclasses.replace(result, score=result.score + 0.25)) == pytest.approx(
        0.25
    )


def test_shifted_encoders_are_exact():
    zero = ReferenceTerms(0.0, 0.0, 0.0)
    nothing = dict.fromkeys(("sum_border_a", "sum_border_b", "corner"), 0.0)
    options = {"shifted": True, "reference_terms": zero} | nothing
    for cosine, similarity in (("endpoint", "cosine"), (None, "dot")):
        verdict = trust(make_result(["a"], ["b"], cosine=cosine, similarity=similarity, **options))
        assert verdict.level == "exact"
        assert verdict.sentence.startswith("Exact: this encoder maps its references to zero")
        assert "; residual 4.2e-05, 8 nodes)" in verdict.sentence
    through = make_result(["a"], ["b"], cosine="through", **options)
    assert trust(through).level == "approximate"


@pytest.mark.parametrize(
    ("a_rb", "b_ra", "words"),
    [
        (0.1, -0.1, "Both reference similarities (+0.100, −0.100) stay within ±0.1"),
        (0.11, 0.0, "f(a, r_b) = +0.110 leaves ±0.1, the paper's bound"),
        (0.0, -0.11, "f(b, r_a) = −0.110 leaves ±0.1, the paper's bound"),
        (-0.3, 0.2, "f(a, r_b) = −0.300 and f(b, r_a) = +0.200 leave ±0.1, the paper's bound"),
    ],
)
def test_references_are_judged_by_the_papers_bound(a_rb, b_ra, words):
    result = make_result(["a"], ["b"], reference_terms=ReferenceTerms(a_rb, b_ra, 0.99))
    verdict = trust(result)
    assert verdict.level == "approximate"
    assert words in verdict.sentence
    whole, rest = (
        f"{value:+.3f}".replace("-", "−")
        for value in (result.sum_matrix, result.score - result.sum_matrix)
    )
    assert f"the token pairs add up to {whole}" in verdict.sentence
    assert f"the other {rest}." in verdict.sentence


def test_the_papers_bound_is_not_for_dot_products():
    terms = ReferenceTerms(12.0, -9.0, 20.0)
    verdict = trust(make_result(["a"], ["b"], similarity="dot", cosine=None, reference_terms=terms))
    assert verdict.level == "approximate"
    assert "bound" not in verdict.sentence
    assert "0.1" not in verdict.sentence.split("account for")[1]


def test_an_integral_that_did_not_converge_is_inaccurate():
    options = {"converged": False, "residual_b": 0.034, "nodes_a": 4, "nodes_b": 6}
    for shifted in (False, True):
        verdict = trust(make_result(["a"], ["b"], shifted=shifted, **options))
        assert verdict.level == "inaccurate"
        assert "with 6 nodes the integral is off by 3.4e-02" in verdict.sentence
        assert "1e-03 was asked for" in verdict.sentence
        assert "take a later layer or more steps first" in verdict.sentence


def test_what_cells_are_right_to_is_told():
    def sentence(**options):
        return trust(make_result(["a"], ["b"], **options)).sentence

    assert "(cells are right to about ±0.0004; residual" in sentence(cell_error=4.2e-4)
    assert "about ±0.03; residual" in sentence(cell_error=0.031)
    assert "about ±0;" in sentence(cell_error=0.0)
    assert "cells are right" not in sentence(cell_error=None, error_a=None, error_b=None)
    missed = sentence(converged=False, error_b=0.02, needed_b=81_000, cell_error=0.007)
    assert "single tokens by 2.0e-02; ±0.007 in a cell" in missed
    assert "raise the limit of work from 50,000 to 81,000 tangents first" in missed
