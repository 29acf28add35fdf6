"""Does a pair's attribution hold? Deletion curves and figures, each beside chance."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float

from xsb_core.attribution.result import Attribution
from xsb_core.encoders.encoder import Encoder
from xsb_core.evidence.deletion import Deletions, aopc, infidelity, rank_correlation
from xsb_core.evidence.methods import Claims

ORDERS = 50  # random ones


@dataclass(frozen=True, eq=False)
class PairEvidence:
    """What deletion says of a pair's net cells.

    Attributes:
        score: f(a, b).
        how: How words were deleted: "removed", or "replaced by" which token.
        curves: One row a text and number of deleted words: text, deleted, then the score by order:
            "highest first", "lowest first", "by single deletion", and low and high, between which
            95% of 50 random orders lie.
        figures: One row a figure: what, value, low, high (what 95% of chance, 50 random claims,
            gives), better (whether it lies beyond chance, on the better side).
    """

    score: float
    how: str
    curves: pd.DataFrame
    figures: pd.DataFrame

    @property
    def sentence(self) -> str:
        """The answer in words."""
        row = self.figures.iloc[0]
        words = "falls faster" if row["better"] else "does not fall clearly faster"
        return (
            f"With the words of the highest net totals {self.how} first, the score {words} than by "
            f"chance: by {row['value']:.3f} on average over the first half of the words "
            f"(chance {row['low']:.3f} to {row['high']:.3f})."
        )


def pair_evidence(
    encoder: Encoder,
    result: Attribution,
    how: str = "removed",
    progress: Callable[[float], None] = lambda _: None,
) -> PairEvidence:
    """Deletes the words of a pair, and compares what the model gives with what its cells claim.

    Args:
        encoder: The encoder that the result is of.
        result: The pair's attribution, at token level.
        how: "removed", or "masked".
        progress: Told how much is done, 0 to 1; what it raises ends the work.

    Returns:
        Curves and figures. Source: docs/method.md, section 13.

    Raises:
        ValueError: For another way, or a result at word level.

    Examples:
        >>> pair_evidence(encoder, result).figures["what"].iloc[0]
        'comprehensiveness'
    """
    pair = Deletions(encoder, result, how)
    own = Claims(encoder).claim("net", pair, {}).grouped(pair.groups_a, pair.groups_b)
    totals, alone = (own.totals_a, own.totals_b), pair.leave_one_out
    rng = np.random.default_rng(0)
    curves = pd.concat(
        [
            _curves(
                pair,
                side,
                totals[side],
                alone[side],
                rng,
                lambda share, side=side: progress((side + share) / 2),
            )
            for side in (0, 1)
        ],
        ignore_index=True,
    )
    assert own.cells is not None
    interactions = pair.interactions
    chance = []
    for _ in range(ORDERS):
        drawn = tuple(rng.permutation(values) for values in totals)
        cells = rng.permutation(own.cells.ravel()).reshape(own.cells.shape)
        chance.append(_figures(pair, drawn, alone, cells, interactions))
    values = _figures(pair, totals, alone, own.cells, interactions)
    rows = []
    for name, value in values.items():
        others = [one[name] for one in chance if not np.isnan(one[name])]
        low, high = np.percentile(others, [2.5, 97.5]) if others else (np.nan, np.nan)
        more = name not in ("sufficiency", "infidelity")
        better = value > high if more else value < low
        rows.append({"what": name, "value": value, "low": low, "high": high, "better": better})
    return PairEvidence(pair.score, pair.done, curves, pd.DataFrame(rows))


def _figures(
    pair: Deletions,
    totals: tuple[np.ndarray, ...],
    alone: tuple[np.ndarray, ...],
    cells: Float[np.ndarray, "A B"],
    interactions: Float[np.ndarray, "A B"],
) -> dict[str, float]:
    comprehensiveness, sufficiency = aopc(pair, (totals[0], totals[1]))
    correlations = [rank_correlation(*one) for one in zip(totals, alone, strict=True)]
    known = [value for value in correlations if not np.isnan(value)]
    return {
        "comprehensiveness": comprehensiveness,
        "sufficiency": sufficiency,
        "leave-one-out": float(np.mean(known)) if known else np.nan,
        "interaction": rank_correlation(cells.ravel(), interactions.ravel()),
        "infidelity": infidelity(cells, interactions),
    }


def _curves(
    pair: Deletions,
    side: int,
    totals: Float[np.ndarray, " words"],
    alone: Float[np.ndarray, " words"],
    rng: np.random.Generator,
    progress: Callable[[float], None],
) -> pd.DataFrame:
    count = len(totals)
    orders = [
        np.argsort(-totals, kind="stable"),
        np.argsort(totals, kind="stable"),
        np.argsort(-alone, kind="stable"),
        *(rng.permutation(count) for _ in range(ORDERS)),
    ]
    scores = pair.score - pair.drops(side, orders, progress)
    scores = np.concatenate([np.full((len(orders), 1), pair.score), scores], axis=1)
    low, high = np.percentile(scores[3:], [2.5, 97.5], axis=0)
    return pd.DataFrame(
        {
            "text": "AB"[side],
            "deleted": np.arange(count + 1),
            "highest first": scores[0],
            "lowest first": scores[1],
            "by single deletion": scores[2],
            "low": low,
            "high": high,
        }
    )
