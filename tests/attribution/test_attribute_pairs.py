"""A stream of pairs: in their order, each text once, whatever shares a batch, nothing left over."""

import numpy as np
import pytest
import torch

from tests.corpus.factory import encoder
from tests.zoo import make_model
from xsb_core import Encoder, ModelError, Recipe, TextError, attribute, attribute_pairs
from xsb_core.attribution import attribute as stream
from xsb_core.attribution.attribute import attempt_pairs
from xsb_core.attribution.store import FactorStore

TEXTS = ["two dogs", "the man and the dog", "No.", "a guitar", "the dogs are the man"]
PAIRS = [(a, b) for a in TEXTS for b in TEXTS[::-1]]


@pytest.fixture(scope="module")
def double():
    return Encoder(make_model("bert", blocks=2, dtype=torch.float64), "double")


@pytest.mark.parametrize("at_once", [2, 512])
def test_every_pair_is_as_if_it_were_alone_in_the_order_of_the_pairs(double, monkeypatch, at_once):
    monkeypatch.setattr(stream, "PAIRS_AT_ONCE", at_once)
    recipe, told = Recipe(layer=1, tolerance=1e-4), []
    found = list(attribute_pairs(double, PAIRS, recipe, progress=told.append))
    assert [(one.a.text, one.b.text) for one in found] == PAIRS
    for one in found[::4]:
        alone = attribute(double, one.a.text, one.b.text, 1, tolerance=1e-4)
        # rounding of double precision, some operations deep
        np.testing.assert_allclose(one.matrix, alone.matrix, rtol=0, atol=1e-10)
        assert one.score == pytest.approx(alone.score, abs=1e-10)
        assert (one.nodes_a, one.layer, one.tolerance) == (alone.nodes_a, 1, 1e-4)
    assert told == sorted(told)
    assert told[-1] == 1


def test_each_distinct_text_is_computed_once(double, monkeypatch, computed):
    monkeypatch.setattr(stream, "PAIRS_AT_ONCE", 3)
    assert len(list(attribute_pairs(double, PAIRS))) == len(PAIRS)
    assert sorted(side.text for side in computed) == sorted(TEXTS)


def test_a_stream_is_lazy(double, monkeypatch):
    monkeypatch.setattr(stream, "PAIRS_AT_ONCE", 1)
    found = attribute_pairs(double, [("a dog", "a man"), ("", "a man")])
    assert next(found).a.text == "a dog"
    with pytest.raises(TextError, match=r"^Pair 2: Text A: The text is empty"):
        next(found)


def test_pairs_that_can_not_be_used_are_told_in_their_place():
    broken = encoder()
    with torch.no_grad():
        word = broken.tokenizer("guitar")["input_ids"][1]
        broken.model[0].model.embeddings.word_embeddings.weight[word] = torch.nan
    pairs = [("a dog", " "), ("a dog", "a man"), ("a guitar", "a dog")]
    first, second, third = attempt_pairs(FactorStore(broken), pairs)
    assert isinstance(first, TextError)
    assert str(first).startswith("Text B: The text is empty")
    assert second.score == pytest.approx(attribute(broken, "a dog", "a man").score, abs=1e-6)
    assert isinstance(third, ModelError)
    assert str(third) == "Text A: tiny gives values that are not finite for this text."


def test_each_side_has_its_prompt():
    prompts = {"query": "find this: ", "document": "here is "}
    asking = Encoder(make_model("bert", blocks=2, prompts=prompts), "asking")
    for one in attribute_pairs(asking, [("a dog", "a dog")], prompts=("query", "document")):
        assert (one.a.prompt, one.b.prompt) == ("find this: ", "here is ")


@pytest.mark.parametrize("cosine", ["through", "endpoint"])
def test_embeddings_of_no_length_are_similar_to_nothing(cosine):
    nothing = Encoder(make_model("bert", blocks=2, dense=4), "nothing")
    with torch.no_grad():
        for weights in nothing.model[-1].parameters():
            weights.zero_()
    result = attribute(nothing, "a dog", "a man", cosine=cosine)
    assert result.score == result.corner == 0
    np.testing.assert_array_equal(result.matrix, 0)
