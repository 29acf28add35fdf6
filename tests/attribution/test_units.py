"""Factors of words and sentences: sums of token factors, at the work of their number."""

import dataclasses

import numpy as np
import pytest
import torch

from tests.attribution.test_words import TOKENIZERS, make_side
from tests.zoo import make_model
from xsb_core import (
    Encoder,
    Recipe,
    attribute,
    pair_attribution,
    text_factors,
    to_words,
    word_groups,
)
from xsb_core.attribution.store import FactorStore
from xsb_core.attribution.words import sentence_groups

TEXT = "The ferry, e.g. the old one, leaves. It is slow! Does Dr. Smith know?"
SENTENCES = ("The ferry, e.g. the old one, leaves.", "It is slow!", "Does Dr. Smith know?")
PRECISE = Recipe(steps=6, layer=0)


@pytest.fixture(scope="module", params=TOKENIZERS)
def encoder(request):
    model = make_model(request.param, blocks=2, prompts={"query": "find this: "})
    return Encoder(model.double(), request.param)


def labels_of(side):
    return [label for label, extra in zip(side.tokens, side.special, strict=True) if not extra]


def test_factors_of_units_are_the_sums_of_token_factors(encoder):
    tokens = text_factors(encoder, TEXT, PRECISE)
    for unit, groups in (("words", word_groups), ("sentences", sentence_groups)):
        found = text_factors(encoder, TEXT, PRECISE, unit=unit)
        sums = [tokens.token.factors[list(group)].sum(0) for group in groups(tokens.side)]
        # ModernBERT's rotations are single precision
        torch.testing.assert_close(found.token.factors, torch.stack(sums), rtol=1e-6, atol=1e-7)
        assert found.token.work == found.token.nodes * len(found.side.tokens)


def test_sentences_are_told_apart_by_their_own_characters(encoder):
    side = text_factors(encoder, TEXT, PRECISE, unit="sentences").side
    assert labels_of(side) == list(SENTENCES)


def test_a_prompt_is_apart_from_the_first_sentence(encoder):
    how = encoder.instruction("query")
    side = text_factors(encoder, TEXT, PRECISE, prompt=how, unit="sentences").side
    assert labels_of(side) == ["find this:", *SENTENCES]


def test_cells_of_words_are_the_sums_of_token_cells(encoder):
    tokens = attribute(encoder, TEXT, "A slow boat.", 0, steps=6)
    words = attribute(encoder, TEXT, "A slow boat.", 0, steps=6, unit="words")
    expected = to_words(tokens, "sum")
    assert words.words == "sum"
    assert dataclasses.replace(words.a, shares=()) == dataclasses.replace(expected.a, shares=())
    for name in ("matrix", "border_a", "border_b"):
        np.testing.assert_allclose(
            getattr(words, name),
            getattr(expected, name),
            rtol=1e-6,
            atol=1e-7,  # ModernBERT's rotations are single precision
        )


def test_two_units_make_a_pair_that_adds_up(encoder):
    query = text_factors(encoder, "A slow boat.", dataclasses.replace(PRECISE, steps=40))
    text = text_factors(encoder, TEXT, dataclasses.replace(PRECISE, steps=40), unit="sentences")
    result = pair_attribution(query, text)
    assert result.matrix.shape == (len(query.side.tokens), len(text.side.tokens))
    assert result.net_matrix.sum() == pytest.approx(result.score, abs=1e-4)


def test_a_text_cut_by_the_model_has_only_the_sentences_that_it_read(minilm):
    text = "The old ferry leaves the harbour at nine. " * 60
    side = minilm.tokenise(text).side
    groups = sentence_groups(side)
    assert side.cut
    assert sorted(at for group in groups for at in group) == list(range(len(side.tokens)))
    assert len(groups) == 2 + -(-(len(side.tokens) - 2) // 9)


def test_a_token_over_two_sentences_joins_them():
    side = make_side("One. Two.", [(0, 3), (3, 8), (8, 9)])
    assert sentence_groups(side) == ((0, 1, 2),)


def test_a_store_keeps_units(minilm):
    store = FactorStore(minilm, Recipe(layer=5), unit="sentences")
    how = minilm.instruction()
    store.compute([(TEXT, how)])
    assert labels_of(store.get(TEXT, how).side) == list(SENTENCES)


def test_another_unit_is_refused(minilm):
    with pytest.raises(ValueError, match="tokens, words, sentences, not of 'lines'"):
        attribute(minilm, TEXT, "x", unit="lines")
