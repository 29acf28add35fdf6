"""The rows of the table: each claim with the paper's figure, and what computes ours."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from benchmarks.reproduction import claims, studies
from benchmarks.reproduction.bases import Base
from benchmarks.reproduction.rules import Ours


@dataclass(frozen=True)
class Claim:
    """What the paper says.

    Attributes:
        where: In which of its tables and figures.
        says: What, and of which variants the figures are.
        paper: Its figures; a dash where it gives none.
        found: What is found of it on a base model.
        step: What computes it on the paper's model (steps.sh).
    """

    where: str
    says: str
    paper: str
    found: Callable[[Base], Ours]
    step: str


CLAIMS = (
    Claim("T1", "Shelf's Spearman × 100 on STS-B test", "83.4", claims.shelf_predicts, "predict"),
    Claim("T1", "Fine-tuning pays: Tuned, Exact over Shelf", "+4.4, +4.1", claims.tuning_pays,
          "predict"),
    Claim("T1", "The shift costs little: Exact against Tuned", "-0.3, not significant",
          claims.shift_costs_little, "predict"),
    Claim("T1", "Orig. is below Exact, above Shelf", "-1.5, +2.6", claims.orig_between, "predict"),
    Claim("F1", "Tuned: f(a, r) near 0, f(r, r) near 1 (median sizes of all pairs)", "–",
          claims.terms_of_tuned, "references"),
    Claim("F2", "Shelf: most similarities with references are within ±0.1", "85.8%",
          claims.neutral_references, "references"),
    Claim("F2", "Shelf: few reference terms are below 0.9", "6.7%",
          claims.reference_term_near_one, "references"),
    Claim("F3", "Agreement of Tuned and Exact rises with the score (one block left)",
          "“steadily increases”", claims.agreement_rises, "agreement"),
    Claim("F3", "Spearman where scores exceed 0.75 (one block left)", "0.81 ± 0.07",
          claims.agreement_of_similar, "agreement"),
    Claim("F4", "Agreement falls with depth: Spearman, 1, 2 and 3 blocks left", "–, 0.60, 0.40",
          claims.agreement_falls, "agreement"),
    Claim("F4", "Pearson stays high (4 blocks left)", "0.80 ± 0.11", claims.pearson_stays,
          "agreement"),
    Claim("F4", "The three largest cells agree: Jaccard, 1 and 4 blocks left",
          "0.88 ± 0.17, 0.75 ± 0.20", claims.top_three_agree, "agreement"),
    Claim("F4", "The ten largest: Jaccard, 1 and 4 blocks left", "0.83 ± 0.10, 0.60 ± 0.14",
          claims.top_ten_agree, "agreement"),
    Claim("F5", "Positive cells exceed 2 in Shelf more often than 1 in Exact, published treatment",
          "“much more”", claims.sums_exceed_endpoint, "agreement"),
    Claim("F5", "Positive cells exceed 2 in Shelf more often than 1 in Exact, cells that add up",
          "left open", claims.sums_exceed, "agreement"),
    Claim("F6", "nsubj–nsubj is by far the most frequent (Shelf, Exact)", "7%",
          studies.subjects_first, "syntax"),
    Claim("F6", "nsubj–root: Shelf's most frequent mixed relation, in Exact lower",
          "first mixed, rank 14", studies.subject_with_predicate, "syntax"),
    Claim("F6", "nsubj–obj: more in Exact than in Shelf (Shelf, Exact)", "–",
          studies.subject_with_object, "syntax"),
    Claim("F6", "Models agree more on words of one function than on others (rank correlations)",
          "–", studies.same_function_agrees, "syntax"),
    Claim("F7", "Exact: a clearly negative *not* is found (its share of the score)",
          "one shown", studies.clear_negation, "negation"),
    Claim("F8", "Shelf: few *not*s are negative, published treatment", "16% of 87",
          partial(studies.few_negative, variant="shelf", table="endpoint"), "negation"),
    Claim("F8", "Shelf: few *not*s are negative, by cells that add up", "–",
          partial(studies.few_negative, variant="shelf"), "negation"),
    Claim("F8", "Exact: few *not*s are negative", "9% of 87",
          partial(studies.few_negative, variant="exact"), "negation"),
    Claim("F8", "Shelf: in 90% the *not* is less than this of the score, published treatment", "8%",
          partial(studies.small_shares, variant="shelf", table="endpoint"), "negation"),
    Claim("F8", "Shelf: in 90% the *not* is less than this, by cells that add up", "–",
          partial(studies.small_shares, variant="shelf"), "negation"),
    Claim("F8", "Exact: in 90% the *not* is less than this of the score", "14%",
          partial(studies.small_shares, variant="exact"), "negation"),
    Claim("F9", "Shelf: opposites get less than synonyms (means)", "lower",
          partial(studies.opposites_lower, variant="shelf"), "adjectives"),
    Claim("F9", "Exact: opposites get less than synonyms (means)", "lower",
          partial(studies.opposites_lower, variant="exact"), "adjectives"),
    Claim("F9", "Shelf: opposites are rarely negative", "“rarely”",
          partial(studies.opposites_rarely_negative, variant="shelf"), "adjectives"),
    Claim("F9", "Exact: opposites are rarely negative", "“rarely”",
          partial(studies.opposites_rarely_negative, variant="exact"), "adjectives"),
    Claim("F11", "beautiful–pretty gets more than beautiful–ugly (Shelf; Exact)", "shown",
          studies.example_of_adjectives, "adjectives"),
    Claim("F10", "Shelf and Exact rank tokens alike: Spearman", "0.81", studies.ranks_agree,
          "lexical"),
    Claim("F12", "Deviations are below means in the 30 highest tokens (Shelf, Exact)", "“low”",
          studies.consistent, "lexical"),
    Claim("T3, T4", "The lowest ten are punctuation and function words (Shelf, Exact)", "special "
          "tokens and punctuation", studies.little_words_last, "lexical"),
    Claim("T3, T4", "Exact has numbers on top, Shelf does not: best number (Shelf, Exact)",
          "rank 91, rank 1", studies.numbers_high, "lexical"),
)  # fmt: skip
