"""Texts in batches: each as if it were alone, and never more than memory holds."""

import dataclasses

import pytest
import torch

from tests.zoo import ARCHITECTURES, make_model
from tests.zoo_tokenizers import ENGLISH
from xsb_core import Encoder, ModelError, Recipe
from xsb_core.attribution import text_factors as batching
from xsb_core.attribution.text_factors import FactorBatches, text_factors
from xsb_core.encoders.ready import EXACT, ORIG
from xsb_core.encoders.variants import as_variant

# With every tokenizer here, some are of one length.
TEXTS = [
    "a man plays the guitar",
    "a woman is the dog",
    "the dogs are the man",
    "No.",
    "a.",
    *ENGLISH[:3],
    "a man plays the violin",
]
TOLERANCE = {torch.float64: 1e-9, torch.float32: 1e-5}


def compare(encoder, prompt=None, layer=1, budget=None, given=TEXTS) -> None:
    recipe = Recipe(layer=layer, tolerance=1e-2)
    texts = [encoder.tokenise(text, prompt) for text in given]
    assert len({text.alike for text in texts}) < len(texts)
    found = dict(FactorBatches(encoder, recipe, budget).factors(texts))
    assert sorted(found) == list(range(len(given)))
    for number, text in enumerate(given):
        alone = text_factors(encoder, text, recipe, prompt=prompt)
        ours = found[number]
        assert dataclasses.replace(ours, token=alone.token, seconds=alone.seconds) == alone
        size = max(float(alone.token.factors.abs().max()), 1.0)
        for name in ("factors", "embedding", "reference"):
            torch.testing.assert_close(
                getattr(ours.token, name),
                getattr(alone.token, name),
                rtol=0,
                # ModernBERT takes its softmax in single precision, by design
                atol=size * (1e-5 if encoder.name == "modernbert" else TOLERANCE[encoder.dtype]),
            )
        assert ours.token.nodes == alone.token.nodes


@pytest.mark.parametrize(
    ("architecture", "dtype"),
    [*((name, torch.float64) for name in ARCHITECTURES), ("bert", torch.float32)],
)
def test_what_shares_a_batch_does_not_matter(architecture, dtype):
    compare(Encoder(make_model(architecture, blocks=2, dtype=dtype), architecture))


# positions that are added, that turn, and that are relative
@pytest.mark.parametrize("architecture", ["bert", "modernbert", "deberta-v2"])
def test_at_the_embeddings_too(architecture):
    compare(Encoder(make_model(architecture, blocks=2, pooling="cls"), architecture), layer=0)


@pytest.mark.parametrize("variant", [EXACT, ORIG])
@pytest.mark.parametrize("architecture", ["bert", "mpnet"])
def test_shifted_encoders(architecture, variant):
    model = as_variant(make_model(architecture, blocks=2), variant)
    encoder = Encoder(model, architecture)
    assert encoder.shifted
    compare(encoder)


@pytest.mark.parametrize("include_prompt", [True, False])
def test_prompts(include_prompt):
    prompts = {"query": "find this: ", "long": "here is a rather long thing to look for: "}
    model = make_model("bert", blocks=2, prompts=prompts, include_prompt=include_prompt)
    encoder = Encoder(model, "bert")
    compare(encoder, "query")
    # alike are only texts that share a prompt
    assert encoder.tokenise("a", "query").alike != encoder.tokenise("find this: a").alike


def test_texts_that_outnumber_dimensions_take_reverse_mode():
    compare(Encoder(make_model("bert", blocks=2, dense=4), "bert"))


def test_a_small_budget_gives_the_same_in_smaller_batches(monkeypatch):
    encoder = Encoder(make_model("bert", blocks=2), "bert")
    sizes = sizes_of_batches(monkeypatch)
    compare(encoder, given=TEXTS[:4])
    assert max(sizes) > 1
    del sizes[:]
    compare(encoder, budget=1, given=TEXTS[:4])
    assert set(sizes) == {1}


def sizes_of_batches(monkeypatch, most=None) -> list[int]:
    """Notes the sizes of batches; a device that runs out of memory beyond ``most`` texts."""
    sizes = []
    compute = batching._reading_factors

    def watched(encoder, reading, *others):
        sizes.append(len(reading.sides))
        if most is not None and len(reading.sides) > most:
            raise torch.cuda.OutOfMemoryError("CUDA out of memory.")
        return compute(encoder, reading, *others)

    monkeypatch.setattr(batching, "_reading_factors", watched)
    return sizes


def test_out_of_memory_halves_the_batch_and_goes_on(monkeypatch):
    encoder = Encoder(make_model("bert", blocks=2), "bert")
    texts = [encoder.tokenise("a man plays the guitar")] * 16
    batches = FactorBatches(encoder, Recipe(layer=1))
    batches.budget = 9 * batches._pass_bytes(len(texts[0])) * 8 * len(texts[0])  # nine texts
    sizes = sizes_of_batches(monkeypatch, most=2)
    assert sorted(number for number, _ in batches.factors(texts)) == list(range(16))
    assert sizes == [9, 4, 2, 2, 2, 2, 2, 2, 2, 2]  # and it does not try again
    sizes = sizes_of_batches(monkeypatch, most=0)
    with pytest.raises(ModelError, match="does not do for a text of 7 tokens; choose a later"):
        list(batches.factors(texts))


def test_values_that_are_not_finite_are_told():
    encoder = Encoder(make_model("bert", blocks=2), "bert")
    with torch.no_grad():
        word = encoder.tokenizer("guitar")["input_ids"][1]
        encoder.model[0].model.embeddings.word_embeddings.weight[word] = torch.nan
    texts = [encoder.tokenise(f"a {word}") for word in ("guitar", "violin")]
    recipe = Recipe(layer=1)
    found = dict(FactorBatches(encoder, recipe).factors(texts))
    assert [found[i].token.finite for i in (0, 1)] == [False, True]
    with pytest.raises(ModelError, match="not finite"):
        text_factors(encoder, "a guitar")


def test_progress_never_falls_and_comes_within_batches_too():
    encoder = Encoder(make_model("bert", blocks=2), "bert")
    # so little memory that a batch is one text, in many chunks
    batches = FactorBatches(encoder, Recipe(layer=1, tolerance=1e-2), budget=1)
    texts = [encoder.tokenise(text) for text in TEXTS[:4]]
    told = []
    lengths = [len(texts[number]) for number, _ in batches.factors(texts, told.append)]
    assert lengths == sorted(lengths, reverse=True)
    assert told == sorted(told)
    assert told[-1] == 1
    assert len(set(told)) > len(texts)
    # a text is worth its square
    longest = max(map(len, texts))
    assert longest**2 / sum(len(text) ** 2 for text in texts) in [
        pytest.approx(one) for one in told
    ]


def test_what_progress_raises_ends_the_work():
    encoder = Encoder(make_model("bert", blocks=2), "bert")
    texts = [encoder.tokenise(text) for text in TEXTS]

    def stop(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        next(FactorBatches(encoder, Recipe(layer=1)).factors(texts, stop))
