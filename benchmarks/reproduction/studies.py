"""The paper's claims of Figures 6 to 12 and Tables 3 and 4, and what is found of each."""

import numpy as np
import pandas as pd

from benchmarks.reproduction.bases import Base
from benchmarks.reproduction.rules import (
    FAILS,
    HOLDS,
    WEAKER,
    Estimate,
    Ours,
    both,
    mean,
    percentile,
    rank_correlation,
    share,
)
from xsb_core.attribution.function_words import carries_little
from xsb_core.studies.lexical.ranking import PAPER_SPEARMAN, rank_agreement, ranking
from xsb_core.studies.lexical.same_tokens import TokenCells
from xsb_core.studies.negation.findings import PAPER
from xsb_core.studies.syntax.word_pairs import WordPairs, frequencies, frequency_agreement

_TOP, _BOTTOM, _DENSITIES = 20, 10, 30
# A negation that is clearly negative takes so much of the score.
_CLEAR = 0.05


def subjects_first(base: Base) -> Ours:
    """Figure 6: holds if nsubj–nsubj is first in both, weaker if among the first three."""
    found = [_relations(one).loc["nsubj–nsubj"] for one in base.gathered(WordPairs)]
    ranks = [int(one["rank"]) for one in found]
    verdict = HOLDS if max(ranks) == 1 else (WEAKER if max(ranks) <= 3 else FAILS)
    return Ours(", ".join(f"{one['share']:.1%} (rank {one['rank']:.0f})" for one in found), verdict)


def subject_with_predicate(base: Base) -> Ours:
    """Figure 6: holds if it is Shelf's first mixed relation and lower in Exact."""
    tables = [_relations(one) for one in base.gathered(WordPairs)]
    ranks = [int(table.loc["nsubj–root", "rank"]) for table in tables]
    mixed = tables[0].index[[len(set(name.split("–"))) == 2 for name in tables[0].index]]
    verdict = both(
        HOLDS if mixed[0] == "nsubj–root" else FAILS, HOLDS if ranks[1] > ranks[0] else FAILS
    )
    return Ours(f"rank {ranks[0]} (first mixed: {mixed[0]}), rank {ranks[1]}", verdict)


def subject_with_object(base: Base) -> Ours:
    """Figure 6: holds if Exact has more and the intervals are apart, weaker if more."""
    shelf, exact = (
        share((one.links["relation"] == "nsubj–obj").to_numpy()) for one in base.gathered(WordPairs)
    )
    more = HOLDS if exact.low > shelf.high else WEAKER
    return Ours(
        f"{shelf.value:.1%}, {exact.value:.1%}", more if exact.value > shelf.value else FAILS
    )


def same_function_agrees(base: Base) -> Ours:
    """Figure 6: holds if frequencies of same-function pairs agree more than those of others."""
    agreed = frequency_agreement(*base.gathered(WordPairs))
    return Ours(
        f"{agreed.same:.2f}, {agreed.mixed:.2f}", HOLDS if agreed.same > agreed.mixed else FAILS
    )


def _relations(study: WordPairs) -> pd.DataFrame:
    return frequencies(study).set_index("relation")


def clear_negation(base: Base) -> Ours:
    """Figure 7: holds if a negation of Exact takes more than 5% of a score."""
    lowest = -base.table("negation/plain", "exact")["share"].min()
    return Ours(f"{lowest:.0%} below 0", HOLDS if lowest > _CLEAR else FAILS)


def few_negative(base: Base, variant: str, table: str = "plain") -> Ours:
    """Figure 8: the share of negations whose total is negative."""
    found = share((base.table(f"negation/{table}", variant)["total"] < 0).to_numpy())
    return Ours(
        f"{found.value:.0%} of {_count(base, table)}", found.at_most(PAPER[variant].negative)
    )


def small_shares(base: Base, variant: str, table: str = "plain") -> Ours:
    """Figure 8: the share of the score that 90% of the negations stay below."""
    found = percentile(base.table(f"negation/{table}", variant)["share"].to_numpy(), 0.9)
    return Ours(f"{found.value:.0%}", found.at_most(PAPER[variant].share_90))


def _count(base: Base, table: str) -> int:
    return base.table(f"negation/{table}").groupby("model").size().max()


def opposites_lower(base: Base, variant: str) -> Ours:
    """Figure 9: holds if the mean difference is above 0 by its interval, weaker if above 0."""
    synonyms, opposites = _adjectives(base, variant)
    found = mean(synonyms - opposites)
    verdict = HOLDS if found.low > 0 else (WEAKER if found.value > 0 else FAILS)
    return Ours(f"{opposites.mean():+.3f} against {synonyms.mean():+.3f}", verdict)


def opposites_rarely_negative(base: Base, variant: str) -> Ours:
    """Figure 9: holds if less than half are, by the interval."""
    found = share(_adjectives(base, variant)[1] < 0)
    return Ours(f"{found.value:.0%}", HOLDS if found.high < 0.5 else FAILS)


def example_of_adjectives(base: Base) -> Ours:
    """Figure 11: holds if the synonym's cell is the larger one in both models."""
    parts = [[float(side[0]) for side in _adjectives(base, name)] for name in ("shelf", "exact")]
    said = "; ".join(f"{synonym:+.3f}, {opposite:+.3f}" for synonym, opposite in parts)
    return Ours(said, both(*(HOLDS if one[0] > one[1] else FAILS for one in parts)))


def _adjectives(base: Base, variant: str) -> tuple[np.ndarray, np.ndarray]:
    """Attributions to synonyms and to opposites, triplet by triplet."""
    own = base.table("adjectives/paper", variant)
    wide = own.pivot(index="triplet", columns="kind", values="attribution")
    return wide["synonym"].to_numpy(), wide["opposite"].to_numpy()


def ranks_agree(base: Base) -> Ours:
    """Figure 10: the rank correlation of tokens' mean cells."""
    tokens = rank_agreement(*base.gathered(TokenCells)).tokens
    found: Estimate = rank_correlation(tokens["mean_1"].to_numpy(), tokens["mean_2"].to_numpy())
    return Ours(f"{found.value:.2f} ({len(tokens)} tokens)", found.at_least(PAPER_SPEARMAN))


def consistent(base: Base) -> Ours:
    """Figure 12: holds if all of the 30 highest tokens deviate by less than their mean."""
    counts = []
    for study in base.gathered(TokenCells):
        highest = ranking(study).head(_DENSITIES)
        counts.append(int((highest["deviation"] < highest["mean"]).sum()))
    verdict = HOLDS if min(counts) == _DENSITIES else _most(counts, _DENSITIES)
    return Ours(", ".join(f"{count} of {_DENSITIES}" for count in counts), verdict)


def little_words_last(base: Base) -> Ours:
    """Tables 3 and 4: holds if nine of the ten lowest tokens are such, weaker if more than half."""
    lowest = [ranking(one)["token"].tail(_BOTTOM) for one in base.gathered(TokenCells)]
    counts = [sum(map(carries_little, tokens)) for tokens in lowest]
    verdict = HOLDS if min(counts) >= _BOTTOM - 1 else _most(counts, _BOTTOM)
    return Ours(", ".join(f"{count} of {_BOTTOM}" for count in counts), verdict)


def _most(counts: list[int], of: int) -> str:
    return WEAKER if min(counts) > of / 2 else FAILS


def numbers_high(base: Base) -> Ours:
    """Tables 3 and 4: holds if Exact has numbers among its first 20 and Shelf's best is lower."""
    best = []
    for study in base.gathered(TokenCells):
        table = ranking(study)
        own = table[table["token"].str.isdecimal()]
        if own.empty:
            return Ours("no number comes often enough", FAILS)
        best.append((own["token"].iloc[0], int(own["rank"].iloc[0])))
    (_, shelf), (_, exact) = best
    verdict = both(HOLDS if exact <= _TOP else FAILS, HOLDS if shelf > exact else FAILS)
    return Ours(", ".join(f"`{token}` rank {rank}" for token, rank in best), verdict)
