"""Reference inputs: as long as the text, with every content token replaced by padding."""

from typing import Any

import torch
from jaxtyping import Bool, Int
from torch import Tensor


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
