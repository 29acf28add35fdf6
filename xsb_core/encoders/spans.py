"""Which tokens stand for a stretch of a text's characters, by the tokenizer's offsets."""

from collections.abc import Sequence

from xsb_core.encoders.side import Side
from xsb_core.errors import TextError

Range = tuple[int, int]  # characters of the text: the first, and the one behind the last
# Positions that make up each row or column.
Groups = tuple[tuple[int, ...], ...]


def positions_at(side: Side, start: int, end: int, model: str) -> tuple[int, ...]:
    """The positions of a stretch of a text.

    Args:
        side: A text, at token or word level.
        start: The stretch's first character in ``side.text``.
        end: The character behind its last.
        model: Who read the text, for the error.

    Returns:
        The positions that lie wholly in the stretch; where none does, those that share characters
        with it ("cannot" as one token, for the stretch "not").

    Raises:
        TextError: If the model cut the text before the stretch.
    """
    text, shift = side.prompt + side.text, len(side.prompt)
    stretch = range(start + shift, end + shift)
    inside, touching = [], []
    for position, span in enumerate(side.spans):
        # some tokenizers count the space before a word as the word's
        shared = [i in stretch for i in range(*span) if not text[i].isspace()]
        if any(shared):
            touching.append(position)
            if all(shared):
                inside.append(position)
    if not touching:
        raise TextError(
            f"{model} does not read as far as “{side.text[start:end]}” (character {start + 1}); "
            "shorten the text."
        )
    return tuple(inside or touching)


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
