"""The shift e' = e − e(r), as a module of a sentence-transformer (docs/method.md, section 6).

It stands between the transformer and its pooling and takes from each token embedding that of the
reference at the same position, so that references come out as zero. A reference has its text's own
length: what else is in a batch, and how far the batch is padded, changes nothing.
"""

from collections.abc import Mapping
from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Module
from torch import Tensor

from xsb_core.encoders.references import reference_features

# Token embeddings of the references, for a caller that has them; else the shift computes them.
REFERENCE_EMBEDDINGS = "reference_token_embeddings"


class Shift(Module):
    """Takes the reference's token embeddings from the text's (the paper's Exact and Orig. models).

    The module has no weights; it runs the model's own transformer on the references, one for each
    length that a batch holds.

    Attributes:
        scale: What shifted embeddings are multiplied by. Cosines do not depend on it; dot products
            are to be compared with scores up to 1, so Orig. is trained from vectors of that size.
    """

    config_keys = ["scale"]

    def __init__(self, scale: float = 1.0) -> None:
        super().__init__()
        self.scale = scale

    def on_model_ready(self, model: SentenceTransformer) -> None:
        """Learns from the model that it is part of how references are made, and by what."""
        special = model.tokenizer("a", return_special_tokens_mask=True)["special_tokens_mask"]
        self._leading = special.index(0)
        self._trailing = special[::-1].index(0)
        self._pad_id = model.tokenizer.pad_token_id
        self._transformer = (model[0],)  # in a tuple: the transformer is no part of this module

    def forward(self, features: Mapping[str, Any]) -> dict[str, Any]:
        """Shifts ``token_embeddings`` (B × S × d) of tokenised texts."""
        references = features.get(REFERENCE_EMBEDDINGS)
        if references is None:
            references = self._references(features)
        shifted = (features["token_embeddings"] - references) * self.scale
        return {**features, "token_embeddings": shifted}

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        """Writes the configuration; there is nothing else."""
        self.save_config(output_path)

    def _references(self, features: Mapping[str, Any]) -> Float[Tensor, "B S d"]:
        lengths = features["attention_mask"].sum(1)
        distinct, which = lengths.unique(return_inverse=True)
        # any text of a length will do to make the reference from
        rows = torch.stack([(which == kind).nonzero()[0, 0] for kind in range(len(distinct))])
        texts = {
            key: value[rows] if isinstance(value, Tensor) and value.ndim else value
            for key, value in features.items()
            if key != "token_embeddings"
        }
        special = self._special(texts["attention_mask"])
        inputs = reference_features(texts, special, self._pad_id)
        return self._transformer[0](inputs)["token_embeddings"][which]

    def _special(self, attended: Int[Tensor, "B S"]) -> Bool[Tensor, "B S"]:
        """The tokenizer's own tokens round each text, whichever side is padded."""
        place = attended.cumsum(1) - 1
        end = attended.sum(1, keepdim=True) - self._trailing
        return (place < self._leading) | (place >= end)
