"""Long texts on the pair page: by sentences, then by words of some, every token when asked."""

import re

import numpy as np
import pytest

from pages.pair import passage
from tests.pages.helpers import button, open_page
from xsb_core import Recipe, attribute, pair_attribution, text_factors
from xsb_core.attribution.words import opened_groups
from xsb_core.integration.settings import WORK_LIMIT

QUERY = "When does the ferry leave?"
TEXT = (
    "The office opens at eight in the morning, and tickets can be bought there or on board. "
    "The ferry leaves every two hours. Dogs travel free of charge, if they stay on the lower deck "
    "during the crossing, which takes about forty minutes in good weather. Parking costs four "
    "euros a day, and the machines take only coins and cards of the three banks in town."
)

OTHER = (
    "Ships to the islands sail at noon and in the evening, but not on Sundays in winter. Whoever "
    "brings a bicycle pays half as much again, and must be there a quarter of an hour before the "
    "ship sails. Cars stay on the quay, where they can be left for a week without paying. Bring "
    "your own bread, since nothing is sold on board."
)


@pytest.fixture(scope="module")
def at():
    return open_page("pair", a=QUERY, b=TEXT, layer="5")


def test_the_strongest_sentences_are_opened_into_words(at, minilm):
    coarse = attribute(minilm, QUERY, TEXT, 5, unit="sentences").net_matrix.sum(0)[1:-1]
    strongest = sorted(np.argsort(-np.abs(coarse))[: passage.OPENED] + 1)
    chosen = at.multiselect(key="open_b")
    assert chosen.value == [str(number) for number in strongest]
    assert len(chosen.options) == 4
    score = attribute(minilm, QUERY, TEXT, 5, unit="sentences").score
    assert at.metric[0].value == f"{score:.4f}"


def test_other_sentences_can_be_chosen_and_are_in_the_link(at):
    at.multiselect(key="open_b").set_value(["2"]).run()
    assert at.query_params["open_b"] == "2"
    linked = open_page("pair", a=QUERY, b=TEXT, layer="5", open_b="2,9,x")
    assert linked.multiselect(key="open_b").value == ["2"]
    assert not linked.error


def test_every_token_comes_when_asked_for(at):
    button(at, "Every token").click().run()
    assert not at.exception
    assert at.query_params["whole"] == "1"
    assert not at.multiselect
    at.session_state["view"] = "Change a word"
    at.run()
    assert button(at, "Pin this pair")


def test_short_texts_have_no_sentences_to_choose():
    assert not open_page("pair", a=QUERY, b="The ferry leaves at noon.", layer="5").multiselect


def test_opened_sentences_have_the_sums_of_their_words(minilm):
    recipe = Recipe(layer=5, steps=3)
    side = minilm.tokenise(TEXT).side
    query = text_factors(minilm, QUERY, recipe, unit="words")
    groups = opened_groups(side, {2})
    assert sorted(i for group in groups for i in group) == list(range(len(side.tokens)))
    opened = pair_attribution(query, text_factors(minilm, TEXT, recipe, unit=groups))
    words = pair_attribution(query, text_factors(minilm, TEXT, recipe, unit="words"))
    sentences = pair_attribution(query, text_factors(minilm, TEXT, recipe, unit="sentences"))
    inside = [i for i, label in enumerate(opened.b.tokens) if label in ("ferry", "hours")]
    assert len(inside) == 2
    for i in inside:
        j = words.b.tokens.index(opened.b.tokens[i])
        np.testing.assert_allclose(opened.matrix[:, i], words.matrix[:, j], atol=1e-5)
    np.testing.assert_allclose(opened.matrix[:, 1], sentences.matrix[:, 1], atol=1e-5)
    assert opened.matrix.sum() == pytest.approx(sentences.matrix.sum(), abs=1e-5)


def test_a_cancelled_computation_waits_to_be_asked_for(minilm):
    at = open_page("pair", a="Hot tea.", b="Cold tea.", layer="5")
    assert len(at.metric) == 1
    of = ((minilm.name, 5), "Hot tea.", "Cold tea.", minilm.instructions())
    at.session_state["_cancelled"] = (*of, ("tokens", "tokens"), WORK_LIMIT)
    at.run()
    assert not at.metric
    assert at.info[0].value.startswith("Cancelled.")
    button(at, "Go on").click().run()
    assert len(at.metric) == 1


def test_of_two_passages_every_token_has_its_price():
    at = open_page("pair", a=TEXT, b=OTHER, layer="5")
    assert len(at.multiselect) == 2
    (asked,) = [one.label for one in at.button if one.label.startswith("Every token")]
    assert re.fullmatch(r"Every token \(about \d+ s\)", asked)


def test_of_two_passages_the_sentences_stay_when_their_words_are_cancelled(minilm):
    at = open_page("pair", a=OTHER, b=TEXT, layer="5", open_a="1", open_b="2")
    groups = tuple(
        opened_groups(minilm.tokenise(text).side, {opened})
        for text, opened in ((OTHER, 1), (TEXT, 2))
    )
    of = ((minilm.name, 5), OTHER, TEXT, minilm.instructions(), groups, WORK_LIMIT)
    at.session_state["_cancelled"] = of
    at.run()
    assert not at.metric
    assert at.info[0].value.startswith("Cancelled.")
    assert any(part.value.startswith("By sentences") for part in at.markdown)
    button(at, "Go on").click().run()
    assert len(at.metric) == 1
    assert not at.info
