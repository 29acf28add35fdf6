"""A parsed sentence laid onto the text that it is of: words with their characters."""

from collections.abc import Iterator
from dataclasses import dataclass

from xsb_core.encoders.spans import Range
from xsb_core.errors import ParseError
from xsb_core.syntax.sentence import Sentence, Token


@dataclass(frozen=True)
class Word:
    """A syntactic word of a text.

    Attributes:
        form: The word, as the parser gives it.
        head: The number of its head, from 1; 0 for the root.
        relation: Its relation to the head, with its subtype if it has one.
        span: Its characters in the text. Words of a multi-word token share it in the order of
            their letters (``ca`` and ``n't``), or, where these are not the token's (``au`` as à
            and le), have all of it together.
    """

    form: str
    head: int
    relation: str
    span: Range


@dataclass(frozen=True)
class Tree:
    """The one sentence of a text.

    Attributes:
        text: The text.
        words: Its words, in order: number 1 is the first.
    """

    text: str
    words: tuple[Word, ...]


def tree_of(sentence: Sentence, text: str) -> Tree:
    """Finds a sentence's words in a text, where spaces may be other ones.

    Args:
        sentence: A parsed sentence.
        text: The text that it is of.

    Returns:
        The words with their characters.

    Raises:
        ParseError: If the sentence's tokens are not the text's characters.
    """
    places = [at for at, char in enumerate(text) if not char.isspace()]
    forms = [squeezed(token.form) for token in sentence.tokens]
    if "".join(forms) != squeezed(text):
        raise ParseError(
            f"The parse of “{_start(text)}” is of other characters than the text; parse it again."
        )
    words, start = [], 0
    for token, form in zip(sentence.tokens, forms, strict=True):
        end = start + len(form)
        for node, (first, last) in zip(token.words, _parts(token, form), strict=True):
            span = (places[start + first], places[start + last - 1] + 1)
            words.append(Word(node.form, node.head, node.relation, span))
        start = end
    return Tree(text, tuple(words))


def squeezed(text: str) -> str:
    """A text without its spaces, by which texts and parses are matched."""
    return "".join(text.split())


def _parts(token: Token, form: str) -> Iterator[Range]:
    """Which of a token's characters are each word's."""
    letters = [squeezed(word.form) for word in token.words]
    whole = "".join(letters)
    # lower() alone can change how many letters there are
    alike = len(whole) == len(form) and whole.lower() == form.lower()
    if len(letters) == 1 or not alike:
        yield from [(0, len(form))] * len(letters)
        return
    start = 0
    for own in letters:
        yield start, start + len(own)
        start += len(own)


def _start(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
