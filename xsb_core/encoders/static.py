"""Models without blocks: a text's embedding is the mean of its tokens' rows in a table."""

from typing import Any

import torch
from jaxtyping import Float, Int
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from tokenizers import Encoding, Tokenizer
from torch import Tensor, nn

from xsb_core.encoders.replay import Call, Recording
from xsb_core.integration.factors import TokenFactors


def encoded(tokenizer: Tokenizer, text: str) -> Encoding:
    """A text as ``StaticEmbedding`` tokenises it, which adds no special tokens."""
    return tokenizer.encode(text, add_special_tokens=False)


def unknown_id(tokenizer: Tokenizer) -> int | None:
    """The token that stands for what the vocabulary lacks."""
    model = tokenizer.model
    token = getattr(model, "unk_token", None)
    return getattr(model, "unk_id", None) if token is None else tokenizer.token_to_id(token)


def record_rows(
    first: StaticEmbedding, others: tuple[nn.Module, ...], ids: Int[Tensor, "B S"]
) -> tuple[Recording, Recording]:
    """Recordings of texts and of their reference, with one layer, 0, at which the rows enter.

    The reference is what the model makes of no token at all: rows of zeros. So a model with
    nothing but a linear map behind the mean sends references to the zero vector.

    Args:
        first: The table.
        others: The modules behind it, up to the unnormalised embedding.
        ids: The texts' tokens.
    """
    with torch.no_grad():
        rows = first.embedding.weight[ids]
    text, reference = (_recording(part, others) for part in (rows, torch.zeros_like(rows[:1])))
    return text, reference


def mean_factors(text: Recording) -> list[TokenFactors] | None:
    """Factors of texts whose embedding is the mean of their rows, in closed form.

    The mean is linear and the reference zero, so that u_i = x_i / S whatever the path: no nodes.

    Returns:
        One a text; None where anything else follows the mean, or precedes it.
    """
    if len(text.modules) != 1 or not isinstance(text.modules[0], _Mean):
        return None
    rows = text.output
    return [
        TokenFactors(
            factors=own / len(own),
            embedding=own.mean(0),
            reference=torch.zeros_like(own[0]),
            residual=0.0,
            error=0.0,
            nodes=0,
            panels=0,
            work=0,
            needed=0,
            converged=True,
        )
        for own in rows
    ]


def _recording(rows: Float[Tensor, "B S d"], others: tuple[nn.Module, ...]) -> Recording:
    entering = Call(nn.Identity(), (rows,), {}, rows)
    return Recording((entering,), (), rows, {}, (_Mean(), *others))


class _Mean(nn.Module):
    """The mean over a text's tokens, as ``nn.EmbeddingBag`` takes it."""

    def forward(self, features: dict[str, Any]) -> dict[str, Any]:
        return features | {"sentence_embedding": features["token_embeddings"].mean(1)}
