"""Negations: which are found, what a sentence is without them, what they add to a score."""

import dataclasses

import numpy as np
import pytest

from tests.figures.factory import make_result
from tests.zoo import make_model
from xsb_core import DataError, Encoder, TextError, attribute, to_words
from xsb_core.encoders.spans import positions_at
from xsb_core.studies.negation.effect import negation_effect
from xsb_core.studies.negation.negations import WORDS, Negation, find_negations, more_words

# sentence, the negation as it is shown, the sentence without it, whether it is plain
CASES = [
    ("The drug is not safe.", "not", "The drug is safe.", True),
    ("It does not run.", "not", "It does run.", True),
    ("It is not.", "not", "It is.", False),
    ("NOT safe", "NOT", "Safe", False),
    ("Not a good idea.", "Not", "A good idea.", False),
    ('"Not safe," he said.', "Not", '"Safe," he said.', False),
    ("No. Not me.", "Not", "No. Me.", False),
    ('My answer is "Probably Not".', "Not", 'My answer is "Probably".', False),
    ("Not 'hiding the ball'", "Not", "'hiding the ball'", False),
    ("(not safe)", "not", "(safe)", False),
    ("If not, stay.", "not", "If, stay.", False),
    ("It is not\u00a0safe", "not", "It is\u00a0safe", True),
    ("They can not go", "not", "They can go", True),
    ("He didn't go.", "didn't", "He did go.", False),
    ("I don’t know", "don’t", "I do know", False),
    ("isnʼt it", "isnʼt", "is it", False),
    ("I can't go", "can't", "I can go", False),
    ("CAN'T STOP", "CAN'T", "CAN STOP", False),
    ("Can’t stop", "Can’t", "Can stop", False),
    ("We won't go", "won't", "We will go", False),
    ("Won't you?", "Won't", "Will you?", False),
    ("He shan't", "shan't", "He shall", False),
    ("It ain't so", "ain't", "It is so", False),
    ("You couldn't've known", "couldn't", "You could've known", False),
    ("They do n't know", "do n't", "They do know", False),
    ("We ca n't go", "ca n't", "We can go", False),
    ("You cannot go", "cannot", "You can go", False),
    ("This CANNOT be", "CANNOT", "This CAN be", False),
]
NONE = [
    "",
    "A knot is nothing to note.",
    "A not-for-profit group",
    "Forget-me-not",
    "No, never, nobody; unhappy and careless",
    "It was a tent.",
    "rock 'n' roll",
    "dont cant",
    "denotes what he cannoted",
]


@pytest.mark.parametrize(("text", "shown", "without", "plain"), CASES)
def test_a_negation_is_found_and_taken_away(text, shown, without, plain):
    (found,) = find_negations(text)
    assert (found.shown, found.without, found.plain) == (shown, without, plain)
    assert text[found.start : found.end].lower() in ("not", "n't", "n’t", "nʼt")


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_negation(text):
    assert find_negations(text) == ()


@pytest.mark.parametrize(
    ("text", "form", "without"),
    [
        ("I have never been there.", "never", "I have been there."),
        ("No dogs are allowed.", "no", "Dogs are allowed."),
        ("Nobody came.", "nobody", "Somebody came."),
        ("Tea without milk", "without", "Tea with milk"),
        ("He hardly sleeps.", "hardly", "He sleeps."),
        ("Das ist kein Hund.", "kein", "Das ist Hund."),
        ("Er kommt nie.", "nie", "Er kommt immer."),
    ],
)
def test_words_of_negation_go_or_give_way(text, form, without):
    assert find_negations(text) == ()
    (found,) = find_negations(text, WORDS | more_words("kein, nie = immer"))
    assert (found.form, found.without, found.plain) == (form, without, False)


def test_words_stand_beside_not_and_are_whole_ones():
    found = find_negations("No-one said no, and I can't: no note is not nowhere.", WORDS)
    assert [one.form for one in found] == ["no", "n't", "no", "not", "nowhere"]
    assert [one.start for one in found] == sorted(one.start for one in found)


@pytest.mark.parametrize("given", ["a b", "(x", "x, =y", "1"])
def test_what_is_no_word_is_refused(given):
    with pytest.raises(DataError, match="is no word of negation"):
        more_words(given)


def test_several_are_found_in_order_and_taken_away_one_by_one():
    found = find_negations("He can't, and she cannot; it's not fair.")
    assert [one.form for one in found] == ["n't", "cannot", "not"]
    assert found[1].without == "He can't, and she can; it's not fair."
    assert [one.plain for one in found] == [False, False, True]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("The drug is not safe.", ["not"]),
        ("I don't know.", ["'", "t"]),
        ("I can’t go.", ["’", "t"]),
        ("You cannot go.", ["cannot"]),
    ],
)
def test_total_is_the_sum_of_the_negations_rows(minilm, text, tokens):
    (negation,) = find_negations(text)
    result = attribute(minilm, text, negation.without)
    effect = negation_effect(result, negation)
    assert [result.a.tokens[row] for row in effect.rows] == tokens
    rows = [result.a.tokens.index(token) for token in tokens]
    total = sum(
        result.matrix[row, column] for row in rows for column in range(len(result.b.tokens))
    )
    assert effect.total == pytest.approx(total)
    assert effect.share == pytest.approx(total / result.score)
    assert effect.border == pytest.approx(sum(result.border_a[row] for row in rows))


def test_total_and_border_are_the_negations_whole_part_of_the_score(minilm):
    """u·ê(b): what the score would lose without the negation's factor."""
    (negation,) = find_negations("The drug is not safe.")
    result = attribute(minilm, "The drug is not safe.", negation.without, tolerance=1e-5)
    parts = [
        negation_effect(result, dataclasses.replace(negation, start=s, end=e))
        for s, e in result.a.spans
        if e
    ]
    specials = [0, len(result.a.tokens) - 1]
    rest = result.matrix[specials].sum() + result.border_a[specials].sum()
    # what no token of text A has a part in: f(b, r_a)
    whole = sum(part.total + part.border for part in parts) + rest + result.reference_terms.b_ra
    assert whole == pytest.approx(result.score, abs=1e-4)


def test_without_a_score_there_is_no_share():
    (negation,) = find_negations("It is not so")
    result = make_result(["It", "is", "not", "so"], ["It", "is", "so"], score=0.0)
    effect = negation_effect(dataclasses.replace(result, score=0.0), negation)
    assert effect.total == pytest.approx(result.matrix[3].sum())
    assert np.isnan(effect.share)


def test_a_prompt_shifts_the_tokens():
    model = make_model("bert", prompts={"query": "not this: "}, default_prompt_name="query")
    (negation,) = find_negations("the cat is not wet")
    result = attribute(Encoder(model, "prompted"), "the cat is not wet", negation.without, 1)
    (row,) = negation_effect(result, negation).rows
    assert result.a.prompt == "not this: "
    assert result.a.spans[row] == (len("not this: ") + 11, len("not this: ") + 14)


def test_words_and_cut_texts_are_refused(minilm):
    (negation,) = find_negations("It is not so")
    words = to_words(make_result(["It", "is", "not", "so"], ["so"]))
    with pytest.raises(ValueError, match="token cells"):
        negation_effect(words, negation)
    short = Encoder(make_model("bert", max_length=4), "short")
    text = "the cat and the dog are not wet"
    (negation,) = find_negations(text)
    with pytest.raises(TextError, match="short does not read as far as “not” \\(character 25\\)"):
        negation_effect(attribute(short, text, negation.without, 1), negation)


def test_positions_lie_in_the_stretch_or_else_touch_it():
    side = make_result(["can", "not", "cannot"], ["a"]).a  # spans 0-3, 4-7, 8-14
    assert positions_at(side, 4, 7, "m") == (2,)
    assert positions_at(side, 2, 7, "m") == (2,)
    assert positions_at(side, 0, 7, "m") == (1, 2)
    assert positions_at(side, 11, 14, "m") == (3,)


def test_a_token_with_its_space_lies_in_the_stretch():
    side = make_result(["is", "not"], ["a"]).a
    spaced = dataclasses.replace(side, spans=((0, 0), (0, 2), (2, 6), (0, 0)))
    assert positions_at(spaced, 3, 6, "m") == (2,)


def test_negations_compare_by_value():
    assert find_negations("It is not") == (Negation("not", 6, 9, "not", "It is", plain=False),)
