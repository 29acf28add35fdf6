"""Texts and their reference as an encoder sees them: recorded, ready to be replayed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from torch import Tensor

from xsb_core.encoders.closed import record_rows, record_terms, record_vectors
from xsb_core.encoders.pipeline import LATE, SPARSE, Pipeline
from xsb_core.encoders.references import PADDING, other_reference, reference_features
from xsb_core.encoders.replay import Recording, record
from xsb_core.encoders.shift import REFERENCE_EMBEDDINGS, Shift
from xsb_core.encoders.side import Side
from xsb_core.encoders.tokenising import Tokenised
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


def record_texts(
    pipeline: Pipeline,
    texts: Sequence[Tokenised],
    device: torch.device,
    reference_kind: str = PADDING,
) -> Reading:
    """Records tokenised texts that are alike, as one batch, and the reference they share.

    Raises:
        ModelError: For a reference that the model does not have.
    """
    shifts = any(isinstance(module, Shift) for module in pipeline.modules)
    if reference_kind != PADDING and (
        shifts or pipeline.kind in (SPARSE, LATE) or isinstance(pipeline.first, StaticEmbedding)
    ):
        raise ModelError(
            f"The reference {reference_kind!r} is for models with a transformer and without a "
            "shift; others have one reference, by construction or training."
        )
    features = _on(_joined([text.features for text in texts]), device)
    first = {key: _first(value) for key, value in features.items()}
    sides = tuple(text.side for text in texts)
    if pipeline.kind == SPARSE:
        return Reading(sides, *record_terms(pipeline, features))
    if pipeline.kind == LATE:
        *recordings, scored = record_vectors(pipeline, features)
        masks = zip(sides, scored.tolist(), strict=True)
        return Reading(tuple(replace(own, scored=tuple(mask)) for own, mask in masks), *recordings)
    if isinstance(pipeline.first, StaticEmbedding):
        ids = features["input_ids"].reshape(len(texts), -1)
        return Reading(sides, *record_rows(pipeline.first, pipeline.behind, ids))
    special = torch.tensor([texts[0].side.special])
    reference, text = (
        record(pipeline.first, pipeline.behind, part)
        for part in (reference_features(first, special, padding(pipeline)), features)
    )
    if reference_kind != PADDING:
        other = other_reference(reference_kind, first, special, pipeline.first)
        # the path's blocks attend to all positions, whatever made the states at its beginning
        reference = reference.with_states(record(pipeline.first, pipeline.behind, other))
    if shifts:
        text, reference = (
            recording.with_features({REFERENCE_EMBEDDINGS: reference.output})
            for recording in (text, reference)
        )
    return Reading(sides, text, reference)


def padding(pipeline: Pipeline) -> Any:
    """The padding token that references are made of; a table of rows has none."""
    return getattr(pipeline.first.tokenizer, "pad_token_id", None)


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
