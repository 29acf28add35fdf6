"""Reference inputs: as long as the text, with every content token replaced, by padding or else."""

from typing import Any

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from xsb_core.errors import ModelError

PADDING = "padding"
REFERENCES = (PADDING, "mask", "mean", "empty")


def reference_features(
    features: dict[str, Any], special: Bool[Tensor, "B S"], pad_id: int
) -> dict[str, Any]:
    """The references of tokenised texts (docs/method.md, section 1; paper, section 3.2).

    Special positions keep their ids and all others become the pad token. What is attended stays,
    so that a reference is as long as its text.

    Args:
        features: Tokenised texts, with ``input_ids`` (B × S).
        special: Which positions the tokenizer added.
        pad_id: The tokenizer's own pad id.

    Returns:
        The references' features; whatever else ``features`` holds is kept.
    """
    ids: Int[Tensor, "B S"] = features["input_ids"]
    return features | {"input_ids": torch.where(special.to(ids.device), ids, pad_id)}


def other_reference(
    kind: str, features: dict[str, Any], special: Bool[Tensor, "B S"], first: Any
) -> dict[str, Any]:
    """References that are not the paper's, to compare it with (docs/method.md, section 13).

    Args:
        kind: "mask": content tokens become the tokenizer's mask; "mean": their embeddings become
            the mean row of the model's table; "empty": they become padding that no position
            attends to, so that the special tokens are those of an empty text.
        features: Tokenised texts, with ``input_ids`` and ``attention_mask``.
        special: Which positions the tokenizer added.
        first: The module that reads texts.

    Raises:
        ModelError: For another kind, or a model that has no mask, table or attention mask.
    """
    tokenizer, ids = first.tokenizer, features["input_ids"]
    own = special.to(ids.device)
    if kind == "mask" and tokenizer.mask_token_id is not None:
        return reference_features(features, special, tokenizer.mask_token_id)
    if kind == "empty" and "attention_mask" in features:
        padded = reference_features(features, special, tokenizer.pad_token_id)
        return padded | {"attention_mask": own.expand_as(ids).to(features["attention_mask"])}
    if kind == "mean":
        table = first.model.get_input_embeddings()
        states = torch.where(own[..., None], table(ids), table.weight.mean(0))
        others = {key: value for key, value in features.items() if key != "input_ids"}
        return others | {"inputs_embeds": states}
    raise ModelError(
        f"There is no reference {kind!r} for this model; choose of {', '.join(REFERENCES)}, mask "
        "only where the tokenizer has one."
    )
