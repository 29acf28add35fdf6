"""A text as a model read it: tokens, their characters, where it was cut."""

from dataclasses import dataclass

from xsb_core.tables.strict_json import Count


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
    read: Count
    tokens: tuple[str, ...]
    pieces: tuple[str, ...]
    spans: tuple[tuple[Count, Count], ...]
    special: tuple[bool, ...]

    def __post_init__(self) -> None:
        count, whole = len(self.tokens), len(self.prompt) + len(self.text)
        for name in ("pieces", "spans", "special"):
            if len(getattr(self, name)) != count:
                raise ValueError(
                    f"{name}: expected {count}, one for each token, got {len(getattr(self, name))}"
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
