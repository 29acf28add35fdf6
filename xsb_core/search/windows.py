"""Documents longer than the model reads, in windows; a text of one's own among the results."""

from dataclasses import replace

import sentencex

from xsb_core.encoders.encoder import Encoder
from xsb_core.encoders.instruction import Instruction
from xsb_core.errors import TextError
from xsb_core.search.embeddings import embed
from xsb_core.search.ranking import Hit, Ranking

_AT_FIRST = 8_000  # characters that are tokenised to see how many a model reads


def in_windows(encoder: Encoder, hit: Hit) -> list[tuple[Hit, tuple[int, int] | None]]:
    """A hit's windows, each scored as a text of its own, the best first; None: it needs none."""
    places = windows(encoder, hit.text, hit.hows[1])
    if len(places) == 1:
        return [(hit, None)]
    texts = [hit.text[start:end] for start, end in places]
    asked = embed(encoder, [hit.query], hit.hows[0])
    scores = (asked @ embed(encoder, texts, hit.hows[1]).T)[0].tolist()
    found = [(replace(hit, score=one), place) for one, place in zip(scores, places, strict=True)]
    return sorted(found, key=lambda one: -one[0].score)


def windows(encoder: Encoder, text: str, how: Instruction) -> list[tuple[int, int]]:
    """Where a text is cut so that the model reads every window whole; one that fits is one."""
    found, start = [], _next(text, 0)
    while start < len(text):
        most, size = text[start:], _AT_FIRST
        read = encoder.tokenise(most[:size], how).side.read
        while read == size < len(most):
            size *= 2
            read = encoder.tokenise(most[:size], how).side.read
        if read < len(most):
            read = _last_end(most[:read]) or read
        found.append((start, start + len(most[:read].rstrip())))
        start = _next(text, start + read)
    return found


def _last_end(text: str) -> int:
    """Where the last sentence begins that may go on behind the text; 0 if the first does."""
    return len(text) - len(list(sentencex.segment("en", text))[-1])


def _next(text: str, start: int) -> int:
    """The first character from there on that is no space."""
    return len(text) - len(text[start:].lstrip())


def own_hit(encoder: Encoder, ranking: Ranking, text: str) -> Hit:
    """A text of one's own as if it were a result, to be explained and contrasted with others.

    Args:
        encoder: The one that ranked.
        ranking: The results.
        text: The text.

    Returns:
        The hit, called "your text"; its rank is the one that it would have among these results.

    Raises:
        TextError: For a blank text.

    Examples:
        >>> ranking = rank(encoder, "A puppy.", ["The tax law.", "A dog."])
        >>> own_hit(encoder, ranking, "A puppy.").rank
        1
    """
    if not text.strip():
        raise TextError("Your text is empty; type at least one word.")
    how = ranking.hits[0].hows
    asked, own = embed(encoder, [ranking.query], how[0]), embed(encoder, [text], how[1])
    score = float(asked[0] @ own[0])
    place = 1 + sum(hit.score > score for hit in ranking.hits)
    return Hit(ranking.query, "your text", text, score, place, (), how)
