"""From character ranges of a text to the tokens that stand for them."""

from collections.abc import Sequence

from xsb_core.result import Side
from xsb_core.words import Groups

Range = tuple[int, int]  # characters of the text: the first, and the one behind the last


def tokens_in_ranges(side: Side, ranges: Sequence[Range]) -> Groups:
    """Which tokens stand for each of some character ranges, such as a parser's words.

    A token belongs to the range that has most of its characters (spaces left out), the first of
    several with as many. A range that is left with nothing, such as the second half of a word that
    is one token, has every token that touches it; only then do two ranges share a token.

    Args:
        side: A text at token level.
        ranges: Character ranges of ``side.text``, the prompt not counted.

    Returns:
        A group of positions for each range, in the order of the ranges; an empty one where no token
        touches it, as beyond the model's maximum length. Special tokens are in none.
    """
    touching: list[list[int]] = [[] for _ in ranges]
    owned: list[list[int]] = [[] for _ in ranges]
    whole = side.prompt + side.text
    for position, (span, special) in enumerate(zip(side.spans, side.special, strict=True)):
        own = [at - len(side.prompt) for at in range(*span) if not whole[at].isspace()]
        if special or not own:
            continue
        shares = [sum(start <= at < end for at in own) for start, end in ranges]
        for number, share in enumerate(shares):
            if share:
                touching[number].append(position)
        if any(shares):
            owned[shares.index(max(shares))].append(position)
    return tuple(tuple(one or other) for one, other in zip(owned, touching, strict=True))
