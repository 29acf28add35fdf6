"""Which columns of a table hold a pair's two texts, by the names that people give them."""

from collections.abc import Sequence

_TEXT_NAMES = (
    ("sentence1", "sentence2"),
    ("sentence_1", "sentence_2"),
    ("sentence_a", "sentence_b"),
    ("text1", "text2"),
    ("text_1", "text_2"),
    ("text_a", "text_b"),
    ("question1", "question2"),
    ("query", "document"),
    ("query", "passage"),
    ("premise", "hypothesis"),
    ("anchor", "positive"),
    ("a", "b"),
)


def text_columns(names: Sequence[str]) -> tuple[int, int] | None:
    """The places of the first and the second text among column names; None: not by name."""
    lower = [name.strip().lower() for name in names]
    for first, second in _TEXT_NAMES:
        if first in lower and second in lower:
            return lower.index(first), lower.index(second)
    return None
