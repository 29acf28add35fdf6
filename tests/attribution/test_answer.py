"""The answer in a sentence, and the mark of trust: never surer than the numbers."""

import dataclasses

import numpy as np
import pytest

from tests.figures.factory import make_result
from xsb_core import answer, attribute, trust
from xsb_core.attribution.function_words import carries_little, is_negation
from xsb_core.attribution.result import ReferenceTerms

ZEROS = {"corner": 0.0, "shifted": True, "cosine": "endpoint"}


def planted(a: list[str], b: list[str], cells: dict[tuple[int, int], float], **changes):
    """A result whose cells are these and nothing else; positions count from the first word."""
    matrix = np.zeros((len(a) + 2, len(b) + 2))
    for (row, column), value in cells.items():
        matrix[row + 1, column + 1] = value
    borders = {"border_a": np.zeros(len(matrix)), "border_b": np.zeros(len(matrix[0]))}
    score = sum(cells.values())
    return make_result(a, b, matrix=matrix, score=score, **(ZEROS | borders | changes))


def test_a_paraphrase_names_what_makes_it_each_word_once(minilm):
    first = "The company cut a thousand jobs last year."
    said = answer(attribute(minilm, first, "Last year, a thousand employees were laid off."))
    assert said.startswith("Similar (0.69): most of all because of thousand–thousand (+0.12), ")
    assert "jobs–employees (+0.05)" in said
    assert "company–employees" not in said  # employees has its partner
    assert said.endswith("of what raises it; nothing of weight speaks against it.")


def test_unrelated_texts_have_no_pair_of_weight(minilm):
    first = "The company cut a thousand jobs last year."
    said = answer(attribute(minilm, first, "My cat sleeps on the warm windowsill."))
    assert said == (
        "Not similar (−0.05): no pair of words carries weight (none adds 0.02 or more)."
    )


def test_a_negation_that_counts_for_nothing_is_told(minilm):
    texts = ("The new drug is safe for children.", "The new drug is not safe for children.")
    said = answer(attribute(minilm, *texts))
    assert "drug–drug" in said
    assert "‹not› counts for next to nothing, " in said
    assert "‹not›" not in answer(attribute(minilm, texts[1], texts[1]))


def test_what_is_most_of_the_score_is_called_so_and_what_lowers_it_is_named():
    said = answer(planted(["hot", "tea"], ["cold", "tea"], {(1, 1): 0.7, (0, 0): -0.1}))
    assert said == (
        "Similar (0.60): mostly because of tea–tea (+0.70), which makes 100% of what raises it; "
        "against it speaks hot–cold (−0.10)."
    )


def test_function_words_and_punctuation_are_passed_over():
    result = planted(
        ["the", "!", "dog"], ["the", "!", "dog"], {(0, 0): 0.3, (1, 1): 0.2, (2, 2): 0.1}
    )
    assert "many pairs of words, of which the largest is dog–dog (+0.10)" in answer(result)
    assert "the–the" not in answer(result)


@pytest.mark.parametrize(
    ("score", "opening"),
    [
        (0.5, "Similar (0.50)"),
        (0.25, "Somewhat similar (0.25)"),
        (0.0, "Not similar (0.00)"),
        (-0.25, "Not similar (−0.25)"),
        (-0.6, "Opposed (−0.60)"),
    ],
)
def test_the_score_says_what_texts_are_called(score, opening):
    assert answer(planted(["a"], ["b"], {(0, 0): score})).startswith(f"{opening}: ")


def test_nothing_is_named_that_the_error_could_make():
    dog = planted(["dog"], ["dog"], {(0, 0): 0.1}, cell_error=0.03)
    assert "no pair of words carries weight (none adds 0.12 or more)" in answer(dog)
    lost = dataclasses.replace(dog, cell_error=0.06, converged=False)
    assert answer(lost).endswith("can't be told: they are not exact enough.")
    near = dataclasses.replace(dog, cell_error=0.01, converged=False)
    assert "as far as can be told" in answer(near)


def test_a_dot_product_is_measured_by_its_own_size():
    dot = planted(["dog"], ["dog"], {(0, 0): 12.0}, similarity="dot", cosine=None)
    assert answer(dot).startswith("Score 12.00: mostly because of dog–dog (+12.00)")


def test_marks_tell_what_colours_the_cells():
    def mark(**changes):
        found = trust(make_result(["dog"], ["dog"], score=0.5, **changes))
        return found.mark, found.short

    neutral = ReferenceTerms(0.05, -0.1, 0.95)
    assert mark(reference_terms=neutral) == ("green", "right to about ±0.00004 a cell")
    for terms in ((0.11, 0.0, 0.95), (0.0, 0.0, 0.89)):
        colour, why = mark(reference_terms=ReferenceTerms(*terms))
        assert colour == "amber"
        assert why.endswith("; an empty text is not neutral to this model here")
    assert mark(reference_terms=neutral, cell_error=0.05)[0] == "amber"
    assert mark(reference_terms=neutral, converged=False)[0] == "red"


@pytest.mark.parametrize("word", ["no", "Never", "don’t", "isn't", "without", "cannot"])
def test_negations_are_known_and_are_no_function_words(word):
    assert is_negation(word)
    assert not carries_little(word)
