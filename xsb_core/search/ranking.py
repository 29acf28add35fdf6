"""Documents ranked for queries in one pass, in memory that does not grow with their number."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

import numpy as np
from jaxtyping import Bool, Float

from xsb_core.encoders.encoder import Encoder
from xsb_core.encoders.instruction import Instruction
from xsb_core.errors import DataError, TextError
from xsb_core.search.documents import Document, documents_of
from xsb_core.search.embeddings import check_stored, embed, embed_documents

_QUERY_PROMPTS, _DOCUMENT_PROMPTS = ("query",), ("document", "passage", "corpus")
# For query and documents: a prompt's name or text, what is all resolved, or None.
Prompts = tuple[str | Instruction | None, str | Instruction | None]
AT_ONCE = 1024  # documents in memory


@dataclass(frozen=True)
class Hit:
    """A document among the results of a query.

    Attributes:
        query: The query's text.
        id: What the document is called.
        text: Its text.
        score: f(query, document), the model's similarity, or that of the stored embedding.
        rank: Its place, from 1.
        same: Documents with the very same text.
        hows: How query and document are read.
    """

    query: str
    id: str
    text: str
    score: float
    rank: int
    same: tuple[str, ...]
    hows: tuple[Instruction, Instruction]

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values."""
        names = ("query", "id", "rank", "score", "text")
        return {name: getattr(self, name) for name in names} | {"same": list(self.same)}


@dataclass(frozen=True)
class Ranking:
    """The results of a query.

    Attributes:
        query: The query's text.
        hits: The best documents, best first; of equal ones the first given.
        documents: How many documents were gone through.
        blank: How many of them were blank and passed over.
    """

    query: str
    hits: tuple[Hit, ...]
    documents: int
    blank: int

    def find(self, id: str) -> Hit:
        """The hit of a document.

        Raises:
            DataError: If it is none of the hits.
        """
        for hit in self.hits:
            if id in (hit.id, *hit.same):
                return hit
        raise DataError(
            f"There is no document {id!r} among the {len(self.hits)} results; name one of them, or "
            "ask for more."
        )


def rank(
    encoder: Encoder,
    query: str,
    documents: Any,
    *,
    top: int | None = 10,
    prompts: Prompts = (None, None),
    progress: Callable[[int], None] | None = None,
) -> Ranking:
    """Ranks documents by their similarity to a query.

    Args:
        encoder: From ``load_encoder``.
        query: The query.
        documents: As for ``documents_of``. They are gone through once, and each distinct text is
            encoded once; of those that are not among the best, hashes stay, 16 bytes each.
        top: How many of the best to keep; None keeps all.
        prompts: What to put before the query and before documents, as for ``attribute``, or what
            ``Encoder.instruction`` gives; None takes what ``encode_query`` and ``encode_document``
            would.
        progress: Told how many documents are done; what it raises ends the work.

    Returns:
        The results. Scores are f of docs/method.md, section 1.

    Raises:
        TextError: For a blank query.
        DataError: If there are no documents, or two different ones have one id.
        ModelError: If stored embeddings are not the model's, by more than 1e-3.

    Examples:
        >>> [hit.id for hit in rank(encoder, "A puppy.", ["The tax law.", "A dog."]).hits]
        ['2', '1']
    """
    (found,) = rank_all(encoder, [query], documents, top=top, prompts=prompts, progress=progress)
    return found


def rank_all(
    encoder: Encoder,
    queries: Sequence[str],
    documents: Any,
    *,
    top: int | None = 10,
    prompts: Prompts = (None, None),
    progress: Callable[[int], None] | None = None,
) -> list[Ranking]:
    """Ranks documents for several queries, going through the documents once; see ``rank``."""
    for query in queries:
        if not query.strip():
            raise TextError("The query is empty; type at least one word.")
    named = [None if isinstance(one, Instruction) else one for one in prompts]
    usual = encoder.instructions(usual_prompts(encoder, (named[0], named[1])))
    how, own = (
        one if isinstance(one, Instruction) else other
        for one, other in zip(prompts, usual, strict=True)
    )
    hows = how, own
    asked = embed(encoder, queries, hows[0])
    seen_texts, seen_ids, total, blank = _Seen(), _Seen(), 0, 0
    best: list[list[Hit]] = [[] for _ in queries]
    vectors: dict[str, np.ndarray] = {}
    for some in _parts(documents_of(documents)):
        _refuse_twice(some, seen_ids, seen_texts)
        first = not total
        total += len(some)
        given = [one for one in some if one.text.strip()]
        blank += len(some) - len(given)
        new = dict.fromkeys(one.text for one in given)
        fresh = seen_texts.add([key_of(text) for text in new])
        owners = {one.text: one for one in reversed(given)}
        mine = [owners[text] for text, is_new in zip(new, fresh, strict=True) if is_new]
        if mine:
            embedded = embed_documents(encoder, mine, hows[1], check=first)
            scores = (asked @ embedded.T).numpy()
            for at, query in enumerate(queries):
                best[at] = _merged(best[at], query, mine, scores[at], top, hows)
            if any(one.embedding is not None for one in mine):
                kept = {hit.id for hits in best for hit in hits}
                vectors |= {one.id: one.embedding for one in mine if one.embedding is not None}
                vectors = {name: vector for name, vector in vectors.items() if name in kept}
        best = [_with_same(hits, given) for hits in best]
        if progress:
            progress(total)
    if total == blank:
        raise DataError("There are no documents; give at least one that is not blank.")
    top_hits = {hit.id: hit for hits in best for hit in hits if hit.id in vectors}
    stored = [Document(name, hit.text, vectors[name]) for name, hit in top_hits.items()]
    if stored:
        check_stored(encoder, stored[:AT_ONCE], hows[1])
    return [
        Ranking(
            query,
            tuple(replace(hit, rank=place) for place, hit in enumerate(hits, 1)),
            total,
            blank,
        )
        for query, hits in zip(queries, best, strict=True)
    ]


def usual_prompts(
    encoder: Encoder, prompts: tuple[str | None, str | None] = (None, None)
) -> tuple[str | None, str | None]:
    """The prompts asked for, or those that ``encode_query`` and ``encode_document`` take."""
    query, document = (
        next((name for name in names if asked is None and name in encoder.prompts), asked)
        for asked, names in zip(prompts, (_QUERY_PROMPTS, _DOCUMENT_PROMPTS), strict=True)
    )
    return query, document


class _Seen:
    """Hashes of what came before, 8 bytes each, in order."""

    def __init__(self) -> None:
        # none is larger, so that each has a place before an entry
        self._keys = np.array([np.iinfo(np.uint64).max])

    def has(self, keys: Sequence[int]) -> Bool[np.ndarray, " K"]:
        own = np.array(keys, np.uint64)
        return self._keys[np.searchsorted(self._keys, own)] == own

    def add(self, keys: Sequence[int]) -> Bool[np.ndarray, " K"]:
        """Which of some distinct hashes are new; they are known from now on."""
        new = ~self.has(keys)
        own = np.sort(np.array(keys, np.uint64)[new])
        self._keys = np.insert(self._keys, np.searchsorted(self._keys, own), own)
        return new


def key_of(text: str) -> int:
    """What a text is known by: a hash of 64 bits."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())


def _parts(documents: Iterable[Document]) -> Iterator[list[Document]]:
    documents = iter(documents)
    while some := list(islice(documents, AT_ONCE)):
        yield some


def _refuse_twice(some: list[Document], ids: _Seen, texts: _Seen) -> None:
    """Refuses ids that two documents have, unless the two are the same."""
    own: dict[str, str] = {}
    for one in some:
        if own.setdefault(one.id, one.text) != one.text:
            raise _twice(one.id)
    fresh = ids.add([key_of(name) for name in own])
    known = texts.has([key_of(text) for text in own.values()])
    for name, is_new, is_known in zip(own, fresh, known, strict=True):
        if not is_new and not is_known:
            raise _twice(name)


def _twice(name: str) -> DataError:
    return DataError(
        f"Two different documents are called {name!r}; give each an id of its own, or none."
    )


def _merged(
    hits: list[Hit],
    query: str,
    documents: list[Document],
    scores: Float[np.ndarray, " N"],
    top: int | None,
    hows: tuple[Instruction, Instruction],
) -> list[Hit]:
    """The best of hits so far and new documents, the earlier ones first where scores are equal."""
    order = np.argsort(-scores, kind="stable")[:top]
    new = [
        Hit(query, documents[at].id, documents[at].text, float(scores[at]), 0, (), hows)
        for at in order
    ]
    return sorted([*hits, *new], key=lambda hit: -hit.score)[:top]


def _with_same(hits: list[Hit], given: list[Document]) -> list[Hit]:
    """Hits with the ids of more documents of the same text."""
    texts = {hit.text for hit in hits}
    more: dict[str, list[str]] = {}
    for one in given:
        if one.text in texts:
            more.setdefault(one.text, []).append(one.id)
    return [
        replace(
            hit,
            same=tuple(
                dict.fromkeys(
                    name for name in (*hit.same, *more.get(hit.text, [])) if name != hit.id
                )
            ),
        )
        for hit in hits
    ]
