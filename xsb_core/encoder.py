"""A loaded sentence-transformer, seen as tokeniser, blocks and tail.

This module and ``loading`` are the only users of sentence-transformers' internals.
"""

from dataclasses import dataclass, field
from typing import Any

import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize
from torch import Tensor, nn
from transformers import PreTrainedTokenizerBase

from xsb_core.errors import ModelError, TextError
from xsb_core.references import reference_features
from xsb_core.replay import Recording, record
from xsb_core.result import Side
from xsb_core.shift import REFERENCE_EMBEDDINGS, Shift
from xsb_core.tokens import token_labels


@dataclass(frozen=True)
class Reading:
    """A text and its reference as the encoder sees them.

    Attributes:
        side: Tokens, spans and where the text was cut.
        text: The blocks recorded on the text.
        reference: The blocks recorded on its reference.
    """

    side: Side
    text: Recording
    reference: Recording


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
        shifted: Whether it maps references to the zero vector (METHOD section 6).
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
        reading = self.read("reference")
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
        _check_text(text)
        prompt = self._prompt(prompt_name)
        features = dict(self.model.preprocess([text], prompt=prompt or None))
        coded = self.tokenizer(
            prompt + text,
            truncation="longest_first",
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
        )
        if features["input_ids"][0].tolist() != coded["input_ids"]:
            raise ModelError(
                f"{self.name} rewrites its input before tokenising it (a chat template, say); "
                "such models can't be explained yet."
            )
        special = [bool(mask) for mask in coded["special_tokens_mask"]]
        if all(special):
            raise TextError(
                f"{self.name}'s tokenizer finds nothing to read in this text; type at least one "
                "word."
            )
        side = self._side(text, prompt, coded, special)
        features = _on(features, self.device)
        reference = self._record(
            reference_features(features, torch.tensor([special]), self.tokenizer.pad_token_id)
        )
        text = self._record(features)
        if any(isinstance(module, Shift) for module in self.model):
            text, reference = (
                recording.with_features({REFERENCE_EMBEDDINGS: reference.output})
                for recording in (text, reference)
            )
        return Reading(side, text, reference)

    def _record(self, features: dict[str, Any]) -> Recording:
        return record(self.model[0], _modules_behind(self.model), features)

    def _prompt(self, name: str | None) -> str:
        name = name or self.model.default_prompt_name
        if name is None:
            return ""
        if name not in self.model.prompts:
            known = ", ".join(map(repr, self.prompts)) or "none"
            raise ModelError(f"{self.name} has no prompt {name!r}; its prompts are: {known}.")
        return self.model.prompts[name]

    def _side(self, text: str, prompt: str, coded: Any, special: list[bool]) -> Side:
        pieces = self.tokenizer.convert_ids_to_tokens(coded["input_ids"])
        spans = [
            (0, 0) if extra else tuple(span)
            for span, extra in zip(coded["offset_mapping"], special, strict=True)
        ]
        read = len(text)
        if coded.encodings[0].overflowing:
            read = max(0, max(end for _, end in spans) - len(prompt))
        return Side(
            text=text,
            prompt=prompt,
            read=read,
            tokens=token_labels(prompt + text, spans, pieces, special),
            pieces=tuple(pieces),
            spans=tuple(spans),
            special=tuple(special),
        )


def _check_text(text: str) -> None:
    if not isinstance(text, str):
        raise TextError(f"A text must be a string, not {type(text).__name__}.")
    if not text.strip():
        raise TextError("The text is empty; type at least one word.")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise TextError(
            f"The text has a broken character (half of a surrogate pair) at position "
            f"{error.start}; remove it."
        ) from error


def _check_tokenizer(tokenizer: Any, name: str) -> None:
    if not isinstance(tokenizer, PreTrainedTokenizerBase) or not tokenizer.is_fast:
        raise ModelError(
            f"{name} has no fast tokenizer, so its tokens can't be traced back to the text; "
            "choose a model with a tokenizer.json."
        )
    if tokenizer.pad_token_id is None:
        raise ModelError(f"{name}'s tokenizer has no pad token, which references are made of.")


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


def _on(features: dict[str, Any], device: torch.device) -> dict[str, Any]:
    return {
        key: value.to(device) if isinstance(value, Tensor) else value
        for key, value in features.items()
    }
