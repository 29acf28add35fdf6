"""From tokens to words, by the tokenizer's character offsets."""

import dataclasses

import numpy as np
import regex
from jaxtyping import Float

from xsb_core.attribution.result import Attribution
from xsb_core.encoders.side import Side
from xsb_core.encoders.spans import Groups
from xsb_core.encoders.tokens import UNKNOWN_MARK
from xsb_core.errors import readable

WORD_REDUCTIONS = ("mean", "sum")

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
    text = side.prompt + side.text
    word_at = _word_numbers(text)
    groups: list[list[int]] = []
    last_word = -1  # the last word that the open group touches; -1: no group is open
    for position, (span, special) in enumerate(zip(side.spans, side.special, strict=True)):
        own = [word_at[i] for i in range(*span) if not text[i].isspace()]
        if special or not own:
            groups.append([position])
            last_word = -1
        elif own[0] <= last_word:
            groups[-1].append(position)
            last_word = max(last_word, own[-1])
        else:
            groups.append([position])
            last_word = own[-1]
    return tuple(map(tuple, groups))


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
    rows = _reduction(groups_a, len(result.a.tokens), how)
    columns = _reduction(groups_b, len(result.b.tokens), how)
    return dataclasses.replace(
        result,
        words=how,
        a=_side_of_words(result.a, groups_a, rows),
        b=_side_of_words(result.b, groups_b, columns),
        matrix=rows @ result.matrix @ columns.T,
        border_a=rows @ result.border_a,
        border_b=columns @ result.border_b,
    )


def _word_numbers(text: str) -> list[int]:
    """For each character the number of its word."""
    starts = np.zeros(len(text) + 1, dtype=int)
    starts[[match.start() for match in _BOUNDARY.finditer(text)]] = 1
    return starts.cumsum().tolist()


def _reduction(groups: Groups, positions: int, how: str) -> Float[np.ndarray, "W S"]:
    matrix = np.zeros((len(groups), positions))
    for word, group in enumerate(groups):
        matrix[word, list(group)] = 1 / len(group) if how == "mean" else 1
    return matrix


def _side_of_words(side: Side, groups: Groups, reduction: Float[np.ndarray, "W S"]) -> Side:
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
        shares=tuple((reduction @ side.parts).tolist()),
    )
