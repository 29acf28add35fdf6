"""The text of docs/reproduction.md."""

from collections import Counter
from textwrap import fill

import pandas as pd

from benchmarks.reproduction import COMPUTED
from benchmarks.reproduction.bases import MINILM, MPNET, Base, NotComputedError
from benchmarks.reproduction.published_rule import COUNT, STEPS
from benchmarks.reproduction.rules import FAILS, HOLDS, WEAKER, Ours
from benchmarks.reproduction.table import CLAIMS, Claim
from benchmarks.results import markdown_table
from xsb_core.encoders.ready import MPNET_MODELS, ready_models

_NONE = "not computed"
_SIGNS = "results.md#positive-and-negative-cells-figure-5-and-whether-sums-above-2-are-an-artefact"
# How the columns of the published rule's errors are written.
_ERRORS = {
    "residual": ("residual", ".3f"),
    "worst": ("largest error of a cell", ".1%"),
    "flipped": ("cells of the other sign", ".1%"),
    "flipped_weight": ("their share of the sum of sizes", ".2%"),
    "spearman": ("Spearman with the converged cells", ".3f"),
    "jaccard_3": ("Jaccard of the top 3", ".2f"),
    "jaccard_10": ("Jaccard of the top 10", ".2f"),
}


def document() -> str:
    """The page, from the shipped assets alone."""
    found = [(claim, *(_found(claim, base) for base in (MPNET, MINILM))) for claim in CLAIMS]
    return f"""# Reproduction

The claims of Möller, Nikolaev and Padó (2024), beside what this project finds: on the paper's own
model, all-mpnet-base-v2 (12 blocks), and on the embedded all-MiniLM-L6-v2 (6 blocks). Every figure
of ours is made of the assets by `python -m benchmarks.results`, which writes this page and
[results.md](results.md), where each study is told at length. T and F are the paper's tables and
figures.

{_summary(found)}

{_tables(found)}

## How to read it

{_missing()}

**Verdicts** follow from the figures by rule. A claim of a level holds where the 95% interval of
our figure reaches the paper's, or lies on the side that the claim is of; it is weaker where our
figure is on that side of chance only (0 for correlations, half for shares). A claim of an order
holds where intervals are apart, or that of the difference leaves out 0; it is weaker where only the
means are in that order. A claim of two parts is weaker where one of them holds. Each rule stands
with its claim in `benchmarks/reproduction`. They were written when all figures of MiniLM were
known, and of all-mpnet-base-v2 Shelf's of T1, F2 and F8 (negative shares). No setting was tuned to
the paper.

**Commands** compute what is of all-mpnet-base-v2; those for MiniLM stand in
[results.md](results.md).

**Layers** are matched by the blocks that they leave before the score in F3 and F4; elsewhere the
paper's layer 9 of 12 is MiniLM's 4 of 6, both three quarters up. *Published treatment* is the
`endpoint` of [method.md](method.md), by which cells of an unshifted model don't add up to the
paper's Eq. 2.

**What does not hold on MiniLM**, and what was tried: agreement does not fall with depth (F4), over
all pairs and all six layers; one block of six is a larger part of a model than one of twelve, which
may be why. That positive
sums exceed their bound in Shelf rather than in Exact (F5) is the published treatment's doing: at
every layer both treatments were computed, see [results.md]({_SIGNS}). *not* takes much of Shelf's
score (F8) by either treatment, and at layers 5, 4 and 3. F6 rests on a small parser that gets a
third of the words wrong, and T3, T4, F10 and F12 on STS-B's pairs where the paper has QQP's.

## What the numerical error of the published rule does

{_published_rule()}

## Computing the rest

In this order, in the repository's root; what was ended goes on where it was:

    export STSB=../shared/data/stsb STANZA=../shared/data/stanza XSB_MPNET=FOLDER
    for variant in tuned exact orig; do
      xsb train --variant $variant --lora --data $STSB \\
        --base sentence-transformers/all-mpnet-base-v2 \\
        --output assets/models/mpnet-$variant
    done
    python -m benchmarks.reproduction predict references published-rule
    python -m benchmarks.reproduction negation adjectives agreement
    python -m benchmarks.reproduction syntax lexical
    python -m benchmarks.results

`benchmarks/reproduction/steps.sh` has the commands of each step, which count the variants whose
adapters are in `assets/models`. Of STS-B test, layers 11, 10 and 9 are of all pairs, 8 of every
fourth and 7 of every eighth, at tolerance 1e-2.

{_computed()}
"""


def _tables(found: list[tuple]) -> str:
    """A table for the claims of each step, behind the step's command."""
    heads = ("claim", "paper", *(f"ours, {base.name}" for base in (MPNET, MINILM)), "verdict")
    parts = []
    for step in dict.fromkeys(claim.step for claim in CLAIMS):
        rows = [
            (
                f"{claim.where}: {claim.says}",
                claim.paper,
                *(_NONE if one is None else one.figure for one in ours),
                _verdicts(*ours),
            )
            for claim, *ours in found
            if claim.step == step
        ]
        parts += [f"`python -m benchmarks.reproduction {step}`", markdown_table(heads, rows)]
    return "\n\n".join(parts)


def _found(claim: Claim, base: Base) -> Ours | None:
    try:
        return claim.found(base)
    except NotComputedError:
        return None


def _verdicts(mpnet: Ours | None, minilm: Ours | None) -> str:
    told = {"mpnet": mpnet, "MiniLM": minilm}
    said = [f"{name}: {one.verdict}" for name, one in told.items() if one and one.verdict]
    return "; ".join(said) or "–"


def _summary(found: list[tuple]) -> str:
    """How many claims hold, a sentence a base."""
    parts = []
    for at, base in enumerate((MPNET, MINILM), 1):
        judged = Counter(row[at].verdict for row in found if row[at] and row[at].verdict)
        parts.append(
            f"{base.name}: {judged.total()} of {len(CLAIMS)} claims are judged; hold: "
            f"{judged[HOLDS]}, weaker: {judged[WEAKER]}, do not hold: {judged[FAILS]}."
        )
    return "\n".join(f"- {part}" for part in parts)


def _missing() -> str:
    """Why cells have no figure."""
    lacking = [name for name in MPNET_MODELS if name not in ready_models()]
    reasons = []
    if lacking:
        reasons.append(f"the adapters of {', '.join(lacking)} are not in assets/models yet")
    known = set(_steps()["step"])
    if left := [name for name in dict.fromkeys(c.step for c in CLAIMS) if name not in known]:
        reasons.append(f"the steps {', '.join(left)} have not been run on all-mpnet-base-v2")
    if not reasons:
        return "All of it is computed."
    return fill(f"*Not computed*: {'; '.join(reasons)}.", 100, break_on_hyphens=False)


def _published_rule() -> str:
    try:
        table = MPNET.table("published-rule")
    except NotComputedError:
        return f"{_NONE.capitalize()} yet (`published-rule`)."
    layers = dict(list(table.groupby("layer", sort=False)))
    rows = [
        (name, *(_span(own[column], form) for own in layers.values()))
        for column, (name, form) in _ERRORS.items()
    ]
    heads = ("", *(f"layer {layer}, {len(own)} of {COUNT} pairs" for layer, own in layers.items()))
    nodes = table["nodes_converged"]
    told = (
        f"The published rule, right endpoints with N = {STEPS}, against cells of Shelf that have "
        f"converged to 1e-3 (with {nodes.min()} to {nodes.max()} nodes), both by the published "
        "treatment of the cosine, on pairs of STS-B test spread evenly over it; median, and in "
        "brackets least and most. Errors are parts of the largest cell."
    )
    return f"""{fill(told, 100)}

{markdown_table(heads, rows)}

What it does to F3, F4 and the ranks of tokens takes Tuned and Exact, and is not computed."""


def _span(values: pd.Series, form: str) -> str:
    return f"{values.median():{form}} ({values.min():{form}} to {values.max():{form}})"


def _steps() -> pd.DataFrame:
    return pd.read_csv(COMPUTED)


def _computed() -> str:
    rows = [
        (
            f"`{one.step}`" + ("" if one.whole else " (not to its end)"),
            f"{one.processor_seconds / 60:.1f}",
            one.machine,
            f"{one.load}",
            one.ended,
        )
        for one in _steps().itertuples()
    ]
    heads = ("step", "processor minutes", "machine", "load meanwhile", "on")
    return f"Computed so far:\n\n{markdown_table(heads, rows)}"
