"""Two results on the same rows and columns, with tokenizers of each family and by hand."""

import json
from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.attribution.test_words import cut_texts, make_side, result_of
from tests.figures.factory import make_result
from tests.sentences import SENTENCES
from tests.zoo import make_model
from xsb_core import Attribution, Encoder, Look, attribute, to_words, word_groups
from xsb_core.comparison.agreement import agreement
from xsb_core.comparison.alignment import align
from xsb_core.comparison.models import compare, comparison_table

TOKENIZERS = ("bert", "mpnet", "roberta", "modernbert", "xlm-roberta", "deberta-v2")
ODD = (
    "He isn't well-known, no?",
    "don’t pay 3.14 for it!",
    "so 😀😀 👨\u200d👩\u200d👧!",
    "e\u0301te\u0301 naïve ﬁn",
    "我喜欢 茶",
    "  leading\tand\n\ntrailing  ",
    "مرحبا بكم",
    "snake_case a@b.com",
)


@pytest.fixture(scope="module")
def encoders():
    return {name: Encoder(make_model(name, blocks=1), name) for name in TOKENIZERS}


def check(one, other):
    """What holds for any alignment of two readings of a text."""
    found = align(one, other)
    assert len(found.first) == len(found.second)
    for groups, side in ((found.first, one), (found.second, other)):
        positions = [position for group in groups for position in group]
        assert positions == sorted(set(positions))
        # whole words only
        whole = word_groups(side)
        for group in groups:
            parts = [word for word in whole if set(word) <= set(group)]
            assert sorted(position for word in parts for position in word) == list(group)
    return found


@pytest.mark.parametrize("text", [*ODD, *SENTENCES[:40:3]], ids=ascii)
def test_any_two_tokenizers_have_the_words_in_common(encoders, text):
    sides = {name: encoder.read(text).side for name, encoder in encoders.items()}
    for one, other in combinations(sides.values(), 2):
        found = check(one, other)
        for groups, side in ((found.first, one), (found.second, other)):
            left_out = set(range(len(side.tokens))) - {i for group in groups for i in group}
            # only spaces, or nothing of the text
            assert all(not side.text[slice(*side.spans[i])].strip() for i in left_out)
            assert not any(side.special[i] for i in left_out)


@pytest.mark.parametrize("words", [None, "mean", "sum"])
def test_different_tokenizers_are_compared_by_words(encoders, words):
    texts = "He isn't unhappy.", "A well-known café 😀"
    first = attribute(encoders["bert"], *texts)
    second = attribute(encoders["roberta"], *texts)
    compared = compare(first, second, words)
    assert compared.words == (words or "mean")
    assert not compared.same_tokens
    ours = to_words(first, compared.words)
    np.testing.assert_allclose(compared.first_cells.net_matrix, ours.net_matrix, atol=1e-12)
    assert compared.first_cells.a.tokens == compared.second_cells.a.tokens
    assert compared.first_cells.a.tokens[:4] == ("[CLS]/<s>", "He", "isn't", "unhappy")
    assert compared.first_cells.net_matrix.shape == compared.second_cells.net_matrix.shape
    assert compared.first_left_out.tokens_b == ()
    assert agreement(compared.first_cells, compared.second_cells).cells == ours.net_matrix.size


def test_what_is_left_out_is_told_with_its_sum(encoders):
    texts = "He isn't unhappy 😀!", "plain"
    first = attribute(encoders["bert"], *texts)
    second = attribute(encoders["deberta-v2"], *texts)
    compared = compare(first, second, "sum")
    left_out = compared.second_left_out
    kept = compared.second_cells.net_matrix.sum()
    assert kept + left_out.total == pytest.approx(second.net_matrix.sum(), abs=1e-9)
    shown = [len(side.tokens) for side in (second.a, second.b)]
    assert len(left_out.tokens_a) < shown[0]


def test_one_tokenizer_is_compared_by_tokens(encoders):
    texts = "He isn't unhappy.", "A well-known café"
    first = attribute(encoders["bert"], *texts)
    second = replace(first, model="other", matrix=first.matrix + 1)
    compared = compare(first, second)
    assert compared.words is None
    assert compared.same_tokens
    np.testing.assert_array_equal(compared.first_cells.net_matrix, first.net_matrix)
    words = compare(first, second, "mean")
    assert words.same_tokens
    np.testing.assert_array_equal(words.first_cells.net_matrix, to_words(first, "mean").net_matrix)
    assert words.first_left_out.tokens_a == ()


def test_other_names_of_special_tokens_leave_the_tokens_comparable():
    side = make_side("isn't", [(0, 0), (0, 2), (2, 5), (0, 0)])
    renamed = replace(side, tokens=("<s>", *side.tokens[1:-1], "</s>"))
    compared = compare(result_of(side, side), result_of(renamed, renamed))
    assert compared.words is None
    assert compared.second_cells.a.tokens == ("[X]/<s>", "is", "n't", "[X]/</s>")


def test_words_that_one_tokenizer_joins_are_joined_in_both():
    joined = make_side("so 😀 😀 no", [(0, 0), (0, 2), (3, 6), (7, 9), (0, 0)])
    apart = make_side("so 😀 😀 no", [(0, 0), (0, 2), (3, 4), (5, 6), (7, 8), (8, 9), (0, 0)])
    found = check(joined, apart)
    assert found.first == ((0,), (1,), (2,), (3,), (4,))
    assert found.second == ((0,), (1,), (2, 3), (4, 5), (6,))
    # and where each joins other words, all of them
    left = make_side("a b c", [(0, 3), (4, 5)], [False] * 2)
    right = make_side("a b c", [(0, 1), (2, 5)], [False] * 2)
    assert check(left, right).first == ((0, 1),)


def test_special_tokens_meet_where_both_have_as_many():
    two_ends = make_side("a b", [(0, 0), (0, 1), (2, 3), (0, 0)])
    end_only = make_side("a b", [(0, 1), (1, 3), (0, 0)])
    found = check(two_ends, end_only)
    assert found.first == ((1,), (2,), (3,))
    assert found.second == ((0,), (1,), (2,))
    neither = make_side("a b", [(0, 1), (2, 3)], [False, False])
    assert check(two_ends, neither).first == ((1,), (2,))


def test_words_beyond_the_shorter_readings_cut_are_left_out():
    whole = make_side("one two three", [(0, 0), (0, 3), (4, 7), (8, 13), (0, 0)])
    cut = replace(make_side("one two three", [(0, 0), (0, 3), (4, 7), (0, 0)]), read=7)
    compared = compare(result_of(whole, whole), result_of(cut, cut))
    assert compared.first_cells.a.tokens == ("[X]", "one", "two", "[X]")
    assert compared.first_left_out.tokens_a == ("three",)
    assert compared.second_left_out.tokens_a == ()
    assert compared.first_left_out.total == pytest.approx(
        compared.first.net_matrix.sum() - compared.first_cells.net_matrix.sum()
    )
    # a word cut in its middle is the same word
    middle = replace(make_side("one two three", [(0, 0), (0, 3), (4, 6), (0, 0)]), read=6)
    compared = compare(result_of(whole, whole), result_of(middle, middle))
    assert compared.second_cells.a.tokens == ("[X]", "one", "two", "[X]")


def test_a_prompt_of_one_model_is_left_out():
    plain = make_side("isn't it", [(0, 0), (0, 5), (6, 8), (0, 0)])
    spans = [(0, 0), (0, 1), (1, 2), (3, 8), (9, 11), (0, 0)]
    asked = make_side("isn't it", spans, prompt="q: ")
    found = check(plain, asked)
    assert found.first == ((0,), (1,), (2,), (3,))
    assert found.second == ((0,), (3,), (4,), (5,))
    compared = compare(result_of(plain, plain), result_of(asked, asked))
    assert compared.second_left_out.tokens_a == ("q", ":")
    # a prompt of both has rows
    assert compare(result_of(asked, asked), result_of(asked, asked)).words is None
    other = replace(asked, spans=(*spans[:3], (3, 6), *spans[4:]))
    assert len(check(asked, other).first) == 6


def test_a_text_without_a_word_in_common():
    first = make_side("ab", [(0, 0), (0, 2), (0, 0)])
    second = make_side("ab", [(0, 0), (2, 2), (0, 0)], [True, False, True])
    assert check(first, second).first == ((0,), (2,))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.data())
def test_any_two_readings_of_any_text(data):
    text, spans = data.draw(cut_texts())
    ends = data.draw(st.integers(0, 2))
    cuts = sorted({0, len(text), *data.draw(st.lists(st.integers(0, len(text)), max_size=12))})
    others = [*([(0, 0)] * ends), *pairwise(cuts), (0, 0)]
    one, other = make_side(text, spans), make_side(text, others)
    check(one, other)
    compared = compare(result_of(one, one), result_of(other, other), "sum")
    for result, cells, left_out in (
        (compared.first, compared.first_cells, compared.first_left_out),
        (compared.second, compared.second_cells, compared.second_left_out),
    ):
        assert cells.net_matrix.sum() + left_out.total == pytest.approx(
            result.net_matrix.sum(), abs=1e-9
        )
    assert compared.first_cells.a.tokens == compared.second_cells.a.tokens
    agreement(compared.first_cells, compared.second_cells)


def test_results_of_other_texts_or_of_words_are_refused():
    first, second = make_result(["a"], ["b"]), make_result(["a"], ["c"])
    with pytest.raises(ValueError, match="readings of one text"):
        compare(first, second)
    with pytest.raises(ValueError, match="token-level results, got words"):
        compare(first, to_words(first))
    with pytest.raises(ValueError, match="not by 'max'"):
        compare(first, first, "max")


def test_table_and_json_hold_both_results():
    first = make_result(["not", "good"], ["fine"])
    second = make_result(["not", "good"], ["fine"], seed=1)
    compared = compare(first, second)
    table = comparison_table(compared, look=Look(special=False))
    assert table.columns.tolist() == [
        "row", "column", "token_a", "token_b", "value_1", "value_2", "difference",
    ]  # fmt: skip
    assert table["token_a"].tolist() == ["not", "good"]
    difference = (second.net_matrix - first.net_matrix)[1:-1, 1:-1].ravel()
    np.testing.assert_allclose(table["difference"], difference)
    values = json.loads(compared.to_json())
    for name, result in (("first", first), ("second", second)):
        np.testing.assert_array_equal(Attribution.from_dict(values[name]).matrix, result.matrix)
    assert values["agreement"]["cells"] == 12
    assert values["words"] is None


def test_figures_that_are_not_defined_are_null():
    nothing = {"matrix": np.zeros((3, 3)), "border_a": np.zeros(3), "border_b": np.zeros(3)}
    zero = make_result(["a"], ["b"], **nothing)
    values = json.loads(compare(zero, zero).to_json())
    assert values["agreement"]["spearman"] is None
    assert values["agreement"]["jaccard_10"] is None
    assert values["agreement"]["jaccard_3"] == 1
