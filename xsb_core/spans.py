"""Which tokens a stretch of a text became, by the tokenizer's character offsets."""

from xsb_core.errors import TextError
from xsb_core.result import Side


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
