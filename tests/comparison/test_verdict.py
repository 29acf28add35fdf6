"""What is said of a comparison."""

from dataclasses import replace
from math import nan

import pytest

from tests.figures.factory import make_result
from xsb_core import Look, ReferenceTerms
from xsb_core.comparison.agreement import Agreement
from xsb_core.comparison.models import LeftOut, compare
from xsb_core.comparison.verdict import agreement_verdict, notes, sums_sentences


@pytest.mark.parametrize(
    ("spearman", "opening"),
    [
        (1.0, "Strong agreement:"),
        (0.8, "Strong agreement:"),
        (0.79, "Moderate agreement:"),
        (0.3, "Weak agreement:"),
        (0.0, "No agreement:"),
        (-0.2, "No agreement:"),
        (-0.9, "Opposite rankings:"),
        (-1.0, "Opposite rankings:"),
    ],
)
def test_agreement_is_named_by_the_rank_correlation(spearman, opening):
    sentence = agreement_verdict(Agreement(spearman, 0.5, 2 / 4, 7 / 13, 132))
    assert sentence.startswith(opening)
    assert f"Spearman {spearman:.2f}, Pearson 0.50 over 132 cells" in sentence
    assert "they share 2 of their 3 largest cells and 7 of their 10 largest cells." in sentence


@pytest.mark.parametrize("count", [3, 10])
def test_shares_are_whole_cells(count):
    for shared in range(count + 1):
        jaccard = shared / (2 * count - shared)
        sentence = agreement_verdict(Agreement(0.5, 0.5, jaccard, jaccard, 99))
        assert f"{shared} of their {count} largest" in sentence


def test_undefined_figures_are_not_named():
    assert "3 largest cells." in agreement_verdict(Agreement(0.5, 0.5, 1.0, nan, 4))
    assert "largest" not in agreement_verdict(Agreement(1.0, 1.0, nan, nan, 2))
    nothing = agreement_verdict(Agreement(nan, nan, 1.0, nan, 4))
    assert nothing.startswith("Agreement is not defined here")
    assert "nan" not in nothing


SHELF = make_result(["a"], ["b"], score=0.6)
EXACT = replace(
    SHELF,
    shifted=True,
    cosine="endpoint",
    score=0.7,
    sum_matrix=0.7,
    sum_border_a=0.0,
    sum_border_b=0.0,
    corner=0.0,
    reference_terms=ReferenceTerms(0.0, 0.0, 0.0),
)


PAPER = Look(cells="paper")


def test_sums_of_an_exact_and_an_approximate_model():
    sentences = sums_sentences(SHELF, EXACT, PAPER)
    assert f"Model 1's cells add up to {SHELF.sum_matrix:.4f} for a score of 0.6000" in sentences
    assert f"f(r_a, r_b) = {SHELF.reference_terms.ra_rb:.3f}" in sentences
    assert f"{0.6 - SHELF.sum_matrix:+.4f}" in sentences
    assert "Model 2's cells add up to its score, 0.7000." in sentences
    assert sentences.endswith("compare the pattern of the cells rather than their sizes.")
    assert sums_sentences(EXACT, SHELF, PAPER).startswith("Model 1's cells add up to its score")


def test_sums_of_two_models_of_a_kind():
    assert "can be compared cell by cell" in sums_sentences(EXACT, EXACT, PAPER)
    assert "can be compared cell by cell" in sums_sentences(SHELF, EXACT)
    both = sums_sentences(SHELF, SHELF, PAPER)
    assert both.count("references have a part") == 2
    assert "pattern" not in both


def test_notes():
    assert notes(compare(SHELF, EXACT)) == []
    (units,) = notes(compare(SHELF, replace(EXACT, similarity="dot", cosine=None)))
    assert units.startswith("Model 2 compares by dot product")
    (units,) = notes(compare(replace(SHELF, similarity="dot", cosine=None), EXACT))
    assert units.startswith("Model 1 compares by dot product")


def test_notes_on_tokens():
    compared = replace(
        compare(SHELF, EXACT, "sum"),
        same_tokens=False,
        first_left_out=LeftOut(("q", ":"), (), 0.25),
        second_left_out=LeftOut((), tuple(f"w{i}" for i in range(6)), -0.5),
    )
    words, first, second = notes(compared)
    assert "compared by words; a cell is the sum of" in words
    assert "as model 2 has no counterpart: of model 1, ‹q›, ‹:› of text A (their" in first
    assert "+0.2500" in first
    assert (
        "of model 2, 6 tokens from ‹w0› to ‹w5› of text B (their net cells add up to −0.5" in second
    )
    assert second.endswith("000 at layer 4).")
