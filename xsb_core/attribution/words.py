"""From tokens to words and sentences, by the tokenizer's character offsets."""

import dataclasses
from collections.abc import Collection, Iterable
from itertools import accumulate

import numpy as np
import regex
import sentencex
from jaxtyping import Float

from xsb_core.attribution.result import Attribution
from xsb_core.encoders.side import Side
from xsb_core.encoders.spans import Groups
from xsb_core.encoders.tokens import UNKNOWN_MARK
from xsb_core.errors import readable

WORD_REDUCTIONS = ("mean", "sum")
# What a text's factors are computed for: the fewer, the cheaper.
UNITS = ("tokens", "words", "sentences")

# Unicode's default word boundaries (UAX #29), which do for any script with word breaks.
_BOUNDARY = regex.compile(r"(?wV1)\b")


def word_groups(side: Side) -> Groups:
    """Which positions make up each word, in order.

    Words are those of the text (Unicode's word boundaries), not the tokenizer's, so that two
    tokenizers give the same words. Words that share a token are one group; a special token, or
    a token without characters of its own, is a group by itself.

    Args:
        side: A text at token level.

    Returns:
        Groups of positions: every position is in exactly one.

    Examples:
        >>> word_groups(attribute(encoder, "Unhappily", "Sadly", layer=5).a)
        ((0,), (1, 2, 3, 4), (5,))
    """
    return _groups(side, [match.start() for match in _BOUNDARY.finditer(side.prompt + side.text)])


def sentence_groups(side: Side) -> Groups:
    """Which positions make up each sentence, and the prompt, in order.

    Args:
        side: A text at token level; sentences are those of sentencex, by rules for punctuation and
            abbreviations. Sentences that share a token are one group.

    Returns:
        As for ``word_groups``, but for tokens without characters, which go with what is before.

    Examples:
        >>> sentence_groups(attribute(encoder, "A dog. A cat.", "Sadly", layer=5).a)
        ((0,), (1, 2, 3), (4, 5, 6), (7,))
    """
    ends = accumulate(map(len, sentencex.segment("en", side.text[: side.read])))
    starts = (len(side.prompt) + start for start in (0, *ends))
    return _groups(side, starts, blanks_apart=False)


def opened_groups(side: Side, opened: Collection[int]) -> Groups:
    """Sentences, some of them opened into their words: a close look at a part of a long text.

    Args:
        side: A text at token level.
        opened: Which of its ``sentence_groups``, counted from 0.

    Returns:
        As for ``sentence_groups``.

    Examples:
        >>> opened_groups(attribute(encoder, "A dog. A cat.", "Sadly", layer=5).a, {1})
        ((0,), (1,), (2,), (3,), (4, 5, 6), (7,))
    """
    words = word_groups(side)
    found: list[tuple[int, ...]] = []
    for number, sentence in enumerate(sentence_groups(side)):
        inside = [tuple(i for i in word if i in sentence) for word in words]
        found += filter(None, inside) if number in opened else [sentence]
    return tuple(found)


def unit_groups(side: Side, unit: str | Groups) -> Groups | None:
    """The groups of positions that a text's factors are computed for; None: each by itself.

    Args:
        side: A text at token level.
        unit: One of ``UNITS``, or the groups.

    Raises:
        ValueError: For another unit.
    """
    if not isinstance(unit, str):
        return unit
    if unit not in UNITS:
        raise ValueError(f"Factors are those of {', '.join(UNITS)}, not of {unit!r}.")
    find = {"words": word_groups, "sentences": sentence_groups}.get(unit)
    return find and find(side)


def to_words(result: Attribution, how: str = "mean") -> Attribution:
    """The same attribution with one row and column a word.

    Args:
        result: A token-level attribution.
        how: "mean" of the cells of a word pair, as in the paper's section 5.1, or "sum", which
            keeps the account. Borders are reduced in the same way; the sums and the score are
            those of tokens in both.

    Returns:
        A result of the same type, with ``words`` set to ``how``.

    Raises:
        ValueError: For another reduction, or a result that is at word level already.

    Examples:
        >>> one = attribute(encoder, "Unhappily", "Sadly", layer=5)
        >>> one.a.tokens, to_words(one).a.tokens
        (('[CLS]', 'Un', 'ha', 'pp', 'ily', '[SEP]'), ('[CLS]', 'Unhappily', '[SEP]'))
    """
    if how not in WORD_REDUCTIONS:
        raise ValueError(f"Words are made by {' or '.join(WORD_REDUCTIONS)}, not by {how!r}.")
    if result.words is not None:
        raise ValueError("This result is at word level already; start from the token-level one.")
    return grouped(result, word_groups(result.a), word_groups(result.b), how)


def grouped(result: Attribution, groups_a: Groups, groups_b: Groups, how: str) -> Attribution:
    """A token-level attribution with one row a group of A's positions, one column a group of B's.

    Args:
        result: A token-level attribution.
        groups_a: Groups of text A's positions; positions in none of them are left out.
        groups_b: The same for text B.
        how: "mean" or "sum", as in ``to_words``.

    Returns:
        A result of the same type, with ``words`` set to ``how``.
    """
    rows = reduction_to(groups_a, len(result.a.tokens), how)
    columns = reduction_to(groups_b, len(result.b.tokens), how)
    return dataclasses.replace(
        result,
        words=how,
        a=side_of_groups(result.a, groups_a, rows),
        b=side_of_groups(result.b, groups_b, columns),
        matrix=rows @ result.matrix @ columns.T,
        border_a=rows @ result.border_a,
        border_b=columns @ result.border_b,
    )


def _groups(side: Side, starts: Iterable[int], *, blanks_apart: bool = True) -> Groups:
    """Groups of positions by where the stretches of ``prompt + text`` begin that they belong to."""
    text = side.prompt + side.text
    marks = np.zeros(len(text) + 1, dtype=int)
    marks[list(starts)] = 1
    stretch_at = marks.cumsum()
    groups: list[list[int]] = []
    last = -1  # the last stretch that the open group touches; -1: no group is open
    for position, (span, special) in enumerate(zip(side.spans, side.special, strict=True)):
        own = [int(stretch_at[i]) for i in range(*span) if not text[i].isspace()]
        blank = not own and not blanks_apart and last >= 0
        if not special and (blank or (own and own[0] <= last)):
            groups[-1].append(position)
            last = max([last, *own])
        elif special or not own:
            groups.append([position])
            last = -1
        else:
            groups.append([position])
            last = own[-1]
    return tuple(map(tuple, groups))


def reduction_to(groups: Groups, positions: int, how: str) -> Float[np.ndarray, "W S"]:
    """The matrix that takes values of positions to the groups' means or sums."""
    matrix = np.zeros((len(groups), positions))
    for word, group in enumerate(groups):
        matrix[word, list(group)] = 1 / len(group) if how == "mean" else 1
    return matrix


def side_of_groups(side: Side, groups: Groups, reduction: Float[np.ndarray, "W S"]) -> Side:
    """A text with a label a group, and its share of the reference's part in net cells."""
    text = side.prompt + side.text
    tokens, pieces, spans = [], [], []
    for group in groups:
        first, *rest = group
        starts, ends = zip(*(side.spans[i] for i in group), strict=True)
        span = (min(starts), max(ends))
        own = text[slice(*span)].strip()
        lost = side.unknown and any(side.unknown[i] for i in group)
        label = readable(own) + UNKNOWN_MARK * bool(lost)
        tokens.append(label if rest and own else side.tokens[first])
        pieces.append(" ".join(side.pieces[i] for i in group))
        spans.append(span)
    return dataclasses.replace(
        side,
        tokens=tuple(tokens),
        pieces=tuple(pieces),
        spans=tuple(spans),
        special=tuple(side.special[group[0]] for group in groups),
        unknown=tuple(any(side.unknown[i] for i in group) for group in groups if side.unknown),
        scored=tuple(any(side.scored[i] for i in group) for group in groups if side.scored),
        shares=tuple((reduction @ side.parts).tolist()),
    )
