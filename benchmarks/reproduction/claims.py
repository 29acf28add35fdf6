"""The paper's claims of Table 1 and Figures 1 to 5, and what is found of each on a base model."""

import numpy as np

from benchmarks.reproduction.bases import MPNET, Base
from benchmarks.reproduction.rules import (
    FAILS,
    HOLDS,
    WEAKER,
    Estimate,
    Ours,
    both,
    mean,
    rank_correlation,
    share,
)
from xsb_core.attribution.account import REFERENCE_BOUND
from xsb_core.encoders.ready import PAPER_EVALUATION
from xsb_core.studies.agreement import by_layer, by_score
from xsb_core.studies.reference_terms import (
    PAPER_BELOW,
    PAPER_WITHIN,
    TERM_BOUND,
    reference_terms,
)
from xsb_core.studies.signs import sign_sums

# What the shift may cost, in these points.
_LITTLE = 0.7


def shelf_predicts(base: Base) -> Ours:
    """Table 1, first row: a figure of the model, which no other model need have."""
    found = round(_spearman(base, "shelf")[0], 1)
    verdict = HOLDS if found == PAPER_EVALUATION["shelf"] else FAILS
    return Ours(f"{found:.1f}", verdict if base is MPNET else None)


def tuning_pays(base: Base) -> Ours:
    """Holds if both gain significantly, weaker if both gain."""
    shelf, *others = _spearman(base, "shelf", "tuned", "exact")
    gains = [other - shelf for other in others]
    sure = all(_significant(base, name, "shelf") for name in ("tuned", "exact"))
    verdict = (HOLDS if sure else WEAKER) if min(gains) > 0 else FAILS
    return Ours(f"{gains[0]:+.1f}, {gains[1]:+.1f}", verdict)


def shift_costs_little(base: Base) -> Ours:
    """Holds if at most 0.7 points are lost and Tuned isn't significantly better."""
    exact, tuned = _spearman(base, "exact", "tuned")
    loss = exact - tuned
    worse = _significant(base, "tuned", "exact")
    said = "significant" if worse else "not significant"
    return Ours(
        f"{loss:+.1f}, {said}",
        both(FAILS if worse else HOLDS, HOLDS if loss >= -_LITTLE else FAILS),
    )


def orig_between(base: Base) -> Ours:
    """Holds if Orig. is below Exact and above Shelf, weaker if below Exact alone."""
    orig, exact, shelf = _spearman(base, "orig", "exact", "shelf")
    below, above = orig - exact, orig - shelf
    verdict = (HOLDS if above > 0 else WEAKER) if below < 0 else FAILS
    return Ours(f"{below:+.1f}, {above:+.1f}", verdict)


def _spearman(base: Base, *variants: str) -> list[float]:
    found = {line["model"]: line["spearman"] for line in base.evaluated() if "model" in line}
    base.check(found, *variants)
    return [found[name] for name in variants]


def _significant(base: Base, better: str, worse: str) -> bool:
    return any(
        line["significant"]
        for line in base.evaluated()
        if (line.get("better"), line.get("worse")) == (better, worse)
    )


def terms_of_tuned(base: Base) -> Ours:
    """Figure 1 over all pairs: holds if the median similarity is within 0.1, the term above 0.9."""
    found = reference_terms(base.references("tuned"), base.models["tuned"])
    near, term = float(np.median(np.abs(found.similarities))), float(np.median(found.terms))
    return Ours(
        f"{near:.3f}, {term:.3f}",
        both(HOLDS if near <= REFERENCE_BOUND else FAILS, HOLDS if term >= TERM_BOUND else FAILS),
    )


def neutral_references(base: Base) -> Ours:
    """Figure 2, left, of Shelf."""
    found = reference_terms(base.references("shelf"), base.models["shelf"])
    own = share(np.abs(found.similarities) <= REFERENCE_BOUND)
    return Ours(f"{own.value:.1%}", own.at_least(PAPER_WITHIN, 0.5))


def reference_term_near_one(base: Base) -> Ours:
    """Figure 2, right, of Shelf."""
    found = reference_terms(base.references("shelf"), base.models["shelf"])
    own = share(found.terms < TERM_BOUND)
    return Ours(f"{own.value:.1%}", own.at_most(PAPER_BELOW))


def agreement_rises(base: Base) -> Ours:
    """Figure 3: holds if the rank correlation of score and agreement is above 0."""
    own = base.agreements(left=1).dropna(subset="spearman")
    found = rank_correlation(own["score"].to_numpy(), own["spearman"].to_numpy())
    return Ours(f"ρ = {found.value:+.2f}", HOLDS if found.low > 0 else FAILS)


def agreement_of_similar(base: Base) -> Ours:
    """Figure 3, scores above 0.75."""
    values = _agreed(base, 1, "spearman", by_score.ABOVE)
    return Ours(_spread(values), mean(values).at_least(by_score.PAPER_ABOVE.mean))


def agreement_falls(base: Base) -> Ours:
    """Figure 4: holds if each layer down lowers it, weaker if all three together do."""
    parts = [
        own[own["score"] > by_layer.ABOVE].set_index("id")["spearman"]
        for own in (base.agreements(left) for left in (1, 2, 3))
    ]
    steps = [mean((parts[at] - parts[to]).to_numpy()) for at, to in ((0, 1), (1, 2), (0, 2))]
    falls = all(one.low > 0 for one in steps[:2])
    verdict = HOLDS if falls else (WEAKER if steps[2].low > 0 else FAILS)
    return Ours(", ".join(f"{part.mean():.2f}" for part in parts), verdict)


def _at_layers(base: Base, measure: str, *lefts: int) -> Ours:
    found = [_agreed(base, left, measure, by_layer.ABOVE) for left in lefts]
    papers = [float(by_layer.PAPER[measure][left].split()[0]) for left in lefts]
    verdicts = [mean(one).at_least(paper) for one, paper in zip(found, papers, strict=True)]
    return Ours(", ".join(map(_spread, found)), both(*verdicts))


def pearson_stays(base: Base) -> Ours:
    """Figure 4, four blocks left."""
    return _at_layers(base, "pearson", 4)


def top_three_agree(base: Base) -> Ours:
    """Figure 4, one and four blocks left."""
    return _at_layers(base, "jaccard_3", 1, 4)


def top_ten_agree(base: Base) -> Ours:
    """Figure 4, one and four blocks left."""
    return _at_layers(base, "jaccard_10", 1, 4)


def _agreed(base: Base, left: int, measure: str, above: float) -> np.ndarray:
    own = base.agreements(left)
    return own.loc[own["score"] > above, measure].dropna().to_numpy()


def _spread(values: np.ndarray) -> str:
    return f"{values.mean():.2f} ± {values.std():.2f}"


def sums_exceed(base: Base) -> Ours:
    """Figure 5 by cells that add up to the score plus one (through)."""
    return _above_bound(base, base.models["shelf"])


def sums_exceed_endpoint(base: Base) -> Ours:
    """Figure 5 by the published treatment of the cosine."""
    return _above_bound(base, f"{base.models['shelf']} (endpoint)")


def _above_bound(base: Base, shelf: str) -> Ours:
    """Holds if Shelf's share is above Exact's and the intervals are apart, weaker if above."""
    measures = base.measurements.measures
    shares: list[Estimate] = []
    for run in (shelf, base.models["exact"]):
        base.check(measures.loc[measures["layer"] == base.layer, "run"].unique(), run)
        found = sign_sums(measures, run, base.layer)
        shares.append(share(found.table["positive"].to_numpy() > found.bound))
    own, exact = shares
    apart = own.low > exact.high
    verdict = HOLDS if apart else (WEAKER if own.value > exact.value else FAILS)
    return Ours(f"{own.value:.1%}, {exact.value:.1%}", verdict)
