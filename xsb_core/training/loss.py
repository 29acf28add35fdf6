"""The training loss: mean squared error between similarity and score."""

from collections.abc import Iterable
from typing import Any

import torch
import torch.nn.functional as F
from jaxtyping import Float
from sentence_transformers import SentenceTransformer
from torch import Tensor, nn

# Texts that share a forward pass: few enough to be of one length, many enough to fill a core.
TEXTS_A_PASS = 8


class SimilarityLoss(nn.Module):
    """MSE of the model's own similarity, cosine or dot product, against scores in [0, 1].

    Texts of both sides are embedded with others of their length, since padding costs as much as
    words do.
    """

    def __init__(self, model: SentenceTransformer) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, sentence_features: Iterable[dict[str, Any]], labels: Float[Tensor, " B"]
    ) -> Float[Tensor, ""]:
        """The loss of a batch of pairs: the features of first texts, those of second texts."""
        texts = [text for features in sentence_features for text in _texts(features)]
        order = torch.tensor([len(text["input_ids"]) for text in texts]).argsort()
        passes = order.split(TEXTS_A_PASS)
        embeddings = torch.cat([self._embeddings([texts[text] for text in one]) for one in passes])
        a, b = embeddings[order.argsort()].chunk(2)
        return F.mse_loss(self.model.similarity_pairwise(a, b), labels)

    def _embeddings(self, texts: list[dict[str, Tensor]]) -> Float[Tensor, "T E"]:
        features = self.model.tokenizer.pad(texts, return_tensors="pt")
        return self.model(dict(features.to(self.model.device)))["sentence_embedding"]


def _texts(features: dict[str, Any]) -> list[dict[str, Tensor]]:
    """The tokens of each text of a batch, without padding."""
    mask = features["attention_mask"]
    of_tokens = {
        name: value
        for name, value in features.items()
        if isinstance(value, Tensor) and value.shape == mask.shape
    }
    return [
        {name: value[text][attended] for name, value in of_tokens.items()}
        for text, attended in enumerate(mask.bool())
    ]
