"""Models whose score is a sum over tokens as it is: their factors need no integral.

A static embedding is the mean of its tokens' rows in a table; a sparse one has each of its terms
from one token, or as a sum over tokens; late interaction keeps an embedding of each token. Such a
model has one layer, 0, at which these parts enter, and its reference is what it makes of no token
at all: zeros.
"""

from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from sentence_transformers.sparse_encoder.modules import SparseStaticEmbedding, SpladePooling
from sentence_transformers.util import select_max_active_dims
from torch import Tensor, nn

from xsb_core.encoders.pipeline import Pipeline
from xsb_core.encoders.replay import Call, Recording
from xsb_core.errors import ModelError
from xsb_core.integration.factors import TokenFactors


def record_rows(
    first: StaticEmbedding, others: tuple[nn.Module, ...], ids: Int[Tensor, "B S"]
) -> tuple[Recording, Recording]:
    """Recordings of texts that are means of rows, and of their reference.

    A model with nothing but a linear map behind the mean sends references to the zero vector.

    Args:
        first: The table.
        others: The modules behind it, up to the unnormalised embedding.
        ids: The texts' tokens.
    """
    with torch.no_grad():
        rows = first.embedding.weight[ids]
    return _recordings(rows, (_Added(mean=True), *others))


def record_terms(pipeline: Pipeline, features: dict[str, Any]) -> tuple[Recording, Recording]:
    """Recordings of sparse texts: what each token brings to each term of the vocabulary.

    A term that is the largest of the tokens' own weights is traced to that token, the first of
    several; one that is their sum to all of them.

    Args:
        pipeline: What the texts pass.
        features: The tokenised texts.

    Raises:
        ModelError: If its terms are those of whole texts.
    """
    at = next((i for i, part in enumerate(pipeline.modules) if isinstance(part, _TRACED)), None)
    if at is None:
        raise ModelError(
            f"The model's terms are made of whole texts by its module "
            f"{type(pipeline.modules[-1]).__name__}, so they can't be traced back to tokens; "
            "choose a model with SPLADE pooling."
        )
    with torch.no_grad():
        entering = _passed(pipeline.modules[:at], features, pipeline)
        whole = _passed(pipeline.modules[at:], entering, pipeline)["sentence_embedding"]
        whole = select_max_active_dims(whole, pipeline.most_terms)
        parts = [
            _traced(pipeline.modules[at], {key: part[text] for key, part in _of(entering).items()})
            for text in range(len(whole))
        ]
    # a share of what the model gives in the end: fewer terms are kept, or a weight follows
    rows = torch.stack(parts)
    shares = rows / rows.sum(1, keepdim=True)
    return _recordings(shares.nan_to_num(0.0) * whole[:, None], (_Added(mean=False),))


def record_vectors(
    pipeline: Pipeline, features: dict[str, Any]
) -> tuple[Recording, Recording, Bool[Tensor, "B S"]]:
    """Recordings of texts that keep an embedding of each token, and which tokens are scored.

    Args:
        pipeline: What the texts pass.
        features: The tokenised texts.

    Raises:
        ModelError: If tokens are merged.
    """
    with torch.no_grad():
        found = _passed(pipeline.modules, features, pipeline)
    vectors, scored = found["token_embeddings"], found["attention_mask"].bool()
    if scored.shape != features["input_ids"].shape:
        raise ModelError(
            "The model merges tokens before it matches them, so its embeddings can't be traced "
            "back to tokens; choose a model without token pooling."
        )
    # a text without a scored token has no score
    rows = vectors.masked_fill(~scored.any(1)[:, None, None], torch.nan) * scored[..., None]
    return *_recordings(rows, (_Added(mean=False),)), scored


def closed_factors(text: Recording) -> list[TokenFactors] | None:
    """Factors of texts whose embedding is a sum over tokens, in closed form.

    The sum is linear and the reference zero, so that each token's part is its factor, whatever the
    path: no nodes.

    Returns:
        One a text; None where anything else follows the sum, or precedes it.
    """
    if len(text.modules) != 1 or not isinstance(text.modules[0], _Added):
        return None
    added = text.modules[0]
    return [
        TokenFactors(
            factors=own / len(own) if added.mean else own,
            embedding=own.mean(0) if added.mean else own.sum(0),
            reference=torch.zeros_like(own[0]),
            residual=0.0,
            error=0.0,
            nodes=0,
            panels=0,
            work=0,
            needed=0,
            converged=True,
        )
        for own in text.output
    ]


_TRACED = SpladePooling | SparseStaticEmbedding


def _of(features: dict[str, Any]) -> dict[str, Tensor]:
    """What a pooling of terms reads."""
    names = ("token_embeddings", "input_ids", "attention_mask")
    return {name: features[name] for name in names if name in features}


def _traced(pooling: nn.Module, text: dict[str, Tensor]) -> Float[Tensor, "S V"]:
    """Each token's part of a text's pooled terms, by pooling each token as a text of its own."""
    alone = pooling({name: part[:, None] for name, part in text.items()})["sentence_embedding"]
    if getattr(pooling, "pooling_strategy", "max") == "sum":
        return alone
    largest = alone.argmax(0, keepdim=True)
    return torch.zeros_like(alone).scatter(0, largest, alone.gather(0, largest))


def _passed(
    modules: tuple[nn.Module, ...], features: dict[str, Any], pipeline: Pipeline
) -> dict[str, Any]:
    features = dict(features)
    for module in modules:
        told = pipeline.told if "task" in getattr(module, "forward_kwargs", ()) else {}
        features = dict(module(features, **told))
    return features


def _recordings(
    rows: Float[Tensor, "B S d"], modules: tuple[nn.Module, ...]
) -> tuple[Recording, Recording]:
    text, reference = (
        Recording((Call(nn.Identity(), (part,), {}, part),), (), part, {}, modules)
        for part in (rows, torch.zeros_like(rows[:1]))
    )
    return text, reference


class _Added(nn.Module):
    """The sum over a text's tokens, or their mean, as ``nn.EmbeddingBag`` takes it."""

    def __init__(self, *, mean: bool) -> None:
        super().__init__()
        self.mean = mean

    def forward(self, features: dict[str, Any]) -> dict[str, Any]:
        tokens = features["token_embeddings"]
        return features | {"sentence_embedding": tokens.mean(1) if self.mean else tokens.sum(1)}
