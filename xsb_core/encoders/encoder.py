"""A loaded sentence-transformer, seen as tokeniser, blocks and tail.

This module and ``loading`` are the only users of sentence-transformers' internals.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from sentence_transformers.base.model import BaseModel
from transformers import PreTrainedTokenizerBase

from xsb_core.encoders.checks import (
    PROBE,
    check_comparable,
    check_pipeline,
    check_replay,
    refusal_of,
)
from xsb_core.encoders.instruction import Instruction, instruction
from xsb_core.encoders.pipeline import DENSE, Pipeline, pipelines_of
from xsb_core.encoders.reading import Reading, padding, record_texts
from xsb_core.encoders.references import PADDING
from xsb_core.encoders.tokenising import Tokenised, tokenised
from xsb_core.errors import ModelError, TextError, first_sentence


@dataclass(frozen=True, eq=False)
class Encoder:
    """An encoder e that attributions can be computed for; threads can share it.

    It takes its model over: it is put into evaluation mode, and its weights need no gradients any
    more. Nothing else of it is changed, then or later.

    Attributes:
        model: The sentence-transformer: a SentenceTransformer, SparseEncoder or MultiVectorEncoder.
        name: What it was loaded as.
        revision: Its commit on the hub, where it came from there.
        trained: Whether it was fine-tuned by ``train``.
        stored: The precision that its weights are kept in, such as "bfloat16"; None: unknown.
        notes: What to know of the model before its scores, a sentence each.
        reference: What attributions measure from: "padding", the paper's; or "mask", "mean" or
            "empty" (docs/method.md, section 13), by ``dataclasses.replace``.
        pipelines: What a text passes, by task; None stands for no task.
        similarity: "cosine" or "dot": what the model's configuration compares embeddings with; of
            late interaction "maxsim" or "meanmaxsim".
        blocks: Number of transformer blocks, where tasks differ the least; 1 where the score is a
            sum over tokens as it is, so that no blocks are replayed.
        shifted: Whether it maps references to the zero vector (docs/method.md, section 6).
        vanishing: Whether it does so for one of its tasks at least.

    Raises:
        ModelError: If the model can't be explained, or its replayed blocks don't give the
            embedding that ``encode`` gives, for each of its tasks.

    Examples:
        >>> encoder.blocks, encoder.default_layer, encoder.similarity
        (6, 4, 'cosine')
    """

    model: BaseModel
    name: str
    revision: str | None = None
    trained: bool = False
    stored: str | None = None
    notes: tuple[str, ...] = ()
    reference: str = PADDING
    pipelines: dict[str | None, Pipeline] = field(init=False)
    similarity: str = field(init=False)
    blocks: int = field(init=False)
    shifted: bool = field(init=False, default=False)
    vanishing: bool = field(init=False)

    def __post_init__(self) -> None:
        self.model.eval().requires_grad_(requires_grad=False)
        pipelines = pipelines_of(self.model, self.name)
        object.__setattr__(self, "pipelines", pipelines)
        object.__setattr__(self, "similarity", _similarity(self.model, pipelines))
        for pipeline in pipelines.values():
            check_pipeline(pipeline, self.name)
        readings = [self._probe(task) for task in pipelines]
        check_comparable(pipelines, readings, self.name)
        object.__setattr__(self, "blocks", min(len(part.text.blocks) for part in readings))
        shifted = [_is_shifted(reading) for reading in readings]
        object.__setattr__(self, "shifted", all(shifted))
        object.__setattr__(self, "vanishing", any(shifted))

    def _probe(self, task: str | None) -> Reading:
        """Reads a text as ``encode`` does, and makes sure that it is."""
        how = self.instruction(task=task)
        try:
            reading = self.record([self.tokenise(PROBE, how)])
        except ModelError:
            raise
        except Exception as error:
            raise refusal_of(error, self.name) from error
        if reading.text.output.ndim != 3:
            raise ModelError(
                f"{self.name} has no hidden states for each token behind its transformer, so there "
                "is nothing to explain by tokens; choose another model."
            )
        check_replay(self.model, self.pipelines[task], self.name, how.prompt, reading)
        if not reading.text.serves_several():
            raise ModelError(
                f"{self.name} has blocks that can't be called again on several texts at once; "
                "choose a model of another architecture."
            )
        return reading

    @property
    def kind(self) -> str:
        """What the model gives a text: "dense", "sparse" or "late interaction"."""
        return next(iter(self.pipelines.values())).kind

    @property
    def tasks(self) -> tuple[str, ...]:
        """The tasks that its Routers know; empty where all texts pass the same modules."""
        return tuple(task for task in self.pipelines if task is not None)

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
    def width(self) -> int:
        """Size of its widest hidden states."""
        return max(getattr(part, "hidden_size", 1) for part in self._configs)

    @property
    def heads(self) -> int:
        """Number of attention heads; 12 where a configuration has another name for it."""
        return max(getattr(part, "num_attention_heads", 12) for part in self._configs)

    @property
    def _configs(self) -> list[Any]:
        return [pipeline.config for pipeline in self.pipelines.values()]

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
            "truncate_dim": getattr(self.model, "truncate_dim", None),
        }
        if self.reference != PADDING:
            values["reference"] = self.reference
        if self.kind != DENSE:
            values |= {
                "kind": self.kind,
                "max_active_dims": getattr(self.model, "max_active_dims", None),
            }
        for task, pipeline in self.pipelines.items():
            way = f"{task}: " if len(self.pipelines) > 1 else ""
            values |= {way + key: value for key, value in pipeline.settings.items()}
        return {name: json.dumps(value, default=str) for name, value in values.items()}

    def instruction(self, prompt: str | None = None, task: str | None = None) -> Instruction:
        """What is put before a text, and the task that it is encoded for.

        Args:
            prompt: One of ``prompts`` by its name, which is a single word, or any other text to put
                before; None takes what ``encode`` (for a task, ``encode_query`` or
                ``encode_document``) would.
            task: One of ``tasks``, or None.

        Raises:
            ModelError: If the model has no such prompt or task.
        """
        prompts = {key: text or "" for key, text in self.model.prompts.items()}
        default = self.model.default_prompt_name
        return instruction(prompts, default, self.name, tuple(self.pipelines), prompt, task)

    def instructions(
        self,
        prompts: tuple[str | None, str | None] = (None, None),
        tasks: tuple[str | None, str | None] = (None, None),
    ) -> tuple[Instruction, Instruction]:
        """Those of a pair's texts; without a task, text A is a query and text B a document.

        That is for models that know these tasks; the arguments are those of ``instruction``.
        """
        usual = ("query", "document")
        known = [task for task in usual if task in self.pipelines]
        if len(known) == 1 and tasks[usual.index(known[0]) - 1] is None:
            raise ModelError(
                f"{self.name} reads texts as {known[0]} alone of query and document; name the "
                f"other text's task too (its tasks: {', '.join(map(repr, self.tasks))})."
            )
        first, second = (
            self.instruction(prompt, task or (default if default in self.pipelines else None))
            for prompt, task, default in zip(prompts, tasks, usual, strict=True)
        )
        return first, second

    def read(self, text: str, how: Instruction | str | None = None) -> Reading:
        """Tokenises a text as ``encode`` does, and records it and its reference.

        Args:
            text: The text.
            how: From ``instruction``, or the prompt to give it.

        Returns:
            The reading; texts longer than the model's maximum are cut as ``encode`` cuts them.

        Raises:
            TextError: If nothing is left to attribute.
            ModelError: If the model's input isn't its tokenizer's.
        """
        return self.record([self.tokenise(text, how)])

    def tokenise(self, text: str, how: Instruction | str | None = None) -> Tokenised:
        """The first half of ``read``, which the model takes no part in."""
        if not isinstance(how, Instruction):
            how = self.instruction(how)
        pipeline = self.pipelines[how.task]
        found = tokenised(self.model, pipeline, self.name, text, how.prompt)
        ids = found.features["input_ids"].flatten()[~torch.tensor(found.side.special)]
        if self.kind == DENSE and self.shifted and set(ids.tolist()) == {padding(pipeline)}:
            raise TextError(
                f"The text is padding alone, which {self.name} maps to zero, so that it is similar "
                "to nothing; type at least one word."
            )
        return found

    def record(self, texts: Sequence[Tokenised]) -> Reading:
        """Records tokenised texts that are alike, as one batch, and the reference they share.

        Raises:
            ModelError: If the model can't run them.
        """
        try:
            pipeline = self.pipelines[texts[0].side.task]
            return record_texts(pipeline, texts, self.device, self.reference)
        except ModelError:
            raise
        except (IndexError, KeyError, TypeError, ValueError) as error:
            raise ModelError(
                f"{self.name} can't run a text of {len(texts[0])} tokens ({first_sentence(error)})."
            ) from error


def _similarity(model: Any, pipelines: dict[str | None, Pipeline]) -> str:
    """What the score is: cosine also where the embeddings are unit vectors by construction."""
    name = model.similarity_fn_name
    if name in ("maxsim", "meanmaxsim"):
        return name
    if name not in ("cosine", "dot"):
        raise ModelError(
            f"This model compares embeddings by {name} distance; only cosine similarity and dot "
            "product can be attributed."
        )
    units = {pipeline.normalises for pipeline in pipelines.values()}
    if name == "dot" and units != {False}:
        if units != {True} or getattr(model, "truncate_dim", None) is not None:
            raise ModelError(
                "This model normalises embeddings of one task only, or cuts them afterwards, and "
                "compares them by dot product; that can't be attributed. Set its similarity to "
                "cosine."
            )
        return "cosine"
    return name


def _is_shifted(reading: Reading) -> bool:
    """Measured, not declared: the reference's embedding is zero."""
    last = len(reading.text.blocks) - 1
    with torch.no_grad():
        sizes = [
            torch.linalg.vector_norm(part.tail(last)(part.hidden(last)[None]))
            for part in (reading.reference, reading.text)
        ]
    return bool(sizes[0] <= 1e-6 * sizes[1])
