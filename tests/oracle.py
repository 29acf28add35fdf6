"""The slow truth: attributions by reverse mode through the whole model, one dimension at a time.

Nothing here uses xsb_core: the model runs as sentence-transformers runs it, a hook puts the
interpolated hidden states in at the block, and torch's autograd takes a gradient for every
embedding dimension at every node.
"""

from dataclasses import dataclass
from itertools import count

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from torch import Tensor, nn

# Where each architecture keeps its blocks, written down rather than searched for.
BLOCKS = {
    "bert": "encoder.layer",
    "mpnet": "encoder.layer",
    "roberta": "encoder.layer",
    "xlm-roberta": "encoder.layer",
    "distilbert": "transformer.layer",
    "deberta-v2": "encoder.layer",
    "modernbert": "layers",
    "fnet": "encoder.layer",
    "albert": "encoder.albert_layer_groups",
}


@dataclass
class OracleText:
    """Factors of one text: S × D, its embedding and its reference's."""

    factors: Tensor
    embedding: Tensor
    reference: Tensor


def oracle_text(
    model: SentenceTransformer,
    architecture: str,
    text: str,
    layer: int,
    nodes: int,
    *,
    unit: bool,
    prompt: str | None = None,
) -> OracleText:
    """Integrates full Jacobians over Gauss–Legendre nodes.

    Args:
        model: With an unnormalised embedding as its output (no Normalize at the end).
        architecture: A key of ``BLOCKS``.
        text: The text.
        layer: Block at whose entrance to attribute.
        nodes: Number of Gauss–Legendre nodes.
        unit: Whether to differentiate the embedding divided by its length.
        prompt: Text put before it.
    """
    blocks = model[0].model.get_submodule(BLOCKS[architecture])
    # ALBERT calls its only block again and again
    call, block = layer // len(blocks), blocks[layer % len(blocks)]
    features = dict(model.preprocess([text], prompt=prompt))
    tokenizer = model.tokenizer
    special = {tokenizer.cls_token_id, tokenizer.sep_token_id}
    ids = features["input_ids"].clone()
    for i, token in enumerate(ids[0].tolist()):
        if token not in special:
            ids[0, i] = tokenizer.pad_token_id
    reference_features = {**features, "input_ids": ids, "attention_mask": torch.ones_like(ids)}

    x = _entering(model, block, call, features)
    r = _entering(model, block, call, reference_features)

    def embed(hidden: Tensor) -> Tensor:
        copies = {
            name: value.expand(len(hidden), -1) if isinstance(value, Tensor) else value
            for name, value in features.items()
        }
        e = _with_hidden(model, block, call, copies, hidden)
        return e / e.norm(dim=-1, keepdim=True) if unit else e

    points, weights = np.polynomial.legendre.leggauss(nodes)
    (embedding,) = embed(x).detach()
    factors = torch.zeros(x.shape[1], len(embedding), dtype=x.dtype)
    for point, weight in zip((points + 1) / 2, weights / 2, strict=True):
        # a copy of the text for every dimension: one backward pass takes all gradients
        hidden = (r + point * (x - r)).repeat(len(embedding), 1, 1).requires_grad_(True)
        (gradients,) = torch.autograd.grad(embed(hidden).diagonal().sum(), hidden)
        factors += weight * (gradients * (x - r)).sum(-1).T
    return OracleText(factors, embedding, embed(r)[0].detach())


def _entering(model: SentenceTransformer, block: nn.Module, call: int, features: dict) -> Tensor:
    seen = []

    def note(module, args, kwargs):
        seen.append(args[0] if args else kwargs["hidden_states"])

    with block.register_forward_pre_hook(note, with_kwargs=True), torch.no_grad():
        model(dict(features))
    return seen[call]


def _with_hidden(
    model: SentenceTransformer, block: nn.Module, call: int, features: dict, hidden: Tensor
) -> Tensor:
    calls = count()

    def put(module, args, kwargs):
        if next(calls) != call:
            return None
        if args:
            return (hidden, *args[1:]), kwargs
        return args, {**kwargs, "hidden_states": hidden}

    with block.register_forward_pre_hook(put, with_kwargs=True):
        return model(dict(features))["sentence_embedding"]
