"""A list against itself, and two rankings of one list."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import torch
from scipy.stats import kendalltau

from xsb_core.encoders.encoder import Encoder
from xsb_core.errors import DataError
from xsb_core.search.documents import Document, documents_of
from xsb_core.search.embeddings import embed_documents
from xsb_core.search.ranking import AT_ONCE, Hit, Ranking, key_of

MOST_NEAR = 20_000  # documents that are compared with each other


def near_duplicates(
    encoder: Encoder, documents: Any, count: int = 10, prompt: str | None = None
) -> list[tuple[str, Hit]]:
    """The most similar pairs of a list of documents.

    Args:
        encoder: From ``load_encoder``.
        documents: As for ``rank``, at most 20,000 of distinct texts.
        count: How many pairs.
        prompt: What to put before each.

    Returns:
        The id of the earlier document, and the later one as a hit for it, most similar first.

    Raises:
        DataError: If there are fewer than two distinct documents, or too many.
        ModelError: As for ``rank``.

    Examples:
        >>> [(a, b.id) for a, b in near_duplicates(encoder, ["A dog.", "Tax law.", "Dogs."], 1)]
        [('1', '3')]
    """
    given = {one.text: one for one in islice(_distinct(documents), MOST_NEAR + 1)}
    if not 2 <= len(given) <= MOST_NEAR:
        raise DataError(
            f"Near-duplicates are looked for among 2 to {MOST_NEAR:,} distinct documents; got "
            f"{len(given):,}."
        )
    how = encoder.instructions((prompt, prompt))[1]
    found = list(given.values())
    embedded = embed_documents(encoder, found, how, check=True)
    pairs: list[tuple[float, int, int]] = []
    for start in range(0, len(found), AT_ONCE):
        scores = embedded[start : start + AT_ONCE] @ embedded.T
        scores = scores.masked_fill(
            ~torch.ones_like(scores, dtype=torch.bool).triu(start + 1), -torch.inf
        )
        values, places = scores.flatten().topk(min(count, scores.numel()))
        pairs += [
            (float(value), start + int(place) // len(found), int(place) % len(found))
            for value, place in zip(values, places, strict=True)
            if value > -torch.inf
        ]
    best = sorted(pairs, key=lambda pair: -pair[0])[:count]
    return [
        (found[a].id, Hit(found[a].text, found[b].id, found[b].text, score, place, (), (how, how)))
        for place, (score, a, b) in enumerate(best, 1)
    ]


def rank_agreement(first: Ranking, second: Ranking) -> tuple[float, list[tuple[str, int, int]]]:
    """How far two rankings of the same documents agree.

    Args:
        first: A ranking.
        second: Another model's.

    Returns:
        Kendall's tau, −1 to 1, over the documents that are in both (NaN for fewer than two), and
        each of these with its two ranks, the largest moves first.

    Examples:
        >>> ranking = rank(encoder, "A puppy.", ["The tax law.", "A dog."])
        >>> rank_agreement(ranking, ranking)
        (1.0, [('2', 1, 1), ('1', 2, 2)])
    """
    ranks = {hit.id: hit.rank for hit in second.hits}
    both = [(hit.id, hit.rank, ranks[hit.id]) for hit in first.hits if hit.id in ranks]
    tau = kendalltau([one[1] for one in both], [one[2] for one in both]).statistic if both else 0
    moves = sorted(both, key=lambda one: -abs(one[1] - one[2]))
    return (float(tau) if len(both) > 1 else float("nan")), moves


def _distinct(documents: Any) -> Iterator[Document]:
    known: set[int] = set()
    for one in documents_of(documents):
        if one.text.strip() and (key := key_of(one.text)) not in known:
            known.add(key)
            yield one
