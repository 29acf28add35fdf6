"""Tokens ranked by the mean of their same-token cells, and two models' ranks."""

from dataclasses import dataclass

import pandas as pd
from scipy import stats

from xsb_core.attribution.numerals import correlation
from xsb_core.errors import DataError
from xsb_core.studies.lexical.same_tokens import LexicalStudy

LEAST = 30  # the paper's: tokens with at least so many cells


@dataclass(frozen=True, eq=False)
class RankAgreement:
    """Two models' ranks of the tokens that both have often enough.

    Attributes:
        spearman: Rank correlation of the means, in [−1, 1]; NaN for one token.
        tokens: One row a token, by its rank in the first model: token, and of each model (suffixes
            _1 and _2) rank (among these tokens, 1 is the highest mean), count, mean, deviation.
    """

    spearman: float
    tokens: pd.DataFrame


def ranking(study: LexicalStudy, least: int = LEAST) -> pd.DataFrame:
    """The tokens with enough cells, highest mean first.

    Args:
        study: One model's same-token cells.
        least: How many cells a token needs.

    Returns:
        The rows of ``study.tokens`` with a first column rank, from 1; equal means in the order of
        the tokens' spelling.

    Raises:
        DataError: If no token has so many.
    """
    enough = study.tokens[study.tokens["count"] >= least]
    if enough.empty:
        raise DataError(_none_enough(study, least))
    ranked = enough.sort_values(["mean", "token"], ascending=[False, True], ignore_index=True)
    ranked.insert(0, "rank", range(1, len(ranked) + 1))
    return ranked


def rank_agreement(first: LexicalStudy, second: LexicalStudy, least: int = LEAST) -> RankAgreement:
    """Compares two models' ranks (the paper's Fig. 10).

    Args:
        first: One model's same-token cells.
        second: Another's, of the same or of other pairs.
        least: How many cells a token needs in each.

    Returns:
        The ranks among the tokens that both have.

    Raises:
        DataError: If a model has no such token, or both none in common.
    """
    columns = ["token", "count", "mean", "deviation"]
    one, other = ranking(first, least)[columns], ranking(second, least)[columns]
    both = one.merge(other, on="token", suffixes=("_1", "_2"))
    if both.empty:
        raise DataError(
            f"{first.model} and {second.model} have no token in common that comes {least} times "
            "in both texts of a pair; lower the count, or compare models with like vocabularies."
        )
    for suffix in ("_1", "_2"):
        ranks = both[f"mean{suffix}"].rank(ascending=False, method="first").astype(int)
        both[f"rank{suffix}"] = ranks
    names = [f"{name}{suffix}" for suffix in ("_1", "_2") for name in ("rank", *columns[1:])]
    spearman = stats.spearmanr(both["mean_1"], both["mean_2"]).statistic if len(both) > 1 else "nan"
    return RankAgreement(float(spearman), both[["token", *names]])


def study_sentence(study: LexicalStudy, least: int = LEAST) -> str:
    """What a study is of, and how many of its tokens have enough cells."""
    enough = int((study.tokens["count"] >= least).sum())
    return (
        f"{study.model}, layer {study.settings['layer']} of {study.settings['blocks']} blocks: "
        f"{study.cells:,} same-token cells in {study.pairs:,} pairs ({', '.join(study.sources)}); "
        f"{enough:,} tokens have at least {least}."
    )


def rank_sentence(agreed: RankAgreement, first: str, second: str) -> str:
    """How far two models' ranks agree, in words with the models' names."""
    return (
        f"Ranks of {len(agreed.tokens):,} tokens in {first} and {second}: Spearman "
        f"{correlation(agreed.spearman)}."
    )


def _none_enough(study: LexicalStudy, least: int) -> str:
    if study.tokens.empty:
        return (
            f"No token is in both texts of any of the {study.pairs:,} pairs of {study.model}; "
            "give pairs that share words."
        )
    top = study.tokens.loc[study.tokens["count"].idxmax()]
    return (
        f"No token of {study.model} has {least} same-token cells in {study.pairs:,} pairs (the "
        f"most frequent, ‹{top['token']}›, has {top['count']}); lower the count, or give more "
        "pairs."
    )
