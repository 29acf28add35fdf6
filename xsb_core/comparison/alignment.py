"""One text in two tokenizers: which positions of both stand for the same part of it."""

from dataclasses import dataclass

from xsb_core.attribution.words import word_groups
from xsb_core.encoders.side import Side
from xsb_core.encoders.spans import Groups


@dataclass(frozen=True)
class Alignment:
    """Groups of positions that belong together in two readings of one text.

    Attributes:
        first: Groups of the first reading's positions, in order.
        second: The partners of these, in the second reading.
    """

    first: Groups
    second: Groups


def same_tokens(first: Side, second: Side) -> bool:
    """Whether two readings have the same tokens, but perhaps other names of special ones."""
    return (
        first.prompt == second.prompt
        and first.spans == second.spans
        and first.special == second.special
    )


def align(first: Side, second: Side) -> Alignment:
    """Finds the words of a text that two readings have in common.

    Words are those of ``word_groups``. Words that one tokenizer joins are joined in both. Special
    tokens meet by their place before or after the text, where both readings have the same number
    there. What has no partner is in no group: other special tokens, words beyond the shorter
    reading's cut, words of a prompt that is not both models', tokens without characters.

    Args:
        first: A text at token level.
        second: The same text as another tokenizer reads it.

    Returns:
        The groups.

    Raises:
        ValueError: If the texts differ.
    """
    if first.text != second.text:
        raise ValueError("Expected two readings of one text, got two texts; do give the same one.")
    if same_tokens(first, second):
        return Alignment(word_groups(first), word_groups(second))
    pairs = _common_words(first, second)
    leading, trailing = zip(_outer(first), _outer(second), strict=True)
    before, after = _partners(*leading), _partners(*trailing)
    both = [*before, *pairs, *after]
    return Alignment(tuple(one for one, _ in both), tuple(other for _, other in both))


def _common_words(first: Side, second: Side) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Words that overlap in the text, from its start; those of one reading only are dropped."""
    same_prompt = first.prompt == second.prompt
    words = []
    for which, side in enumerate((first, second)):
        start = 0 if same_prompt else len(side.prompt)
        for group in word_groups(side):
            own = _characters(side, group, start)
            if own:
                words.append((own[0], own[-1] + 1, which, group))
    found: list[tuple[list[int], list[int]]] = []
    reach = -1
    for begin, end, which, group in sorted(words):
        if begin >= reach:
            found.append(([], []))
        found[-1][which].extend(group)
        reach = max(reach, end)
    return [(tuple(one), tuple(other)) for one, other in found if one and other]


def _characters(side: Side, group: tuple[int, ...], start: int) -> list[int]:
    """Where a group's characters are, spaces left out, counted from a place in the text."""
    text = side.prompt + side.text
    places = {i for token in group for i in range(*side.spans[token]) if not text[i].isspace()}
    return sorted(place - start for place in places if place >= start)


def _outer(side: Side) -> tuple[range, range]:
    """The special tokens before and after a text."""
    count = len(side.special)
    before = side.special.index(False)
    after = side.special[::-1].index(False)
    return range(before), range(count - after, count)


def _partners(first: range, second: range) -> list[tuple[tuple[int], tuple[int]]]:
    if len(first) != len(second):
        return []
    return [((one,), (other,)) for one, other in zip(first, second, strict=True)]
