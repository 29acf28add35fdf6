"""Embeddings of queries and documents, and whether stored ones are the model's."""

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from xsb_core.encoders.checks import difference
from xsb_core.encoders.encoder import Encoder
from xsb_core.encoders.instruction import Instruction
from xsb_core.encoders.pipeline import DENSE
from xsb_core.errors import ModelError
from xsb_core.search.documents import Document

STORED_TOLERANCE = 1e-3


def embed(encoder: Encoder, texts: Sequence[str], how: Instruction) -> Float[Tensor, "N D"]:
    """Embeddings as ``encode`` gives them, unit vectors where scores are cosines."""
    model: Any = encoder.model
    pipeline = encoder.pipelines[how.task]
    if pipeline.kind != DENSE:
        raise ModelError(
            f"{encoder.name} gives no single dense vector a text; choose a dense model to rank."
        )
    found = model.encode(
        list(texts),
        prompt=how.prompt,
        convert_to_tensor=True,
        show_progress_bar=False,
        **pipeline.told,
    )
    return _comparable(encoder, found.detach().cpu().float())


def _comparable(encoder: Encoder, found: Float[Tensor, "N D"]) -> Float[Tensor, "N D"]:
    return F.normalize(found, dim=1) if encoder.similarity == "cosine" else found


def embed_documents(
    encoder: Encoder, documents: list[Document], how: Instruction, *, check: bool
) -> Float[Tensor, "N D"]:
    """Embeddings of documents: those that are stored with them, else the model's."""
    stored = [one for one in documents if one.embedding is not None]
    if stored and check:
        check_stored(encoder, stored[:1], how)
    missing = [one.text for one in documents if one.embedding is None]
    if not stored:
        return embed(encoder, missing, how)
    own = iter(embed(encoder, missing, how)) if missing else iter(())
    model: Any = encoder.model
    width = model.get_embedding_dimension()
    rows = []
    for one in documents:
        if one.embedding is None:
            rows.append(next(own))
            continue
        if one.embedding.shape != (width,):
            raise _other_model(encoder, one.id, f"has {one.embedding.size} numbers, not {width}")
        rows.append(_comparable(encoder, torch.from_numpy(one.embedding).float()[None])[0])
    return torch.stack(rows)


def check_stored(encoder: Encoder, documents: list[Document], how: Instruction) -> None:
    """Refuses stored embeddings that are not the model's."""
    own = embed(encoder, [one.text for one in documents], how)
    for one, expected in zip(documents, own, strict=True):
        stored = torch.from_numpy(one.embedding).float()
        apart = difference(stored, expected, direction=encoder.similarity == "cosine")
        if not apart <= STORED_TOLERANCE:
            raise _other_model(encoder, one.id, f"differs by {apart:.1e}")


def _other_model(encoder: Encoder, name: str, how: str) -> ModelError:
    return ModelError(
        f"The stored embedding of document {name!r} is not {encoder.name}'s: it {how}, where "
        f"{STORED_TOLERANCE:.0e} is allowed; choose the model that made the embeddings (with its "
        "prompt), or leave them out."
    )
