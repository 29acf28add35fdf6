"""Tokens ranked by the mean of their same-token cells, and two models' ranks."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from scipy import stats

from xsb_core.attribution.numerals import correlation
from xsb_core.errors import DataError
from xsb_core.studies.findings import Beside, Chart, Findings
from xsb_core.studies.gathered import of_models, unlike_notes
from xsb_core.studies.lexical.same_tokens import TokenCells

LEAST = 30  # the paper's: tokens with at least so many cells
RANKED = ["rank", "token", "count", "mean", "deviation"]
# Of Shelf and Exact at layer 8 of 12, on so many pairs of QQP (the paper's Fig. 10).
PAPER_SPEARMAN, PAPER_PAIRS = 0.81, 148_315


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


def ranking(gathered: TokenCells, least: int = LEAST) -> pd.DataFrame:
    """The tokens with enough cells, highest mean first.

    Args:
        gathered: One model's same-token cells.
        least: How many cells a token needs.

    Returns:
        The rows of ``gathered.tokens`` with a first column rank, from 1; equal means in the
        order of the tokens' spelling.

    Raises:
        DataError: If no token has so many.
    """
    enough = gathered.tokens[gathered.tokens["count"] >= least]
    if enough.empty:
        raise DataError(_none_enough(gathered, least))
    ranked = enough.sort_values(["mean", "token"], ascending=[False, True], ignore_index=True)
    ranked.insert(0, "rank", range(1, len(ranked) + 1))
    return ranked


def rank_agreement(first: TokenCells, second: TokenCells, least: int = LEAST) -> RankAgreement:
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
    columns = RANKED[1:]
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


def lexical_findings(gathered: Sequence[TokenCells], least: int = LEAST) -> Findings:
    """Tokens by the mean of their same-token cells; of two models, how far their ranks agree.

    Args:
        gathered: Of one model or more.
        least: How many cells a token needs.

    Raises:
        DataError: If a model has no such token, or two have none in common.
    """
    ranked = {one.model: ranking(one, least) for one in gathered}
    charts = {}
    for number, (model, table) in enumerate(ranked.items(), 1):
        for name, by, what in (
            ("means", "ranking_figure", "highest and lowest means"),
            ("densities", "density_figure", "densities of the highest means"),
        ):
            charts[f"{name}_{number}"] = Chart(by, (table, model), f"{model}: {what}", model)
    answers, beside, notes = [cells_sentence(one, least) for one in gathered], (), ()
    if len(gathered) == 2:
        agreed = rank_agreement(*gathered, least=least)
        answers.insert(0, rank_sentence(agreed, *ranked))
        notes = tuple(unlike_notes(*gathered))
        charts["ranks"] = Chart("rank_figure", (agreed, *ranked), "Ranks in both models")
        paper = f"{PAPER_SPEARMAN} (Shelf and Exact, layer 8 of 12, {PAPER_PAIRS:,} pairs of QQP)"
        here = f"{correlation(agreed.spearman)} ({' and '.join(ranked)})"
        beside = (Beside("Spearman of both models' ranks", paper, here),)
    rows = of_models((model, table[RANKED]) for model, table in ranked.items())
    title = "Lexical bias: same-token cells"
    return Findings("lexical", title, tuple(answers), rows, charts, beside, notes)


def cells_sentence(gathered: TokenCells, least: int = LEAST) -> str:
    """What cells are of, and how many of their tokens have enough."""
    enough = int((gathered.tokens["count"] >= least).sum())
    return (
        f"{gathered.heading}: {gathered.cells:,} same-token cells in {gathered.pairs:,} pairs "
        f"({', '.join(gathered.sources)}); {enough:,} tokens have at least {least}."
    )


def rank_sentence(agreed: RankAgreement, first: str, second: str) -> str:
    """How far two models' ranks agree, in words with the models' names."""
    return (
        f"Ranks of {len(agreed.tokens):,} tokens in {first} and {second}: Spearman "
        f"{correlation(agreed.spearman)}."
    )


def _none_enough(gathered: TokenCells, least: int) -> str:
    pairs = f"{gathered.pairs:,} pairs"
    if gathered.tokens.empty:
        return (
            f"No token is in both texts of any of the {pairs} of {gathered.model}; give pairs that "
            "share words."
        )
    top = gathered.tokens.loc[gathered.tokens["count"].idxmax()]
    return (
        f"No token of {gathered.model} has {least} same-token cells in {pairs} (the most frequent, "
        f"‹{top['token']}›, has {top['count']}); lower the count, or give more pairs."
    )
