"""What a model must be to be explained, and the one check that it is the model that is replayed."""

from typing import Any

import torch
from sentence_transformers.base.model import BaseModel
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from torch import Tensor, nn
from transformers import PreTrainedTokenizerBase

from xsb_core.encoders.pipeline import DENSE, LATE, SPARSE, Pipeline
from xsb_core.encoders.reading import Reading
from xsb_core.encoders.replay import NOT_REPLAYED
from xsb_core.errors import ModelError, first_sentence

PROBE = "A man plays the guitar, and 2 dogs run."
# Relative difference of two embeddings: those of MiniLM, its variants and mpnet, and of all small
# random models of the tests, stay below 3e-8 in float32.
TOLERANCE = 1e-5


def check_pipeline(pipeline: Pipeline, name: str) -> None:
    """Refuses what can't be read or replayed, told by what a model is made of.

    Raises:
        ModelError: For a tokenizer without offsets or padding, or attention in blocks.
    """
    if isinstance(pipeline.first, StaticEmbedding):
        return
    tokenizer = pipeline.first.tokenizer
    if not isinstance(tokenizer, PreTrainedTokenizerBase) or not tokenizer.is_fast:
        raise ModelError(
            f"{name} has no fast tokenizer, so its tokens can't be traced back to the text; "
            "choose a model with a tokenizer.json."
        )
    if tokenizer.pad_token_id is None:
        raise ModelError(f"{name}'s tokenizer has no pad token, which references are made of.")
    if getattr(pipeline.config, "attention_type", None) == "block_sparse":
        raise ModelError(
            f"{name} attends block by block to long texts, and a short one would change it for "
            'good; set attention_type to "original_full" in its config.json.'
        )


def check_comparable(
    pipelines: dict[str | None, Pipeline], readings: list[Reading], name: str
) -> None:
    """Refuses tasks whose embeddings can't be compared.

    Raises:
        ModelError: If they are of several sizes.
    """
    if {pipeline.kind for pipeline in pipelines.values()} != {DENSE}:
        return
    embeddings = [reading.text.embedding_of(reading.text) for reading in readings]
    if any(one.ndim != 1 for one in embeddings):
        raise ModelError(f"{name} gives a text more than one vector, unpooled; add a pooling.")
    sizes = [len(one) for one in embeddings]
    if len(set(sizes)) > 1:
        by_task = zip(pipelines, sizes, strict=True)
        listed = ", ".join(f"{task or 'without a task'} {size}" for task, size in by_task)
        raise ModelError(
            f"{name} gives the texts of its tasks embeddings of several sizes ({listed}), which "
            "can't be compared; choose another model."
        )


def check_replay(
    model: BaseModel, pipeline: Pipeline, name: str, prompt: str, reading: Reading
) -> None:
    """Refuses a model whose replayed embedding of the probe text is not ``encode``'s.

    Args:
        model: The model.
        pipeline: What is replayed of it for a task.
        name: What it is called, for errors.
        prompt: What stood before the probe text.
        reading: The probe text as the pipeline reads it.

    Raises:
        ModelError: Naming the module or setting that is not replayed.
    """
    try:
        own = _own_embedding(model, pipeline, prompt)
    except NOT_REPLAYED as error:
        raise refusal_of(error, name) from error
    if not own.isfinite().all():
        return  # nothing to compare with: the text's own error will say so
    direction = pipeline.normalises or model.similarity_fn_name == "cosine"
    try:
        found = _replayed_embedding(pipeline, reading)
        alike = difference(found, own, direction=direction) <= _tolerance(own)
    except NOT_REPLAYED:
        alike = False
    if not alike:
        task = f" of the task {pipeline.task!r}" if pipeline.task else ""
        raise ModelError(
            f"{name} gives texts{task} another embedding than its replayed blocks do: "
            f"{_unreplayed(pipeline, reading)} can't be replayed; choose a model without it."
        )


def _own_embedding(model: Any, pipeline: Pipeline, prompt: str) -> Tensor:
    """What ``encode`` gives the probe text: one vector, or in late interaction one a token."""
    form: dict[str, Any] = {"convert_to_tensor": True} if pipeline.kind != LATE else {}
    if pipeline.kind == SPARSE:
        form["convert_to_sparse_tensor"] = False
    form |= pipeline.told
    return model.encode(PROBE, prompt=prompt, show_progress_bar=False, **form).clone()


def _replayed_embedding(pipeline: Pipeline, reading: Reading) -> Tensor:
    if pipeline.kind == LATE:
        return reading.text.output[0][torch.tensor(reading.side.scored)]
    # by the reference's tail: attributions replay that
    recording = reading.reference if pipeline.kind == DENSE else reading.text
    return recording.embedding_of(reading.text)


def difference(found: Tensor, own: Tensor, *, direction: bool) -> float:
    """How far two embeddings are apart, relative to the second; or just their directions."""
    if found.shape != own.shape:
        return float("inf")
    if not own.any():  # no direction, and nothing to be relative to
        return float(found.abs().max())
    found, own = found.double(), own.double()
    if direction:
        found, own = (part / torch.linalg.vector_norm(part) for part in (found, own))
    return float(torch.linalg.vector_norm(found - own) / torch.linalg.vector_norm(own))


def _tolerance(own: Tensor) -> float:
    return max(TOLERANCE, 8 * torch.finfo(own.dtype).eps)


def _unreplayed(pipeline: Pipeline, reading: Reading) -> str:
    """The first module whose output is another once it gets what a replay has for it."""
    if pipeline.kind != DENSE:
        return "a module"
    try:
        own = _outputs(pipeline.first, dict(reading.text.features))
    except NOT_REPLAYED:  # a table of rows is replayed without its features
        return "a module"
    ours = reading.reference.features | {"token_embeddings": reading.text.output}
    for place, module in enumerate(pipeline.behind, 1):
        try:
            own, ours = _outputs(module, own), _outputs(module, ours)
            same = all(_close(ours[key], own[key]) for key in _EMBEDDINGS if key in own)
        except NOT_REPLAYED:
            same = False
        if not same:
            return f"its module {type(module).__name__} (number {place})"
    return "a setting of its own, beside its modules,"


_EMBEDDINGS = ("token_embeddings", "sentence_embedding")


def _outputs(module: nn.Module, features: dict[str, Any]) -> dict[str, Any]:
    with torch.no_grad():
        return module(dict(features))


def _close(ours: Tensor, own: Tensor) -> bool:
    return difference(ours.flatten(), own.flatten(), direction=False) <= _tolerance(own)


def refusal_of(error: Exception, name: str) -> ModelError:
    """The sentence for a model on which a probe text fails."""
    return ModelError(
        f"{name} does not turn a text into an embedding ({first_sentence(error)}); choose a "
        "model made of a text transformer and pooling."
    )
