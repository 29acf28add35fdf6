"""A text as a model's tokenizer reads it, before the model sees it."""

import threading
from dataclasses import dataclass
from typing import Any

from sentence_transformers.base.model import BaseModel
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from sentence_transformers.sparse_encoder.modules import SparseStaticEmbedding
from tokenizers import Encoding, Tokenizer

from xsb_core.encoders.pipeline import Pipeline
from xsb_core.encoders.side import Side
from xsb_core.encoders.tokens import token_labels
from xsb_core.errors import ModelError, TextError, first_sentence
from xsb_core.tables.rows import broken_character

# A tokenizer is set to a length before it cuts to it, and tasks may differ in theirs.
_cutting = threading.Lock()


@dataclass(frozen=True, eq=False)
class Tokenised:
    """A tokenised text.

    Attributes:
        side: Tokens, spans and where the text was cut.
        features: The model's input, a batch of one on the CPU.
    """

    side: Side
    features: dict[str, Any]

    @property
    def alike(self) -> tuple[str | None, str, tuple[bool, ...]]:
        """Task, prompt and special positions: who shares them shares a reference and a tail."""
        return self.side.task, self.side.prompt, self.side.special

    def __len__(self) -> int:
        return len(self.side.tokens)


def tokenised(model: BaseModel, pipeline: Pipeline, name: str, text: str, prompt: str) -> Tokenised:
    """Tokenises a text as ``encode`` does.

    Args:
        model: The sentence-transformer.
        pipeline: What the text will pass.
        name: What the model is called, for errors.
        text: The text; longer than the model's maximum, it is cut as ``encode`` cuts it.
        prompt: What stands before it.

    Returns:
        The tokenised text.

    Raises:
        TextError: If nothing is left to attribute, or the model has no position for its last token.
        ModelError: If the model's input isn't its tokenizer's.
    """
    _check_text(text)
    tokenizer, whole = pipeline.first.tokenizer, prompt + text
    with _cutting:
        try:
            features = dict(model.preprocess([text], prompt=prompt or None, **pipeline.told))
            coded = _encoded(pipeline, whole)
        except Exception as error:  # tokenizers raise nothing more special
            raise TextError(
                f"{name}'s tokenizer can't read this text ({first_sentence(error)}); leave out "
                "what its vocabulary lacks."
            ) from error
    ids = features["input_ids"].flatten().tolist()
    expansion = [False] * len(coded.ids)
    if "query_expansion_positions" in features:  # what late interaction puts behind a query
        expansion = features["query_expansion_positions"].flatten().tolist()
    if expansion != sorted(expansion) or ids[: len(ids) - sum(expansion)] != coded.ids:
        raise ModelError(
            f"{name} changes its input before or while tokenising it (by a chat template or "
            "processing_kwargs, say); such models can't be explained yet."
        )
    special = [bool(mask) for mask in coded.special_tokens_mask] + [True] * sum(expansion)
    if all(special):
        raise TextError(
            f"{name}'s tokenizer finds nothing to read in this text; type at least one word."
        )
    if pipeline.positions is not None and len(ids) > pipeline.positions:
        raise TextError(
            f"{name} has positions for {pipeline.positions} tokens, fewer than the "
            f"{pipeline.first.max_seq_length} that its max_seq_length lets through; this text has "
            f"{len(ids)}: shorten it."
        )
    spans = [
        (0, 0) if extra else (span[0], span[1])
        for span, extra in zip(coded.offsets + [(0, 0)] * sum(expansion), special, strict=True)
    ]
    read = len(text)
    if coded.overflowing and _cuts_the_start(tokenizer):
        raise TextError(
            f"{name} reads {len(ids)} tokens and would leave out the start of this text; shorten "
            "it to what it is to read."
        )
    if coded.overflowing:
        read = max(0, max(end for _, end in spans) - len(prompt))
    if read == 0:
        raise TextError(
            f"The instruction before this text takes all of the {len(ids)} tokens that {name} "
            "reads, and nothing of the text is left; shorten the instruction."
        )
    unknown = _unknown_id(tokenizer)
    vocabulary = getattr(tokenizer, "backend_tokenizer", tokenizer)
    pieces = [vocabulary.id_to_token(number) for number in ids]
    unread = [number == unknown and not extra for number, extra in zip(ids, special, strict=True)]
    side = Side(
        text=text,
        prompt=prompt,
        read=read,
        tokens=token_labels(whole, spans, pieces, special, unread),
        pieces=tuple(pieces),
        spans=tuple(spans),
        special=tuple(special),
        task=pipeline.task,
        unknown=tuple(unread),
    )
    return Tokenised(side, features)


def _encoded(pipeline: Pipeline, text: str) -> Encoding:
    """A text as the pipeline's first module tokenises it."""
    tokenizer = pipeline.first.tokenizer
    if isinstance(pipeline.first, StaticEmbedding):
        return tokenizer.encode(text, add_special_tokens=False)
    # padded and cut as ``encode`` asks for it: the tokenizer keeps its settings, and threads that
    # encode at the same time share it
    return tokenizer(
        [text],
        padding=True,
        truncation="longest_first",
        max_length=pipeline.max_length,
        add_special_tokens=not isinstance(pipeline.first, SparseStaticEmbedding),
    ).encodings[0]


def _cuts_the_start(tokenizer: Any) -> bool:
    if isinstance(tokenizer, Tokenizer):
        return (tokenizer.truncation or {}).get("direction") == "left"
    return tokenizer.truncation_side == "left"


def _unknown_id(tokenizer: Any) -> int | None:
    """The token that stands for what the vocabulary lacks."""
    if not isinstance(tokenizer, Tokenizer):
        return tokenizer.unk_token_id
    token = getattr(tokenizer.model, "unk_token", None)
    own = getattr(tokenizer.model, "unk_id", None)
    return own if token is None else tokenizer.token_to_id(token)


def _check_text(text: str) -> None:
    if not isinstance(text, str):
        raise TextError(f"A text must be a string, not {type(text).__name__}.")
    if not text.strip():
        raise TextError("The text is empty; type at least one word.")
    if broken := broken_character(text):
        raise TextError(f"The text {broken}.")
