"""Methods that captum has too give what captum's give."""

import numpy as np
import pytest
import torch
from captum.attr import InputXGradient, IntegratedGradients
from torch.nn.functional import normalize

from tests.zoo import make_model
from xsb_core import Encoder, attribute
from xsb_core.evidence.deletion import Deletions
from xsb_core.evidence.methods import Claims

A, B = "A man is playing a guitar.", "Someone plays music."


@pytest.fixture(scope="module")
def pair():
    encoder = Encoder(make_model("bert").double(), "random")
    result = attribute(encoder, A, B, 1, tolerance=1e-10)
    assert result.converged
    return encoder, result


def score(tail, fixed):
    return lambda hidden: normalize(tail(hidden), dim=-1) @ fixed


@pytest.mark.parametrize("side", [0, 1])
def test_integrated_gradients_with_the_other_text_fixed(pair, side):
    encoder, result = pair
    reading, other = (encoder.read(text) for text in ((A, B), (B, A))[side])
    with torch.no_grad():
        fixed = normalize(other.text.tail(1)(other.text.hidden(1)[None])[0], dim=-1)
    found = IntegratedGradients(score(reading.reference.tail(1), fixed)).attribute(
        reading.text.hidden(1)[None],
        reading.reference.hidden(1)[None],
        n_steps=200,
        method="gausslegendre",
    )
    truth = found.sum(-1)[0].detach().numpy()
    claim = Claims(encoder).claim("integrated-gradients", Deletions(encoder, result), {})
    own = (claim.totals_a, claim.totals_b)[side]
    # our nodes stop at a tolerance, which is estimated: ten times it, and room for rounding
    np.testing.assert_allclose(own, truth, rtol=0, atol=1e-8)
    assert np.ptp(truth) > 1e-3


def test_input_times_gradient(pair):
    encoder, result = pair
    first, second = encoder.read(A), encoder.read(B)

    def both(a, b):
        tails = (first.reference.tail(0), second.reference.tail(0))
        u, v = (normalize(tail(h), dim=-1) for tail, h in zip(tails, (a, b), strict=True))
        return (u * v).sum(-1)

    inputs = tuple(one.text.hidden(0)[None].clone().requires_grad_() for one in (first, second))
    truth = [part.sum(-1)[0].detach().numpy() for part in InputXGradient(both).attribute(inputs)]
    claim = Claims(encoder).claim("input-gradient", Deletions(encoder, result), {})
    np.testing.assert_allclose(claim.totals_a, truth[0], rtol=0, atol=1e-12)
    np.testing.assert_allclose(claim.totals_b, truth[1], rtol=0, atol=1e-12)
