"""Tokens as a person reads them."""

from collections import Counter

from xsb_core.errors import readable

# Marks that byte-level, SentencePiece and WordPiece vocabularies use for spaces and continuations.
_PIECE_MARKS = (("Ġ", " "), ("▁", " "), ("Ċ", "\n"))
UNKNOWN_MARK = "⁇"  # what SentencePiece, too, writes for what it can't read
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def token_labels(
    text: str,
    spans: list[tuple[int, int]],
    pieces: list[str],
    special: list[bool],
    unknown: list[bool],
) -> tuple[str, ...]:
    """One label a token: its own characters of the text, as typed.

    Tokens that share characters, such as the bytes of one emoji, are numbered: 😀₁ 😀₂.

    Args:
        text: What was tokenised.
        spans: Each token's character range in it.
        pieces: The vocabulary's spelling, used where a token has no characters of its own.
        special: Which tokens the tokenizer added; they keep their names.
        unknown: Which tokens stand for characters that the vocabulary lacks; they are marked ⁇.

    Returns:
        The labels, in order.
    """
    shares = Counter(
        span for span, extra in zip(spans, special, strict=True) if not extra and span[0] < span[1]
    )
    seen: Counter = Counter()
    labels = []
    for span, piece, extra, lost in zip(spans, pieces, special, unknown, strict=True):
        own = text[slice(*span)]
        stripped = own.strip() or own
        if extra:
            label = piece
        elif own:
            label = readable(stripped)
            if shares[span] > 1:
                seen[span] += 1
                label += str(seen[span]).translate(_SUBSCRIPTS)
        else:
            label = readable(_without_marks(piece))
        labels.append(label + UNKNOWN_MARK if lost else label)
    return tuple(labels)


def _without_marks(piece: str) -> str:
    for mark, plain in _PIECE_MARKS:
        piece = piece.replace(mark, plain)
    piece = piece.removeprefix("##")
    return piece.strip() or piece
