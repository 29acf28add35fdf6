"""Finds a sentence's negations, takes one away, and measures what it adds to a score."""

from dataclasses import dataclass
from math import nan

import regex

from xsb_core.attribution.numerals import signed
from xsb_core.attribution.result import Attribution
from xsb_core.encoders.spans import positions_at

# Apostrophes as typed: straight, typographic, and what stands in for them.
_APOSTROPHE = "['’‘ʼ´`＇]"
# Tokenised text has "do n't" for "don't". A hyphen makes "not" part of another word.
_NEGATION = regex.compile(
    rf"(?<!\w|\w-)(?:(?P<not>not)(?!-\w)|can(?P<cannot>not)"
    rf"|(?P<stem>\p{{L}}+?)\s?(?P<contracted>n{_APOSTROPHE}t))(?!\w)",
    regex.IGNORECASE,
)
_FULL = {"ca": "can", "wo": "will", "sha": "shall", "ai": "is"}
_OPENING = "\"'“‘„«([ \t\n"


@dataclass(frozen=True)
class Negation:
    """One negation of a sentence.

    Attributes:
        form: "not", "n't" or "cannot".
        start: Its first character; of "cannot", that of the "not" in it.
        end: The character behind its last.
        shown: The word that it is, or is in, as typed.
        without: The sentence without it.
        plain: Whether it is the word "not", in small letters, between spaces.
    """

    form: str
    start: int
    end: int
    shown: str
    without: str
    plain: bool


@dataclass(frozen=True)
class NegationEffect:
    """What a negation adds to the similarity of its sentence to the one without it.

    Attributes:
        rows: Positions of the negation's tokens in the first text.
        total: The sum of their rows over all columns, those of special tokens included.
        share: The total divided by the score; NaN where the score is 0.
        border: The sum of their border, what they add to the similarity to the other text's
            reference; 0 for shifted encoders. Total and border together are the negation's whole
            part of the score (docs/method.md, section 5).
    """

    rows: tuple[int, ...]
    total: float
    share: float
    border: float


def find_negations(text: str) -> tuple[Negation, ...]:
    """All negations of a sentence, in order: not, n't (with any apostrophe), cannot.

    "No", "never", prefixes such as "un-" and "not" as a part of a hyphenated word are none.

    Args:
        text: The sentence.

    Returns:
        One each, with the sentence without it: the word "not" and one space go, "n't" goes from its
        verb (can't, won't, shan't and ain't leave can, will, shall and is), "cannot" leaves "can".

    Examples:
        >>> [found.without for found in find_negations("This is not bad.")]
        ['This is bad.']
    """
    return tuple(_negation(text, match) for match in _NEGATION.finditer(text))


# Scores of a sentence and itself without its negation, from which a model minds it less.
HARDLY, SOMEWHAT = 0.8, 0.5


def negation_answer(result: Attribution, negation: Negation, effect: NegationEffect) -> str:
    """Says whether a model minds a negation.

    Args:
        result: A sentence's attribution with itself without the negation, in tokens.
        negation: The negation.
        effect: What it adds.

    Returns:
        One sentence; it holds words of the text.

    Examples:
        >>> (negation,) = find_negations("It is not cold.")
        >>> pair = attribute(encoder, "It is not cold.", negation.without, layer=5)
        >>> negation_answer(pair, negation, negation_effect(pair, negation)).split(":")[0]
        'Hardly'
    """
    how = "Hardly" if result.score >= HARDLY else "Somewhat"
    how = "Yes" if result.score < SOMEWHAT else how
    net = float(result.net_matrix[list(effect.rows)].sum())
    return (
        f"{how}: with ‹{negation.shown}› and without it the sentence is {result.score:.2f} similar "
        f"to itself, and what ‹{negation.shown}› adds comes to {signed(net, 2)}."
    )


def negation_effect(result: Attribution, negation: Negation) -> NegationEffect:
    """What a negation adds to a score: its rows' sum (the paper's section 5.2).

    Args:
        result: A token-level attribution whose first text has the negation.
        negation: One that ``find_negations`` found in this text.

    Returns:
        The effect.

    Raises:
        TextError: If the model cut the text before the negation.
        ValueError: If cells are words.

    Examples:
        >>> (found,) = find_negations("It's not bad.")
        >>> negation_effect(attribute(encoder, "It's not bad.", found.without), found).rows
        (4,)
    """
    if result.words is not None:
        raise ValueError("A negation's total is one of token cells; start from those, not words.")
    rows = positions_at(result.a, negation.start, negation.end, result.model)
    total = float(result.matrix[list(rows)].sum())
    border = float(result.border_a[list(rows)].sum())
    return NegationEffect(rows, total, total / result.score if result.score else nan, border)


def _negation(text: str, match: regex.Match) -> Negation:
    if match["not"]:
        start, end = match.span("not")
        before, after = text[start - 1 : start], text[end : end + 1]
        plain = match["not"] == "not" and before.isspace() and after.isspace()
        return Negation("not", start, end, match["not"], _without_word(text, start, end), plain)
    if match["cannot"]:
        start, end = match.span("cannot")
        without = text[:start] + text[end:]
        return Negation("cannot", start, end, match[0], without, plain=False)
    start, end = match.span("contracted")
    stem = _full_verb(match["stem"], match["contracted"])
    without = text[: match.start()] + stem + text[end:]
    return Negation("n't", start, end, match[0], without, plain=False)


def _without_word(text: str, start: int, end: int) -> str:
    """The text without a word and a space next to it; a sentence then begins with a capital."""
    before, after = text[:start], text[end:]
    begun = before.rstrip(_OPENING)
    if text[start].isupper() and (not begun or begun[-1] in ".?!"):
        after = after.removeprefix(" ")
        return before + after[:1].upper() + after[1:]
    if before[-1:].isspace():
        return before[:-1] + after
    return before + after[after[:1].isspace() :]


def _full_verb(stem: str, contracted: str) -> str:
    full = _FULL.get(stem.lower(), stem)
    if full is stem:
        return stem
    if contracted.isupper():
        return full.upper()
    return full.capitalize() if stem[0].isupper() else full
