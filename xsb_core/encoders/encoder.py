"""A loaded sentence-transformer, seen as tokeniser, blocks and tail.

This module and ``loading`` are the only users of sentence-transformers' internals.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Module
from sentence_transformers.sentence_transformer.modules import Normalize
from torch import Tensor, nn
from transformers import PreTrainedTokenizerBase

from xsb_core.encoders.references import reference_features
from xsb_core.encoders.replay import Recording, record
from xsb_core.encoders.shift import REFERENCE_EMBEDDINGS, Shift
from xsb_core.encoders.side import Side
from xsb_core.encoders.tokenising import Tokenised, tokenised
from xsb_core.errors import ModelError


@dataclass(frozen=True)
class Reading:
    """A text, or texts that are alike in length, and their reference as the encoder sees them.

    Attributes:
        sides: Tokens, spans and where each text was cut.
        text: The blocks recorded on the texts, one batch.
        reference: The blocks recorded on the reference; its tail serves all of the texts, since
            what blocks get beside the hidden states depends on the length alone.
    """

    sides: tuple[Side, ...]
    text: Recording
    reference: Recording

    @property
    def side(self) -> Side:
        """Of the only text."""
        (side,) = self.sides
        return side


@dataclass(frozen=True, eq=False)
class Encoder:
    """An encoder e that attributions can be computed for; threads can share it.

    Attributes:
        model: The sentence-transformer, in evaluation mode, never changed.
        name: What it was loaded as.
        revision: Its commit on the hub, where it came from there.
        trained: Whether it was fine-tuned by ``train``.
        similarity: "cosine" or "dot": what the model's configuration compares embeddings with.
        blocks: Number of transformer blocks.
        shifted: Whether it maps references to the zero vector (docs/method.md, section 6).

    Examples:
        >>> encoder.blocks, encoder.default_layer, encoder.similarity
        (6, 4, 'cosine')
    """

    model: SentenceTransformer
    name: str
    revision: str | None = None
    trained: bool = False
    similarity: str = field(init=False)
    blocks: int = field(init=False)
    shifted: bool = field(init=False)

    def __post_init__(self) -> None:
        self.model.eval().requires_grad_(False)
        object.__setattr__(self, "similarity", _similarity(self.model))
        _check_tokenizer(self.tokenizer, self.name)
        _check_attention(self.model, self.name)
        reading = self.read("reference")
        if not reading.text.serves_several():
            raise ModelError(
                f"{self.name} has blocks that can't be called again on several texts at once; "
                "choose a model of another architecture."
            )
        object.__setattr__(self, "blocks", len(reading.text.blocks))
        object.__setattr__(self, "shifted", _is_shifted(reading))

    @property
    def tokenizer(self) -> PreTrainedTokenizerBase:
        """The model's own tokenizer."""
        return self.model.tokenizer

    @property
    def device(self) -> torch.device:
        """Where the model's weights are."""
        return next(self.model.parameters()).device

    @property
    def dtype(self) -> torch.dtype:
        """Precision of the weights, and of the attribution."""
        return next(self.model.parameters()).dtype

    @property
    def default_layer(self) -> int:
        """Three quarters up: 9 of 12 blocks, the paper's choice; 4 of 6."""
        return 3 * self.blocks // 4

    @property
    def prompts(self) -> dict[str, str]:
        """The prompts that the model's configuration names, empty ones left out."""
        return {name: prompt for name, prompt in self.model.prompts.items() if prompt}

    @property
    def settings(self) -> dict[str, str]:
        """What, beside weights and prompts, decides what becomes of a text; by name, as JSON."""
        values = {
            "max_seq_length": self.model.max_seq_length,
            "truncate_dim": self.model.truncate_dim,
        }
        for place, module in enumerate(self.model):
            own = module.get_config_dict() if isinstance(module, Module) else {}
            values |= {f"{type(module).__name__} {place}'s {key}": own[key] for key in own}
        return {name: json.dumps(value, default=str) for name, value in values.items()}

    def read(self, text: str, prompt_name: str | None = None) -> Reading:
        """Tokenises a text as ``encode`` does, and records it and its reference.

        Args:
            text: The text.
            prompt_name: One of ``prompts``; None takes the model's default, if it has one.

        Returns:
            The reading; texts longer than the model's maximum are cut as ``encode`` cuts them.

        Raises:
            TextError: If nothing is left to attribute.
            ModelError: If the model's input isn't its tokenizer's, or has no such prompt.
        """
        return self.record([self.tokenise(text, prompt_name)])

    def prompt(self, name: str | None = None) -> str:
        """What is put before a text; empty without a prompt.

        Args:
            name: One of ``prompts``; None takes the model's default, if it has one.

        Raises:
            ModelError: If the model has no such prompt.
        """
        name = name or self.model.default_prompt_name
        if name is None:
            return ""
        if name not in self.model.prompts:
            known = ", ".join(map(repr, self.prompts)) or "none"
            raise ModelError(f"{self.name} has no prompt {name!r}; its prompts are: {known}.")
        return self.model.prompts[name]

    def tokenise(self, text: str, prompt_name: str | None = None) -> Tokenised:
        """The first half of ``read``, which the model takes no part in."""
        return tokenised(self.model, self.name, text, self.prompt(prompt_name))

    def record(self, texts: Sequence[Tokenised]) -> Reading:
        """Records tokenised texts that are alike, as one batch, and the reference they share."""
        features = _on(_joined([text.features for text in texts]), self.device)
        first = {key: _first(value) for key, value in features.items()}
        special = torch.tensor([texts[0].side.special])
        reference = self._record(reference_features(first, special, self.tokenizer.pad_token_id))
        text = self._record(features)
        if any(isinstance(module, Shift) for module in self.model):
            text, reference = (
                recording.with_features({REFERENCE_EMBEDDINGS: reference.output})
                for recording in (text, reference)
            )
        return Reading(tuple(text.side for text in texts), text, reference)

    def _record(self, features: dict[str, Any]) -> Recording:
        return record(self.model[0], _modules_behind(self.model), features)


def _check_tokenizer(tokenizer: Any, name: str) -> None:
    if not isinstance(tokenizer, PreTrainedTokenizerBase) or not tokenizer.is_fast:
        raise ModelError(
            f"{name} has no fast tokenizer, so its tokens can't be traced back to the text; "
            "choose a model with a tokenizer.json."
        )
    if tokenizer.pad_token_id is None:
        raise ModelError(f"{name}'s tokenizer has no pad token, which references are made of.")


def _check_attention(model: SentenceTransformer, name: str) -> None:
    if getattr(model[0].model.config, "attention_type", None) == "block_sparse":
        raise ModelError(
            f"{name} attends block by block to long texts, and a short one would change it for "
            'good; set attention_type to "original_full" in its config.json.'
        )


def _similarity(model: SentenceTransformer) -> str:
    """What the score is: cosine also where the embeddings are unit vectors by construction."""
    name = model.similarity_fn_name
    if name not in ("cosine", "dot"):
        raise ModelError(
            f"This model compares embeddings by {name} distance; only cosine similarity and dot "
            "product can be attributed."
        )
    if name == "dot" and isinstance(model[-1], Normalize):
        if model.truncate_dim is not None:
            raise ModelError(
                "This model cuts normalised embeddings and compares them by dot product; that "
                "can't be attributed. Set its similarity to cosine."
            )
        return "cosine"
    return name


def _modules_behind(model: SentenceTransformer) -> tuple[nn.Module, ...]:
    """What follows the transformer, without a last Normalize, which the cosine brings back in."""
    modules = list(model)[1:]
    if modules and isinstance(modules[-1], Normalize):
        modules.pop()
    if model.truncate_dim is not None:
        modules.append(_Truncate(model.truncate_dim))
    return tuple(modules)


class _Truncate(nn.Module):
    """Keeps the first dimensions of an embedding, as ``encode`` does where a model asks for it."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    def forward(self, features: dict[str, Any]) -> dict[str, Any]:
        return features | {"sentence_embedding": features["sentence_embedding"][..., : self.size]}


def _is_shifted(reading: Reading) -> bool:
    """Measured, not declared: the reference's embedding is zero."""
    last = len(reading.text.blocks) - 1
    with torch.no_grad():
        sizes = [
            torch.linalg.vector_norm(part.tail(last)(part.hidden(last)[None]))
            for part in (reading.reference, reading.text)
        ]
    return bool(sizes[0] <= 1e-6 * sizes[1])


def _joined(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """The features of texts of one length as those of a batch."""
    return {
        key: torch.cat([part[key] for part in parts]) if _per_text(value) else value
        for key, value in parts[0].items()
    }


def _first(value: Any) -> Any:
    return value[:1] if _per_text(value) else value


def _per_text(value: Any) -> bool:
    return isinstance(value, Tensor) and value.ndim > 0


def _on(features: dict[str, Any], device: torch.device) -> dict[str, Any]:
    return {
        key: value.to(device) if isinstance(value, Tensor) else value
        for key, value in features.items()
    }
