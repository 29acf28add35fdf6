"""The loss without padding is the loss."""

import pytest
import torch
import torch.nn.functional as F

from tests.training.factory import base, splits
from xsb_core import load_encoder
from xsb_core.encoders.ready import VARIANTS
from xsb_core.encoders.variants import as_variant
from xsb_core.training import loss


@pytest.mark.parametrize("variant", ["tuned", "exact", "orig"])
def test_texts_with_others_of_their_length_give_the_same_loss_and_gradients(
    tmp_path, variant, monkeypatch
):
    monkeypatch.setattr(loss, "TEXTS_A_PASS", 3)
    encoder = load_encoder(base(tmp_path / "base"), device="cpu")
    model = as_variant(encoder.model, VARIANTS[variant]).double().eval()
    model.requires_grad_()
    pairs = splits().train
    features = [dict(model.preprocess(list(texts[:8]))) for texts in (pairs.a, pairs.b)]
    scores = torch.tensor(pairs.scores[:8])
    a, b = [model(dict(side))["sentence_embedding"] for side in features]
    padded = F.mse_loss(model.similarity_pairwise(a, b), scores)
    short = loss.SimilarityLoss(model)(features, scores)
    assert len({int(mask.sum()) for side in features for mask in side["attention_mask"]}) > 2
    torch.testing.assert_close(short, padded)
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    expected = torch.autograd.grad(padded, weights, allow_unused=True)
    found = torch.autograd.grad(short, weights, allow_unused=True)
    for mine, other in zip(found, expected, strict=True):
        assert (mine is None) == (other is None)
        if mine is not None:
            torch.testing.assert_close(mine, other)
