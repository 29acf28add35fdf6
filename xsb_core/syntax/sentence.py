"""A sentence as a parser or a CoNLL-U file gives it, before it is laid onto a text."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Node:
    """A syntactic word.

    Attributes:
        form: The word.
        upos: Its universal part of speech.
        head: The number of its head, from 1; 0 for the root.
        relation: Its relation to the head, with its subtype if it has one.
    """

    form: str
    upos: str
    head: int
    relation: str


@dataclass(frozen=True)
class Token:
    """A stretch of the text: one word, or a multi-word token such as ``don't``.

    Attributes:
        form: How it is written.
        words: Its syntactic words.
    """

    form: str
    words: tuple[Node, ...]


@dataclass(frozen=True)
class Sentence:
    """A parsed sentence.

    Attributes:
        text: As it was written.
        tokens: Its tokens, in order.
    """

    text: str
    tokens: tuple[Token, ...]

    @property
    def words(self) -> tuple[Node, ...]:
        """Its words, in order: number 1 is the first."""
        return tuple(word for token in self.tokens for word in token.words)
