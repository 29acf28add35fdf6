"""A pair's attribution: what it adds up to, its settings, what it refuses, and shifted encoders."""

import re

import numpy as np
import pytest
import torch
from torch import nn

from tests.sentences import SENTENCES
from tests.zoo import make_model
from xsb_core import (
    Encoder,
    LayerError,
    Recipe,
    ReferenceTerms,
    account_gap,
    attribute,
    pair_attribution,
    text_factors,
    trust,
)

PAIRS = list(zip(SENTENCES[::2], SENTENCES[1::2], strict=True))
TEXT_A, TEXT_B = "A man isn't playing the guitar.", "Two dogs run, quickly!"


def inaccurate(encoder, pairs, layer):
    """The pairs whose residuals or account break the promise of the default settings."""
    results = [attribute(encoder, *pair, layer) for pair in pairs]
    return [
        (result.a.text, result.b.text, result.residual_a, result.residual_b, account_gap(result))
        for result in results
        if not (
            result.converged
            and max(result.residual_a, result.residual_b) <= 1e-3
            and abs(account_gap(result)) <= 1e-3
        )
    ]


@pytest.mark.parametrize(("layer", "pairs"), [(4, PAIRS), (2, PAIRS), (0, PAIRS[:2])])
def test_fifty_texts_keep_the_promise_by_default(minilm, layer, pairs):
    assert inaccurate(minilm, pairs, layer) == []


def test_a_text_can_serve_many_pairs(minilm):
    a, b = (text_factors(minilm, text) for text in (TEXT_A, TEXT_B))
    result, whole = pair_attribution(a, b), attribute(minilm, TEXT_A, TEXT_B)
    np.testing.assert_array_equal(result.matrix, whole.matrix)
    assert (result.score, result.nodes_a, result.work_b) == (
        whole.score,
        whole.nodes_a,
        whole.work_b,
    )
    with pytest.raises(ValueError, match=r"layer differs: 4 and 5"):
        pair_attribution(a, text_factors(minilm, TEXT_B, Recipe(layer=5)))


def test_a_pair_needs_one_encoder():
    texts = [text_factors(Encoder(make_model("bert"), name), TEXT_A) for name in ("one", "two")]
    message = r"one encoder, loaded once; got those of two: one and two\.$"
    with pytest.raises(ValueError, match=message):
        pair_attribution(*texts)


def right_side(result):
    """f(a, b) − f(a, r_b) − f(b, r_a) + f(r_a, r_b): what the matrix adds up to by the Eq. 2."""
    terms = result.reference_terms
    return result.score - terms.a_rb - terms.b_ra + terms.ra_rb


@pytest.mark.parametrize("pair", PAIRS[:4])
def test_the_papers_equation_holds_through_and_not_endpoint(minilm, pair):
    through = attribute(minilm, *pair, cosine="through", tolerance=1e-5)
    # both residuals are at most 1e-5 of a difference of unit vectors, which is at most 2 long
    assert through.sum_matrix == pytest.approx(right_side(through), abs=2 * 2 * 2.1e-5)
    endpoint = attribute(minilm, *pair, cosine="endpoint", tolerance=1e-5)
    assert right_side(endpoint) == pytest.approx(right_side(through), abs=1e-5)
    assert abs(endpoint.sum_matrix - right_side(endpoint)) > 0.1
    # its account adds up all the same
    assert account_gap(endpoint) == pytest.approx(0, abs=1e-3)


def test_the_border_holds_the_reference_terms(minilm):
    result = attribute(minilm, TEXT_A, TEXT_B, 4, tolerance=1e-5)
    terms = result.reference_terms
    assert result.sum_border_a == pytest.approx(terms.a_rb - terms.ra_rb, abs=1e-4)
    assert result.sum_border_b == pytest.approx(terms.b_ra - terms.ra_rb, abs=1e-4)
    assert result.corner == pytest.approx(terms.ra_rb, abs=1e-6)
    assert result.border_a.sum() == pytest.approx(result.sum_border_a, abs=1e-5)
    assert result.matrix.sum() == pytest.approx(result.sum_matrix, abs=1e-5)


def test_swapped_texts_swap_everything(minilm):
    one, other = attribute(minilm, TEXT_A, TEXT_B, 5), attribute(minilm, TEXT_B, TEXT_A, 5)
    np.testing.assert_allclose(one.matrix, other.matrix.T, rtol=0, atol=1e-6)
    np.testing.assert_allclose(one.border_a, other.border_b, rtol=0, atol=1e-6)
    assert (one.a, one.b) == (other.b, other.a)
    assert (one.nodes_a, one.nodes_b) == (other.nodes_b, other.nodes_a)


def test_the_result_says_how_it_was_made(minilm):
    result = attribute(minilm, TEXT_A, TEXT_B)
    assert (result.model, result.revision) == ("all-MiniLM-L6-v2", None)
    assert (result.layer, result.blocks, result.shifted) == (4, 6, False)
    assert (result.similarity, result.cosine, result.words) == ("cosine", "through", None)
    assert (result.quadrature, result.tolerance, result.steps) == ("gauss-legendre", 1e-3, None)
    assert (result.device, result.dtype) == ("cpu", "float32")
    assert result.versions["torch"] == torch.__version__
    assert result.seconds > 0


@pytest.mark.parametrize("layer", [-1, 6, 100])
def test_layers_that_the_model_does_not_have(minilm, layer):
    expected = f"Layer {layer} is out of range for this model of 6 blocks; choose 0 to 5."
    with pytest.raises(LayerError, match=f"^{re.escape(expected)}$"):
        attribute(minilm, TEXT_A, TEXT_B, layer)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"cosine": "none"}, "The cosine is brought in through or endpoint, not 'none'."),
        (
            {"quadrature": "trapezoid"},
            "Unknown quadrature 'trapezoid'; choose one of gauss-legendre, right-endpoint.",
        ),
        ({"steps": 0}, "The number of steps must be a whole number from 1; got 0."),
        (
            {"tolerance": 1.0},
            "The tolerance is a relative error between 0 and 1, such as 0.001; got 1.0.",
        ),
        (
            {"prompt_b": "passage"},
            "all-MiniLM-L6-v2 has no prompt 'passage'; its prompts are: none; an instruction "
            "given as text ends in a space or punctuation, such as 'query: '.",
        ),
    ],
)
def test_settings_that_do_not_fit(minilm, options, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        attribute(minilm, TEXT_A, TEXT_B, **options)


@pytest.mark.usefixtures("untyped")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"steps": 2.5}, "The number of steps must be a whole number from 1; got 2.5."),
        ({"tolerance": "1e-3"}, "The tolerance is a relative error between 0 and 1"),
        ({"layer": 2.0}, "A layer is a whole number; got 2.0."),
        ({"layer": "2"}, "A layer is a whole number; got '2'."),
    ],
)
def test_settings_of_another_type(minilm, options, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        attribute(minilm, TEXT_A, TEXT_B, **options)


@pytest.mark.parametrize("cosine", ["through", "endpoint"])
def test_dot_products_have_no_cosine(cosine):
    encoder = Encoder(make_model("mpnet", similarity="dot"), "dotty")
    with pytest.raises(ValueError, match=r"^dotty compares by dot product, so neither"):
        attribute(encoder, TEXT_A, TEXT_B, cosine=cosine)
    assert attribute(encoder, TEXT_A, TEXT_B).cosine is None


def test_the_published_sum_takes_a_hundred_steps(minilm):
    result = attribute(minilm, TEXT_A, TEXT_B, 5, quadrature="right-endpoint")
    assert (result.quadrature, result.steps) == ("right-endpoint", None)
    assert (result.nodes_a, result.nodes_b) == (100, 100)
    exact = attribute(minilm, TEXT_A, TEXT_B, 5, tolerance=1e-5)
    assert result.residual_a > 10 * exact.residual_a
    np.testing.assert_allclose(result.matrix, exact.matrix, rtol=0, atol=1e-2)


def test_too_few_steps_are_told(minilm):
    result = attribute(minilm, TEXT_A, TEXT_B, 0, steps=2)
    assert (result.steps, result.nodes_a, result.nodes_b) == (2, 2, 2)
    assert not result.converged
    assert max(result.residual_a, result.residual_b) > 1e-3
    assert trust(result).level == "inaccurate"


@pytest.fixture
def small_chunks(monkeypatch):
    """Little work between two reports of progress."""
    monkeypatch.setattr("xsb_core.integration.jacobians.CHUNK_BYTES", 2**21)


@pytest.mark.usefixtures("small_chunks")
def test_progress_runs_through_both_texts(minilm):
    shares = []
    attribute(minilm, TEXT_A, TEXT_B, 5, steps=4, progress=shares.append)
    assert shares == sorted(shares)
    # a text is worth the square of its length, and the longer comes first
    lengths = [len(minilm.read(text).side.tokens) for text in (TEXT_A, TEXT_B)]
    first = max(lengths) ** 2 / sum(length**2 for length in lengths)
    assert 0 < shares[0] < first
    assert first in [pytest.approx(share) for share in shares]
    assert len([share for share in shares if share > first]) > 1
    assert shares[-1] == 1


@pytest.mark.usefixtures("small_chunks")
def test_progress_may_end_the_computation(minilm):
    class Cancelled(Exception):
        pass

    def cancel(share):
        seen.append(share)
        if len(seen) == 2:
            raise Cancelled

    seen = []
    before = attribute(minilm, TEXT_A, TEXT_B, 5)
    with pytest.raises(Cancelled):
        attribute(minilm, TEXT_A, TEXT_B, 5, progress=cancel)
    assert len(seen) == 2
    after = attribute(minilm, TEXT_A, TEXT_B, 5)
    np.testing.assert_array_equal(after.matrix, before.matrix)


class Shift(nn.Module):
    """Takes the embedding of the reference of a text's own length from the text's."""

    def __init__(self, model):
        super().__init__()
        self.before = tuple(model)  # a tuple: its modules are not registered twice
        self.pad = model.tokenizer.pad_token_id

    def forward(self, features):
        ids = features["input_ids"][:1].clone()
        ids[:, 1:-1] = self.pad
        reference = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
        for module in self.before:
            reference = module(reference)
        shifted = features["sentence_embedding"] - reference["sentence_embedding"]
        return features | {"sentence_embedding": shifted}


def shifted_encoder(**options):
    model = make_model("mpnet", **options)
    model.append(Shift(model))
    return Encoder(model, "shifted")


@pytest.mark.parametrize("similarity", ["cosine", "dot"])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_shifted_encoders_are_exact(similarity, dtype):
    encoder = shifted_encoder(similarity=similarity, dtype=dtype)
    assert encoder.shifted
    result = attribute(encoder, TEXT_A, TEXT_B, 1, tolerance=1e-5)
    assert result.shifted
    assert result.cosine == ("endpoint" if similarity == "cosine" else None)
    assert result.reference_terms == ReferenceTerms(0.0, 0.0, 0.0)
    assert result.sum_matrix == pytest.approx(result.score, rel=1e-4)
    largest = np.abs(result.matrix).max()
    for border in (result.border_a, result.border_b, [result.corner]):
        np.testing.assert_allclose(border, 0, rtol=0, atol=1e-5 * largest)
    own = encoder.model.similarity(*(encoder.model.encode([text]) for text in (TEXT_A, TEXT_B)))
    assert result.score == pytest.approx(own.item(), rel=1e-5)
    assert trust(result).level == "exact"


def test_through_has_no_limit_at_a_shifted_reference():
    result = attribute(shifted_encoder(), TEXT_A, TEXT_B, 2, cosine="through", steps=24)
    assert not result.converged
    assert trust(result).level == "inaccurate"
