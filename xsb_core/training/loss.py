"""The training loss: mean squared error between similarity and score."""

from collections.abc import Iterable
from typing import Any

import torch.nn.functional as F
from jaxtyping import Float
from sentence_transformers import SentenceTransformer
from torch import Tensor, nn


class SimilarityLoss(nn.Module):
    """MSE of the model's own similarity, cosine or dot product, against scores in [0, 1]."""

    def __init__(self, model: SentenceTransformer) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, sentence_features: Iterable[dict[str, Any]], labels: Float[Tensor, " B"]
    ) -> Float[Tensor, ""]:
        """The loss of a batch of pairs: the features of first texts, those of second texts."""
        a, b = [self.model(features)["sentence_embedding"] for features in sentence_features]
        return F.mse_loss(self.model.similarity_pairwise(a, b), labels)
