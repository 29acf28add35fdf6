"""Agreement of Tuned and Exact on STS-B test (the paper's Figures 3 and 4)."""

from textwrap import fill

import pandas as pd

from benchmarks.results import markdown_table
from xsb_core.comparison.agreement import MEASURES
from xsb_core.studies.agreement.by_layer import PAPER, agreement_by_layer
from xsb_core.studies.agreement.by_score import PAPER_ABOVE, between, spearman_by_score
from xsb_core.studies.measurements import STSB, Measurements

_RUNS = ("tuned", "exact")
_PAPER_BLOCKS = 12


def section() -> str:
    """Spearman for high scores, and the four measures, by layer."""
    agreements = Measurements.load(STSB).agreements
    own = between(agreements, *_RUNS)
    layers = sorted(own["layer"].unique().tolist(), reverse=True)
    high = [("the paper's, layer 11 of 12", PAPER_ABOVE, "not given", "1,379")]
    for layer in layers:
        found = spearman_by_score(agreements, *_RUNS, layer)
        high.append(
            (f"layer {layer} of 6", found.above, f"{found.above.count:,}", f"{len(found.table):,}")
        )
    by_layer = agreement_by_layer(agreements, *_RUNS)
    means = by_layer.table.set_index(["layer", "measure"])
    rows = []
    for layer in layers:
        cells = [means.loc[(layer, name)] for name in MEASURES]
        values = [f"{one['mean']:.2f} ± {one['deviation']:.2f}" for one in cells]
        rows.append((f"{layer} of 6", *values, f"{int(cells[0]['pairs']):,}"))
    for left in (1, 2, 3, 4):
        values = [PAPER[name].get(left, "–") for name in MEASURES]
        rows.append((f"the paper's {_PAPER_BLOCKS - left} of 12", *values, "–"))
    return f"""Spearman correlation of all cells of tuned and exact, where the mean predicted score
is above 0.75:

{markdown_table(("layer", "Spearman", "pairs above 0.75", "pairs"), high)}

Pairs with a score above 0.5 (deviations behind ±; – where the paper's text gives no figure):

{markdown_table(("layer", *MEASURES.values(), "pairs"), rows)}

{_trend(own, by_layer.table)}"""


def _highest(by_layer: pd.DataFrame) -> str:
    """At which layer the mean of each measure is highest."""
    best = by_layer.loc[by_layer.groupby("measure")["mean"].idxmax()].set_index("measure")["layer"]
    named = {name: label.replace(",", " of the") for name, label in MEASURES.items()}
    return ", ".join(f"{best[name]} by {label}" for name, label in named.items())


def _trend(own: pd.DataFrame, by_layer: pd.DataFrame) -> str:
    deepest = own[own["layer"] == own["layer"].max()]
    bins = [(-1, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1.01)]
    means = [
        deepest.loc[(deepest["score"] > low) & (deepest["score"] <= top), "spearman"].mean()
        for low, top in bins
    ]
    return fill(
        f"As in the paper, agreement rises with the score (layer {own['layer'].max()}: mean "
        f"Spearman {means[0]:.2f} up to a score of 0.25, {means[1]:.2f} up to 0.5, {means[2]:.2f} "
        f"up to 0.75, {means[3]:.2f} above). Means are highest at layer "
        f"{_highest(by_layer)}; Spearman counts small cells as much as large ones. The paper's are "
        "highest just before the score. With one block left both models here agree less than the "
        "paper's do; one block of six is a larger part of a model than one of twelve, which may be "
        "why.",
        100,
    )
