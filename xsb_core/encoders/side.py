"""A text as a model read it: tokens, their characters, where it was cut."""

from dataclasses import dataclass


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
    """

    text: str
    prompt: str
    read: int
    tokens: tuple[str, ...]
    pieces: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    special: tuple[bool, ...]

    @property
    def cut(self) -> bool:
        """Whether the model did not read the whole text."""
        return self.read < len(self.text)
