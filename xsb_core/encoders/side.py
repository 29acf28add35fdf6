"""A text as a model read it: tokens, their characters, where it was cut."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from xsb_core.tables.strict_json import Count, Size


@dataclass(frozen=True)
class Side:
    """One text of a pair, as the model read it.

    Attributes:
        text: The text as given.
        prompt: The prompt that the model's configuration puts before it ("" without one).
        read: How many characters of ``text`` the model read; fewer than ``len(text)`` where the
            text was cut at the model's maximum length.
        tokens: One label a row or column, as a person reads it: a token's own characters, or a
            word, or a special token's name.
        pieces: The same positions as the tokenizer's vocabulary spells them (a word: its pieces,
            joined by a space).
        spans: Character range of each position in ``prompt + text``; ``(0, 0)`` for special tokens.
        special: Whether a position is one of the tokens that the tokenizer adds.
        task: What the text was encoded for, such as "query", in models that tell tasks apart.
        unknown: Which positions hold characters that the vocabulary lacks, all read as one and the
            same token; empty where that was not noted.
        scored: Which positions a late-interaction model matches; empty for other models.
        shares: How much of its reference's part each position takes in net cells, 0 to 1; empty
            where all tokens take the same, as in results of earlier versions.
    """

    text: str
    prompt: str
    read: Count
    tokens: tuple[str, ...]
    pieces: tuple[str, ...]
    spans: tuple[tuple[Count, Count], ...]
    special: tuple[bool, ...]
    task: str | None = None
    unknown: tuple[bool, ...] = ()
    scored: tuple[bool, ...] = ()
    shares: tuple[Size, ...] = ()

    @property
    def parts(self) -> Float[np.ndarray, " S"]:
        """The shares, or an even one for each position."""
        count = len(self.tokens)
        return np.array(self.shares) if self.shares else np.full(count, 1 / count)

    @property
    def unread(self) -> float:
        """Share of the characters read, spaces left out, that the model read as unknown, 0 to 1."""
        whole, start = self.prompt + self.text, len(self.prompt)
        owned, unread = set(), set()
        for span, lost in zip(self.spans, self.unknown, strict=False):
            own = {i for i in range(max(span[0], start), span[1]) if not whole[i].isspace()}
            owned |= own
            unread |= own if lost else set()
        return len(unread) / len(owned) if owned else 0.0

    @property
    def prompted(self) -> tuple[bool, ...]:
        """Which positions belong to the prompt."""
        return tuple(0 < end <= len(self.prompt) for _, end in self.spans)

    def __post_init__(self) -> None:
        count, whole = len(self.tokens), len(self.prompt) + len(self.text)
        for name in ("pieces", "spans", "special"):
            if len(getattr(self, name)) != count:
                raise ValueError(
                    f"{name}: expected {count}, one for each token, got {len(getattr(self, name))}"
                )
        for name in ("scored", "shares"):
            if len(getattr(self, name)) not in (0, count):
                raise ValueError(
                    f"{name}: expected {count} or none, got {len(getattr(self, name))}"
                )
        if self.read > len(self.text):
            raise ValueError(f"read: expected at most {len(self.text)} characters, got {self.read}")
        for span in self.spans:
            if not span[0] <= span[1] <= whole:
                raise ValueError(f"spans: expected a range of {whole} characters, got {span}")

    @property
    def cut(self) -> bool:
        """Whether the model did not read the whole text."""
        return self.read < len(self.text)
