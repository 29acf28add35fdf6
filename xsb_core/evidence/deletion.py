"""What a model really gives once words are deleted, and what a method claimed of it."""

import re
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Bool, Float
from scipy import stats

from xsb_core.attribution.result import Attribution
from xsb_core.attribution.words import word_groups
from xsb_core.encoders.encoder import Encoder
from xsb_core.encoders.side import Side
from xsb_core.encoders.spans import Groups
from xsb_core.errors import ModelError

HOWS = ("removed", "masked")
# Few enough for a sign of progress every second or two.
VERSIONS_AT_ONCE = 256


class Deletions:
    """A pair's score with any of its words deleted; each text is encoded once.

    Attributes:
        result: The pair's attribution, at token level.
        groups_a: The first text's words: positions of their tokens; special tokens and a prompt's
            are in none, and are never deleted.
        groups_b: The same for the second text.
        done: What becomes of a word: "removed", or "replaced by" mask or padding, whichever it is.
    """

    def __init__(self, encoder: Encoder, result: Attribution, how: str = "removed") -> None:
        """Prepares for a pair.

        Args:
            encoder: The encoder that gives the scores.
            result: An attribution of the pair, at token level, for its texts and words.
            how: "removed", or "masked": replaced by the tokenizer's mask, else its padding.

        Raises:
            ValueError: For another way, or a result at word level.
            ModelError: For a tokenizer that has neither mask nor padding.
        """
        if how not in HOWS:
            raise ValueError(f"Words are {' or '.join(HOWS)}, not {how!r}.")
        if encoder.kind != "dense":
            raise ModelError(
                f"{encoder.name} gives {encoder.kind} embeddings; evidence takes models whose "
                "encode gives one vector a text."
            )
        if result.words is not None:
            raise ValueError("This result is at word level; start from the token-level one.")
        self._encoder, self._stand_in, self.result = encoder, " ", result
        self.done = how
        if how == "masked":
            tokenizer = encoder.tokenizer
            names = ("mask_token", "pad_token")
            stand_in = next((t for n in names if (t := getattr(tokenizer, n, None))), None)
            if not stand_in:
                raise ModelError(f"{encoder.name} has neither mask nor padding; delete by removal.")
            self._stand_in, self.done = f" {stand_in} ", f"replaced by {stand_in}"
        self.groups_a, self.groups_b = content_words(result.a), content_words(result.b)
        self._known: dict[tuple[int, str], Float[np.ndarray, " D"]] = {}

    def scores(
        self, kept_a: Bool[np.ndarray, "K words_a"], kept_b: Bool[np.ndarray, "L words_b"]
    ) -> Float[np.ndarray, "K L"]:
        """F of each of some versions of A with each of some versions of B.

        Args:
            kept_a: Which words each version of A keeps.
            kept_b: The same for B.
        """
        a = self._embeddings(0, self.result.a, self.groups_a, kept_a)
        b = self._embeddings(1, self.result.b, self.groups_b, kept_b)
        return a @ b.T

    @cached_property
    def single(self) -> Float[np.ndarray, "rows columns"]:
        """F without word i of A and word j of B; the last row and column delete nothing."""
        return self.scores(_all_but_one(len(self.groups_a)), _all_but_one(len(self.groups_b)))

    @property
    def score(self) -> float:
        """f(a, b) as ``encode`` gives it."""
        return float(self.single[-1, -1])

    @property
    def leave_one_out(self) -> tuple[Float[np.ndarray, " words_a"], Float[np.ndarray, " words_b"]]:
        """How much the score falls when a word of A, or of B, is deleted alone."""
        return self.score - self.single[:-1, -1], self.score - self.single[-1, :-1]

    @property
    def interactions(self) -> Float[np.ndarray, "words_a words_b"]:
        """What a word of A and one of B do together: f − f(without i) − f(without j) + f(neither).

        In a score that is bilinear in its words this is the right cell (docs/method.md, section
        13).
        """
        grid = self.single
        return self.score - grid[:-1, -1:] - grid[-1:, :-1] + grid[:-1, :-1]

    def drops(
        self,
        side: int,
        orders: Sequence[np.ndarray],
        progress: Callable[[float], None] = lambda _: None,
    ) -> Float[np.ndarray, "orders k"]:
        """How much the score falls when words of one text are deleted one after the other.

        Args:
            side: 0 for text A, 1 for B.
            orders: Words in the order of their deletion, all or only so many first ones.
            progress: Told how much is done, 0 to 1; what it raises ends the work.

        Returns:
            One row an order, from the first deletion on.
        """
        count, steps = len((self.groups_a, self.groups_b)[side]), len(orders[0])
        kept = np.ones((len(orders), steps, count), bool)
        for k in range(steps):
            for at, order in enumerate(orders):
                kept[at, k:, order[k]] = False
        whole = np.ones((1, len((self.groups_b, self.groups_a)[side])), bool)
        found = []
        at_once = max(1, VERSIONS_AT_ONCE // max(1, steps))
        for first in range(0, len(orders), at_once):
            some = kept[first : first + at_once].reshape(-1, count)
            scores = self.scores(some, whole) if side == 0 else self.scores(whole, some)
            found.append(scores.reshape(-1, steps))
            progress(min(1.0, (first + at_once) / len(orders)))
        return self.score - np.concatenate(found)

    def _embeddings(
        self, number: int, side: Side, groups: Groups, kept: Bool[np.ndarray, "K words"]
    ) -> Float[np.ndarray, "K D"]:
        texts = [self._text(side, groups, row) for row in kept]
        new = [text for text in dict.fromkeys(texts) if (number, text) not in self._known]
        if new:
            task: dict[str, Any] = {} if side.task is None else {"task": side.task}
            model: Any = self._encoder.model  # which has no one signature of encode
            found = model.encode(
                new,
                prompt=side.prompt,
                batch_size=64,
                show_progress_bar=False,
                convert_to_numpy=True,
                **task,
            )
            found = np.asarray(found, dtype=float)
            if self._encoder.similarity == "cosine":
                sizes = np.linalg.norm(found, axis=1, keepdims=True)
                found = np.divide(found, sizes, out=np.zeros_like(found), where=sizes > 0)
            self._known |= {(number, text): row for text, row in zip(new, found, strict=True)}
        return np.stack([self._known[number, text] for text in texts])

    def _text(self, side: Side, groups: Groups, kept: Bool[np.ndarray, " words"]) -> str:
        if kept.all():
            return side.text
        parts, at, shift = [], 0, len(side.prompt)
        for group, stays in zip(groups, kept, strict=True):
            if not stays:
                start = max(0, min(side.spans[i][0] for i in group) - shift)
                parts += [side.text[at:start], self._stand_in]
                at = max(side.spans[i][1] for i in group) - shift
        return re.sub(r"\s+", " ", "".join([*parts, side.text[at:]])).strip()


def content_words(side: Side) -> Groups:
    """The words of a text itself, without special tokens and prompt."""
    shift = len(side.prompt)
    return tuple(
        group
        for group in word_groups(side)
        if not side.special[group[0]] and max(side.spans[i][1] for i in group) > shift
    )


def aopc(
    deletions: Deletions, totals: tuple[Float[np.ndarray, " A"], Float[np.ndarray, " B"]]
) -> tuple[float, float]:
    """Comprehensiveness and sufficiency of an order of words (DeYoung et al. 2020).

    Args:
        deletions: The pair.
        totals: What a method says each word of A, and each of B, is worth.

    Returns:
        How much the score falls on average over the deletion of the first 1, 2, … half of a text's
        words, highest total first (higher is better); and how much it falls when only these are
        kept (lower is better). Means over both texts, in units of the score.
    """
    found = []
    for side, values in enumerate(totals):
        order = np.argsort(-values, kind="stable")
        half = -(-len(order) // 2)
        # the ones kept are deleted last: of that order all but the last 1, 2, … half
        most = deletions.drops(side, [order[:half]])[0]
        least = deletions.drops(side, [order[::-1]])[0]
        kept = np.concatenate([[0.0], least])[len(order) - half : len(order)]
        found.append((most.mean(), kept.mean()))
    return tuple(map(float, np.mean(found, axis=0)))  # type: ignore[return-value]


def infidelity(cells: Float[np.ndarray, "A B"], interactions: Float[np.ndarray, "A B"]) -> float:
    """Share of the measured interactions that cells do not account for (Yeh et al. 2019).

    Args:
        cells: What a method claims that a word of A and one of B do together.
        interactions: What they do, from ``Deletions``.

    Returns:
        Σ(β·cell − interaction)² / Σ interaction², with the β that makes it least, 0 to 1: 0 where
        cells are the interactions up to their unit; NaN where nothing interacts.
    """
    size = float((interactions**2).sum())
    if not size:
        return float("nan")
    own = float((cells**2).sum())
    common = float((cells * interactions).sum())
    return 1.0 - (common**2 / (own * size) if own and common > 0 else 0.0)


def rank_correlation(first: Float[np.ndarray, " _"], second: Float[np.ndarray, " _"]) -> float:
    """Spearman's; NaN where one side has fewer than three values; 0 where one is constant."""
    if len(first) < 3:
        return float("nan")
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return 0.0
    return float(stats.spearmanr(first, second).statistic)


def _all_but_one(count: int) -> Bool[np.ndarray, "versions words"]:
    return ~np.eye(count + 1, count, dtype=bool)
