"""Templates: slots, fillers, and the X–X cell by hand."""

from functools import partial

import pytest

from tests.figures.factory import make_result
from xsb_core import TextError, attribute, attribute_pairs
from xsb_core.studies.lexical.template import (
    EXAMPLE,
    EXAMPLE_FILLERS,
    fill,
    filled_table,
    fillers_of,
    slot_of,
)


@pytest.mark.parametrize(
    ("template", "slot"),
    [("X", (0, 1)), ("in X.", (3, 4)), ("“X”", (1, 2)), ("Max-X, XL", (4, 5)), ("é X", (2, 3))],
)
def test_the_slot_is_an_x_of_its_own(template, slot):
    assert slot_of(template, "A") == slot


@pytest.mark.parametrize(
    ("template", "came"), [("", "none"), ("Max x XL", "none"), ("X and X", "2 of them")]
)
def test_other_templates_are_refused_in_one_sentence(template, came):
    with pytest.raises(TextError) as error:
        slot_of(template, "B")
    assert str(error.value) == (
        f"Template B must have one slot, an X that is a word of its own; it has {came}."
    )


def test_fillers_are_stripped_and_each_is_tried_once():
    assert fillers_of([" a ", "", "b", "a", "the b"]) == ("a", "b", "the b")
    with pytest.raises(TextError, match="There is no filler"):
        fillers_of([" ", ""])


def test_the_cell_is_the_mean_of_the_fillers_own_tokens():
    asked = []

    def explain(pairs):
        asked.extend(pairs)
        return [make_result(a.split(), b.split(), score=0.25) for a, b in pairs]

    (one,) = fill(explain, "born in X today", "X is big", ["New York"], cells="paper")
    assert asked == [("born in New York today", "New York is big")]
    own = one.result.matrix[3:5, 1:3]  # after [CLS]
    assert one.cell == pytest.approx(own.mean())
    assert one.total == pytest.approx(own.sum())
    assert one.tokens == (2, 2)
    row = filled_table([one]).iloc[0]
    assert (row["filler"], row["score"], row["cell"]) == ("New York", pytest.approx(0.25), one.cell)


def test_the_papers_example_with_the_embedded_model(minilm):
    filled = list(fill(partial(attribute_pairs, minilm), *EXAMPLE, EXAMPLE_FILLERS))
    table = filled_table(filled).set_index("filler")
    # as in the paper's section 5.4: 0.3 and above for these, 0.13 and 0.19 for the others
    assert (table.loc[["Auckland", "Cambodia", "Granville"], "score"] > 0.3).all()
    assert (table.loc[["the USA", "Europe"], "score"] < 0.2).all()
    expected = attribute(minilm, *(text.replace("X", "Auckland") for text in EXAMPLE))
    at = [side.tokens.index("Auckland") for side in (expected.a, expected.b)]
    assert table.loc["Auckland", "cell"] == pytest.approx(expected.net_matrix[tuple(at)], abs=1e-6)


def test_a_filler_that_is_not_read_is_refused():
    def explain(pairs):
        ((text_a, text_b),) = pairs
        result = make_result(text_a.split(), text_b.split())
        side = result.a
        spans = tuple((0, 0) for _ in side.spans)
        object.__setattr__(result, "a", type(side)(**(vars(side) | {"spans": spans})))
        return [result]

    with pytest.raises(TextError, match="reads nothing of the filler ‹dog› in text A"):
        list(fill(explain, "X", "X", ["dog"]))


def test_templates_are_checked_before_anything_is_computed():
    def explain(pairs):
        raise AssertionError

    with pytest.raises(TextError, match="Template B"):
        list(fill(explain, "X", "none", ["dog"]))
