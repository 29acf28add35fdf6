"""Finds a sentence's negations, and takes one away."""

from collections.abc import Mapping
from dataclasses import dataclass

import regex

from xsb_core.errors import DataError

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
# Words beside not, n't and cannot, and what stands in their place without them.
WORDS = {
    "never": "",
    "no": "",
    "hardly": "",
    "none": "some",
    "nobody": "somebody",
    "nothing": "something",
    "nowhere": "somewhere",
    "without": "with",
}


@dataclass(frozen=True)
class Negation:
    """One negation of a sentence.

    Attributes:
        form: "not", "n't", "cannot", or another word of negation.
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


def more_words(given: str) -> dict[str, str]:
    """Words of negation that a user adds, of any language.

    Args:
        given: Words with commas between, each with what stands in its place after an equals sign
            where it does not just go.

    Returns:
        What stands in the place of each, in small letters.

    Raises:
        DataError: If one is no single word.

    Examples:
        >>> more_words("kein, nie=immer")
        {'kein': '', 'nie': 'immer'}
    """
    words = {}
    for part in filter(None, map(str.strip, given.split(","))):
        word, _, other = (piece.strip() for piece in part.partition("="))
        if not regex.fullmatch(r"[\p{L}\p{M}'’-]+", word):
            raise DataError(
                f"{part!r} is no word of negation; give words with commas between, such as kein, "
                "nie=immer."
            )
        words[word.lower()] = other
    return words


def find_negations(text: str, words: Mapping[str, str] = {}) -> tuple[Negation, ...]:
    """All negations of a sentence, in order: not, n't (with any apostrophe), cannot.

    Prefixes such as "un-" and words that are a part of a hyphenated one are none.

    Args:
        text: The sentence.
        words: Others, in small letters, and what stands in their place without them, such as
            ``WORDS``.

    Returns:
        One each, with the sentence without it: the word "not" and one space go, "n't" goes from its
        verb (can't, won't, shan't and ain't leave can, will, shall and is), "cannot" leaves "can".

    Examples:
        >>> [found.without for found in find_negations("This is not bad.")]
        ['This is bad.']
    """
    found = [_negation(text, match) for match in _NEGATION.finditer(text)]
    if words:
        listed = "|".join(regex.escape(word) for word in words)
        of_words = regex.compile(rf"(?<!\w|\w-)(?:{listed})(?!-?\w)", regex.IGNORECASE)
        taken = {one.start for one in found}
        found += [
            _negation_of_word(text, match, words)
            for match in of_words.finditer(text)
            if match.start() not in taken
        ]
    return tuple(sorted(found, key=lambda one: one.start))


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


def _negation_of_word(text: str, match: regex.Match, words: Mapping[str, str]) -> Negation:
    start, end = match.span()
    form, other = match[0].lower(), words.get(match[0].lower(), "")
    without = _without_word(text, start, end)
    if other:
        other = other.capitalize() if match[0][0].isupper() else other
        without = text[:start] + other + text[end:]
    return Negation(form, start, end, match[0], without, plain=False)


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
