"""Agreement of two runs by layer (paper, section 4.4; F4)."""

from dataclasses import dataclass
from math import isfinite

import pandas as pd

from xsb_core.comparison.agreement import MEASURES
from xsb_core.studies.agreement.by_score import between, undefined_note
from xsb_core.studies.findings import FEW, Beside, spread

ABOVE = 0.5
# Agreements from which the largest cells, and the order of all, are said to be trusted.
_SHARED, _ALIKE = 0.6, 0.8
# Figures in the paper's text, section 4.4, by measure and by the blocks that the layer leaves of 12
# (layer 11 leaves one). Its Spearman of layer 11 is that of scores above 0.75.
PAPER = {
    "spearman": {2: "0.60 ± 0.13", 3: "0.40 ± 0.17"},
    "pearson": {4: "0.80 ± 0.11"},
    "jaccard_3": {1: "0.88 ± 0.17", 4: "0.75 ± 0.20"},
    "jaccard_10": {1: "0.83 ± 0.10", 4: "0.60 ± 0.14"},
}


@dataclass(frozen=True)
class ByLayer:
    """Means of two runs' agreement at each layer.

    Attributes:
        runs: The two runs.
        above: Only pairs with a mean predicted score above this count.
        blocks: Blocks of the first run's model.
        table: One row a layer (the first run's) and measure: layer, measure, mean, deviation,
            pairs (with a value).
        notes: What limits these figures.
    """

    runs: tuple[str, str]
    above: float
    blocks: int
    table: pd.DataFrame
    notes: tuple[str, ...]

    def answer(self) -> str:
        """Where, by layer, one run's cells are ranked as the other's: a sentence."""
        rows = self.table[(self.table["measure"] == "spearman") & (self.table["pairs"] > 0)]
        if rows.empty:
            return f"No pair scores above {self.above:g}, so how far both agree isn't known."
        deep = rows.loc[rows["layer"].idxmax()]
        first, second = self.runs
        jaccards = self.table[self.table["measure"] == "jaccard_3"]
        top = jaccards.loc[jaccards["layer"] == deep["layer"], "mean"].item()
        largest = "Trust the few largest cells" if top >= _SHARED else "Trust not even the largest"
        order = "and the order of all" if deep["mean"] >= _ALIKE else "not the order of small ones"
        return (
            f"{largest}, {order}: {first} and {second} share {top:.2f} of their three largest "
            f"(Jaccard; 1 is all three), and order all cells alike to {deep['mean']:.2f} "
            f"(Spearman; 1 is the same order), at layer {deep['layer']} over "
            f"{deep['pairs']:,} pairs that score above {self.above:g}."
        )

    def beside(self) -> list[Beside]:
        """Every mean, deepest layer first; the paper's at the layer that leaves as many blocks."""
        rows = self.table.sort_values(["layer"], ascending=False, kind="stable")
        lines = []
        for row in rows.itertuples():
            left = self.blocks - row.layer
            paper = PAPER[row.measure].get(left)
            lines.append(
                Beside(
                    f"{MEASURES[row.measure]}, layer {row.layer} of {self.blocks}",
                    f"{paper} (layer {12 - left} of 12)" if paper else "not given",
                    f"{row.mean:.2f} ± {row.deviation:.2f} ({row.pairs:,} pairs)"
                    if row.pairs
                    else "not defined",
                )
            )
        return lines


def agreement_by_layer(
    agreements: pd.DataFrame, first: str, second: str, above: float = ABOVE
) -> ByLayer:
    """Means and deviations of the four measures by layer.

    Args:
        agreements: From ``pair_agreements``.
        first: A run.
        second: Another.
        above: Only pairs with a mean predicted score above this count.

    Raises:
        DataError: If the two share no pairs.
        ValueError: If ``above`` is no number that a score can have.
    """
    if not isfinite(above):
        raise ValueError(f"Pairs are taken above a score, such as {ABOVE}, not {above}.")
    own = between(agreements, first, second)
    high = own[own["score"] > above]
    layers = sorted(own["layer"].unique().tolist())
    rows = []
    for layer in layers:
        for measure in MEASURES:
            found = spread(high.loc[high["layer"] == layer, measure].to_numpy())
            rows.append((layer, measure, found.mean, found.deviation, found.count))
    table = pd.DataFrame(rows, columns=["layer", "measure", "mean", "deviation", "pairs"])
    blocks, others = (int(own[name].iloc[0]) for name in ("blocks_1", "blocks_2"))
    notes = _notes(high, layers, above)
    if blocks != others:
        notes = (
            f"Layers are those of {first}, which has {blocks} blocks; {second} has {others} and "
            "meets them at the layers that leave as many blocks.",
            *notes,
        )
    return ByLayer((first, second), above, blocks, table, notes)


def _notes(high: pd.DataFrame, layers: list[int], above: float) -> tuple[str, ...]:
    notes: tuple[str, ...] = ()
    if len(layers) == 1:
        notes += (f"There is one layer only ({layers[0]}), so the effect of depth is not seen.",)
    counts = {layer: int((high["layer"] == layer).sum()) for layer in layers}
    if few := [layer for layer, count in counts.items() if count < FEW]:
        notes += (
            f"Fewer than {FEW} pairs have a score above {above} at layer "
            f"{', '.join(map(str, few))}: too few for means to say much.",
        )
    if len(set(counts.values())) > 1:
        each = ", ".join(f"{layer}: {count:,}" for layer, count in counts.items())
        notes += (f"Layers rest on different numbers of pairs ({each}).",)
    if undefined := int(high["spearman"].isna().sum()):
        notes += (undefined_note(undefined, len(high)),)
    return notes
