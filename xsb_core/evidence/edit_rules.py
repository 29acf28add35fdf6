"""Rules that edit an English text: those that change what it says, and those that don't."""

import re
from collections.abc import Iterable
from typing import NamedTuple

_SWAPS = {
    "entity": "London/Berlin Paris/Madrid China/Japan Germany/France America/Russia John/Peter "
    "Mary/Anna Monday/Friday Obama/Putin Israel/Iran India/Brazil",
    "antonym": "good/bad big/small old/young hot/cold open/closed high/low up/down black/white "
    "rich/poor happy/sad fast/slow large/tiny long/short early/late increase/decrease rise/fall "
    "won/lost buy/sell before/after first/last man/woman boy/girl inside/outside",
    "quantifier": "all/some every/no many/few most/no always/never everyone/nobody both/neither "
    "several/no",
    "modality": "must/might will/may can/cannot should/could has/may",
}
_SYNONYMS = (
    "big/large small/little quick/fast begin/start child/kid man/guy car/automobile "
    "happy/glad buy/purchase house/home film/movie picture/photo street/road shop/store "
    "talking/speaking kids/children"
)
_NUMBERS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_AUXILIARY = re.compile(r"\b(is|are|was|were|will|can|has|have|had|should|must|would)\b(?! not)")
_VERBS = {
    "bit": "bitten", "chased": "chased", "saw": "seen", "helped": "helped", "hired": "hired",
    "called": "called", "beat": "beaten", "sued": "sued", "paid": "paid", "taught": "taught",
    "followed": "followed", "attacked": "attacked", "praised": "praised", "kicked": "kicked",
}  # fmt: skip
_ACTIVE = re.compile(rf"(The|A|An) (\w+) ({'|'.join(_VERBS)}) (the|a|an) (\w+)(\W*)")
# So that the two rules of whole sentences have something to work on in any set.
_ACTORS = (
    "dog man, cat mouse, guard thief, nurse patient, company lawyer, girl teacher, team rival, "
    "bank client, firm worker, student friend, car truck, bear hunter, critic author, horse farmer"
)
TEMPLATES = tuple(
    "The {1} {0} the {2}.".format(verb, *actors.split())
    for verb, actors in zip(_VERBS, _ACTORS.split(", "), strict=True)
)


class Edit(NamedTuple):
    """A text and what became of it.

    Attributes:
        kind: What was done, such as "negation".
        harmful: Whether the text says something else now.
        text: The text.
        edited: The edited one.
    """

    kind: str
    harmful: bool
    text: str
    edited: str


def _swap(text: str, listed: str, *, both: bool = True) -> str | None:
    """The first listed word replaced by its partner, in the letter case that it has."""
    partners: dict[str, str] = {}
    for pair in listed.split():
        one, other = pair.split("/")
        partners.setdefault(one.lower(), other)
        if both:
            partners.setdefault(other.lower(), one)
    for match in re.finditer(r"\w+", text):
        found = partners.get(match[0].lower())
        if found:
            new = found.capitalize() if match[0][0].isupper() else found
            return text[: match.start()] + new + text[match.end() :]
    return None


def _negation(text: str) -> str | None:
    if re.search(r"\bnot\b", text):
        return re.sub(r"\bnot ", "", text, count=1)
    match = _AUXILIARY.search(text)
    return match and f"{text[: match.end()]} not{text[match.end() :]}"


def _number(text: str) -> str | None:
    match = re.search(r"\d+", text)
    if match:
        return text[: match.start()] + str(7 * int(match[0][:15]) + 3) + text[match.end() :]
    for word, other in zip(_NUMBERS, _NUMBERS[::-1], strict=True):
        if word != other and re.search(rf"\b{word}\b", text):
            return re.sub(rf"\b{word}\b", other, text, count=1)
    return None


def _order(text: str) -> str | None:
    match = _ACTIVE.fullmatch(text)
    if not match:
        return None
    first, one, verb, second, other, end = match.groups()
    return f"{second.capitalize()} {other} {verb} {first.lower()} {one}{end}"


def _passive(text: str) -> str | None:
    match = _ACTIVE.fullmatch(text)
    if not match:
        return None
    first, one, verb, second, other, end = match.groups()
    return f"{second.capitalize()} {other} was {_VERBS[verb]} by {first.lower()} {one}{end}"


def _typo(text: str) -> str | None:
    longest = max(re.finditer(r"[^\W\d_]{5,}", text), key=lambda m: len(m[0]), default=None)
    if longest is None:
        return None
    at = longest.start() + len(longest[0]) // 2
    swapped = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return swapped if swapped != text else None


def _casing(text: str) -> str | None:
    return text.lower() if text.lower() != text else text.upper()


def _punctuation(text: str) -> str | None:
    return text.rstrip(" .") if text.rstrip().endswith(".") else f"{text.rstrip()}."


RULES = {
    "negation": (True, _negation),
    "number": (True, _number),
    "entity": (True, lambda text: _swap(text, _SWAPS["entity"])),
    "antonym": (True, lambda text: _swap(text, _SWAPS["antonym"])),
    "quantifier": (True, lambda text: _swap(text, _SWAPS["quantifier"])),
    "modality": (True, lambda text: _swap(text, _SWAPS["modality"], both=False)),
    "order of arguments": (True, _order),
    "typo": (False, _typo),
    "casing": (False, _casing),
    "punctuation": (False, _punctuation),
    "synonym": (False, lambda text: _swap(text, _SYNONYMS)),
    "passive": (False, _passive),
}


def edits_of(texts: Iterable[str]) -> list[Edit]:
    """What the rules make of texts, and of a few template sentences.

    Args:
        texts: English texts; one to which a rule doesn't apply is left out of its kind.

    Examples:
        >>> [edit.edited for edit in edits_of(["All is well."])][:2]
        ['All is not well.', 'Some is well.']
    """
    found = []
    for text in dict.fromkeys((*texts, *TEMPLATES)):
        for kind, (harmful, rule) in RULES.items():
            edited = rule(text)
            if edited and edited.strip() and edited != text:
                found.append(Edit(kind, harmful, text, edited))
    return found
