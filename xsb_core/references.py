"""Reference inputs: the text's own length, with every content token replaced by padding."""

from typing import Any

import torch
from jaxtyping import Bool, Int
from torch import Tensor


def reference_features(
    features: dict[str, Any], special: Bool[Tensor, " S"], pad_id: int
) -> dict[str, Any]:
    """The reference of a tokenised text (METHOD section 1; paper, section 3.2).

    Special positions keep their ids, all others become the pad token, and every position is
    attended, so that the reference is as long as the text.

    Args:
        features: A tokenised text, a batch of one, with ``input_ids`` (1 × S).
        special: Which positions the tokenizer added.
        pad_id: The tokenizer's own pad id.

    Returns:
        The reference's features; whatever else ``features`` holds is kept.
    """
    ids: Int[Tensor, "1 S"] = features["input_ids"]
    return features | {
        "input_ids": torch.where(special.to(ids.device), ids, pad_id),
        "attention_mask": torch.ones_like(ids),
    }
