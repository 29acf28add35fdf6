"""Why a document is found, and why before another: net totals that add up to the scores."""

import dataclasses
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from xsb_core.attribution.cosine import total_error
from xsb_core.attribution.pair import pair_attribution
from xsb_core.attribution.recipe import Recipe
from xsb_core.attribution.result import Attribution
from xsb_core.attribution.text_factors import TextFactors, text_factors
from xsb_core.encoders.encoder import Encoder
from xsb_core.encoders.side import Side
from xsb_core.integration.jacobians import Progress
from xsb_core.search.ranking import Hit
from xsb_core.search.windows import in_windows


@dataclass(frozen=True)
class Span:
    """A stretch of a document and what it gives to the score.

    Attributes:
        start: Its first character in the document.
        end: The character behind its last.
        value: Its net total, in units of the score.
    """

    start: int
    end: int
    value: float


@dataclass(frozen=True, eq=False)
class ExplainedHit:
    """Why a document is found.

    Attributes:
        hit: The document among the results.
        result: Its attribution: a row a word of the query, a column a sentence or word of the
            document; net cells add up to the score.
        error: What the sum of all net cells, and a total, may be off by.
        window: Which of the document's characters were explained as a text of their own, whose
            score is the hit's; None: what the model reads of the whole.
    """

    hit: Hit
    result: Attribution
    error: float
    window: tuple[int, int] | None = None

    @property
    def read(self) -> tuple[int, int]:
        """Which of the document's characters the model read."""
        return self.window or (0, self.result.b.read)

    @property
    def spans(self) -> tuple[Span, ...]:
        """The document's sentences or words, in order; the prompt and special tokens left out."""
        side, shift = self.result.b, len(self.result.b.prompt)
        own = self.read[0] - shift
        totals = self.result.net_matrix.sum(0)
        return tuple(
            Span(own + start, own + end, float(value))
            for (start, end), value, extra in zip(side.spans, totals, side.special, strict=True)
            if not extra and start >= shift and start < end
        )

    @property
    def carrier(self) -> Span | None:
        """The span that gives most; None for a document without any."""
        return max(self.spans, key=lambda span: span.value, default=None)

    @property
    def query_totals(self) -> list[tuple[str, float]]:
        """The query's words, special tokens among them, and what each gives; they add up."""
        totals = self.result.net_matrix.sum(1)
        return list(zip(self.result.a.tokens, totals.tolist(), strict=True))

    def pairs(self, count: int = 3) -> list[tuple[str, str, float]]:
        """The strongest pairs of a query's word and a stretch of the document, prompts left out."""
        a, b = self.result.a, self.result.b
        own = [~np.array(side.special) & ~np.array(side.prompted) for side in (a, b)]
        net = np.where(np.outer(*own), self.result.net_matrix, 0)
        order = np.argsort(-np.abs(net), axis=None, kind="stable")[:count]
        places = zip(*np.unravel_index(order, net.shape), strict=True)
        return [(a.tokens[i], b.tokens[j], float(net[i, j])) for i, j in places if net[i, j]]

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values."""
        side = self.result.b
        return self.hit.to_dict() | {
            "spans": [dataclasses.asdict(one) for one in self.spans],
            "pairs": [
                {"query": word, "document": other, "value": value}
                for word, other, value in self.pairs()
            ],
            "query_totals": [{"word": word, "value": value} for word, value in self.query_totals],
            "cut": side.read if side.cut else None,
            "window": self.window,
            "error": self.error,
            "converged": self.result.converged,
        }


@dataclass(frozen=True)
class Contrast:
    """Why one document comes before another.

    Attributes:
        ids: Which two documents.
        words: The query's words, special tokens among them.
        first: What each gives to the first document's score.
        second: The same for the second's.
        scores: Both scores.
        error: What the differences' sum may be off by.
    """

    ids: tuple[str, str]
    words: tuple[str, ...]
    first: tuple[float, ...]
    second: tuple[float, ...]
    scores: tuple[float, float]
    error: float

    @property
    def differences(self) -> Float[np.ndarray, " rows"]:
        """First minus second, word by word; they add up to the difference of the scores."""
        return np.array(self.first) - np.array(self.second)

    @property
    def lifts(self) -> tuple[str, ...]:
        """What would lift the lower one: up to three words that it answers least by comparison."""
        behind = self.differences * (1 if self.scores[0] >= self.scores[1] else -1)
        order = np.argsort(-behind, kind="stable")[:3]
        return tuple(self.words[at] for at in order if behind[at] > 0)

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values."""
        more = {"differences": self.differences.tolist(), "lifts": list(self.lifts)}
        return dataclasses.asdict(self) | more


def explain_hit(
    encoder: Encoder,
    hit: Hit,
    unit: str = "sentences",
    recipe: Recipe = Recipe(),
    progress: Progress | None = None,
) -> ExplainedHit:
    """Explains a document by its sentences or words.

    Args:
        encoder: The one that ranked it.
        hit: From ``rank``.
        unit: "sentences" or "words" of the document, or its "tokens"; the fewer, the faster.
        recipe: How to compute.
        progress: As for ``attribute``.

    Returns:
        The explanation. Source: docs/method.md, section 7.

    Raises:
        ValueError: As for ``attribute``.

    Examples:
        >>> hit = rank(encoder, "A puppy.", ["Tax law. A dog."]).hits[0]
        >>> span = explain_hit(encoder, hit).carrier
        >>> hit.text[span.start : span.end]
        'A dog.'
    """
    (found,) = explain_hits(encoder, [hit], unit, recipe, progress)
    return found


def explain_hits(
    encoder: Encoder,
    hits: Iterable[Hit],
    unit: str = "sentences",
    recipe: Recipe = Recipe(),
    progress: Progress | None = None,
    *,
    windows: bool = False,
    factors: TextFactors | None = None,
) -> Iterator[ExplainedHit]:
    """Explains hits one by one, as they are asked for; a query of several hits is computed once.

    Args:
        encoder: As for ``explain_hit``, like the rest.
        hits: From ``rank``.
        unit: See ``explain_hit``.
        recipe: See ``explain_hit``.
        progress: See ``explain_hit``.
        windows: Explain all of a document that is longer than the model reads: in windows of whole
            sentences, as long as it reads, each scored as a text of its own. These scores are no
            parts of the document's, which knows its start alone.
        factors: The query's, by words, where all hits are of one query and these are at hand.

    Yields:
        One explanation a hit, in order; or one a window, that of the highest score first.
        ``window`` says where it is, and its hit has its score.

    Examples:
        >>> hits = rank(encoder, "A puppy.", ["Tax law.", "A dog."]).hits
        >>> [one.hit.id for one in explain_hits(encoder, hits)]
        ['2', '1']
    """
    query = factors
    for hit in hits:
        if query is None or not _reads(query.side, hit):
            query = text_factors(encoder, hit.query, recipe, prompt=hit.hows[0], unit="words")
        for part, window in in_windows(encoder, hit) if windows else [(hit, None)]:
            text = hit.text[slice(*window)] if window else hit.text
            found = text_factors(
                encoder,
                text,
                recipe,
                prompt=hit.hows[1],
                unit=unit,
                seen_by=query,
                progress=progress,
            )
            yield explained(part, query, found, window)


def _reads(side: Side, hit: Hit) -> bool:
    how = hit.hows[0]
    return (side.text, side.prompt, side.task) == (hit.query, how.prompt, how.task)


def explained(
    hit: Hit, query: TextFactors, found: TextFactors, window: tuple[int, int] | None = None
) -> ExplainedHit:
    """A hit's explanation from the factors of its query, by words, and of its text or a window."""
    result = pair_attribution(query, found)
    return ExplainedHit(hit, result, total_error(query.token, found.token, result.cosine), window)


def contrast(hit: ExplainedHit, other: ExplainedHit) -> Contrast:
    """Says word by word of the query why one document scores higher than another.

    Args:
        hit: An explained document.
        other: Another of the same query.

    Returns:
        The contrast; its differences add up to the difference of the two scores.

    Raises:
        ValueError: If they answer two queries, or by two models.

    Examples:
        >>> hits = rank(encoder, "A puppy.", ["Tax law.", "A dog."]).hits
        >>> why = contrast(*explain_hits(encoder, hits))
        >>> bool(abs(why.differences.sum() - (hits[0].score - hits[1].score)) < why.error)
        True
    """
    first, second = hit.result, other.result
    if (first.a.text, first.a.prompt) != (second.a.text, second.a.prompt):
        raise ValueError(
            f"Two documents are compared for one query; got {first.a.text!r} and {second.a.text!r}."
        )
    if (first.model, first.layer) != (second.model, second.layer):
        raise ValueError(
            "Two documents are compared by one model and layer; got "
            f"{first.model}, layer {first.layer}, and {second.model}, layer {second.layer}."
        )
    return Contrast(
        (hit.hit.id, other.hit.id),
        first.a.tokens,
        tuple(first.net_matrix.sum(1).tolist()),
        tuple(second.net_matrix.sum(1).tolist()),
        (first.score, second.score),
        hit.error + other.error,
    )
