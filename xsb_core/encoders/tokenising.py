"""A text as a model's tokenizer reads it, before the model sees it."""

from dataclasses import dataclass
from typing import Any

from sentence_transformers import SentenceTransformer

from xsb_core.encoders.side import Side
from xsb_core.encoders.tokens import token_labels
from xsb_core.errors import ModelError, TextError


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
    def alike(self) -> tuple[str, tuple[bool, ...]]:
        """Prompt and special positions: texts that share them share a reference and a tail."""
        return self.side.prompt, self.side.special

    def __len__(self) -> int:
        return len(self.side.tokens)


def tokenised(model: SentenceTransformer, name: str, text: str, prompt: str) -> Tokenised:
    """Tokenises a text as ``encode`` does.

    Args:
        model: The sentence-transformer.
        name: What it is called, for errors.
        text: The text; longer than the model's maximum, it is cut as ``encode`` cuts it.
        prompt: What the model puts before it.

    Returns:
        The tokenised text.

    Raises:
        TextError: If nothing is left to attribute.
        ModelError: If the model's input isn't its tokenizer's.
    """
    _check_text(text)
    features = dict(model.preprocess([text], prompt=prompt or None))
    # padded and cut as ``encode`` asks for it: the tokenizer keeps its settings, and threads that
    # encode at the same time share it
    coded = model.tokenizer(
        [prompt + text],
        padding=True,
        truncation="longest_first",
        return_offsets_mapping=True,
        return_special_tokens_mask=True,
    )
    (ids,) = coded["input_ids"]
    if features["input_ids"][0].tolist() != ids:
        raise ModelError(
            f"{name} rewrites its input before tokenising it (a chat template, say); "
            "such models can't be explained yet."
        )
    special = [bool(mask) for mask in coded["special_tokens_mask"][0]]
    if all(special):
        raise TextError(
            f"{name}'s tokenizer finds nothing to read in this text; type at least one word."
        )
    pieces = model.tokenizer.convert_ids_to_tokens(ids)
    spans = [
        (0, 0) if extra else tuple(span)
        for span, extra in zip(coded["offset_mapping"][0], special, strict=True)
    ]
    read = len(text)
    if coded.encodings[0].overflowing:
        read = max(0, max(end for _, end in spans) - len(prompt))
    side = Side(
        text=text,
        prompt=prompt,
        read=read,
        tokens=token_labels(prompt + text, spans, pieces, special),
        pieces=tuple(pieces),
        spans=tuple(spans),
        special=tuple(special),
    )
    return Tokenised(side, features)


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
