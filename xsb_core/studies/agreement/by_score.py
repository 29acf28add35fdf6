"""Agreement of two runs against the score that they predict (paper, section 4.4; F3)."""

from dataclasses import dataclass

import pandas as pd

from xsb_core.attribution.numerals import counted
from xsb_core.errors import DataError
from xsb_core.studies.findings import Beside, Spread, few_note, spread

ABOVE = 0.75
# The paper's figure for Tuned and Exact at layer 11, section 4.4.
PAPER_ABOVE = Spread(0.81, 0.07, 0)


@dataclass(frozen=True)
class ByScore:
    """Rank correlations of two runs' cells.

    Attributes:
        runs: The two runs.
        layer: The first run's layer.
        table: One row a pair with a correlation: id, score (mean of both predictions) and the
            agreements' other columns.
        above: Mean and deviation of the correlations above the score of 0.75.
        undefined: Pairs without a correlation.
        notes: What limits these figures.
    """

    runs: tuple[str, str]
    layer: int
    table: pd.DataFrame
    above: Spread
    undefined: int
    notes: tuple[str, ...]

    def beside(self) -> list[Beside]:
        """The mean above the threshold beside the paper's."""
        return [
            Beside(
                f"Spearman where the mean score is above {ABOVE}",
                f"{PAPER_ABOVE} (Tuned and Exact, layer 11 of 12)",
                f"{self.above} (layer {self.layer}, {self.above.count:,} of "
                f"{counted(len(self.table), 'pair')})",
            )
        ]


def between(agreements: pd.DataFrame, first: str, second: str) -> pd.DataFrame:
    """The agreements of two runs, in whichever order they were compared.

    Args:
        agreements: From ``pair_agreements``.
        first: A run.
        second: Another.

    Returns:
        Its rows with the first run's fields under suffix ``_1``; and ``score``, the mean of both,
        and ``layer`` and ``blocks``, the first run's.

    Raises:
        DataError: If the two share no pairs.
    """
    one, other = agreements["run_1"], agreements["run_2"]
    turn = {
        f"{name}_{here}": f"{name}_{there}"
        for name in ("run", "layer", "blocks", "score")
        for here, there in ((1, 2), (2, 1))
    }
    straight = agreements[(one == first) & (other == second)]
    turned = agreements[(one == second) & (other == first)].rename(columns=turn)
    own = pd.concat([part for part in (straight, turned) if len(part)] or [straight])
    if own.empty:
        raise DataError(
            f"There are no pairs that {first} and {second} share at one layer; give results of two "
            "different runs over the same pairs and layer."
        )
    return own.assign(
        score=(own["score_1"] + own["score_2"]) / 2, layer=own["layer_1"], blocks=own["blocks_1"]
    )


def spearman_by_score(
    agreements: pd.DataFrame, first: str, second: str, layer: int, above: float = ABOVE
) -> ByScore:
    """Sets two runs' rank correlations against their mean predicted score.

    Args:
        agreements: From ``pair_agreements``.
        first: A run.
        second: Another.
        layer: The first run's layer.
        above: The score from which on mean and deviation are taken.

    Raises:
        DataError: If the two share no pairs.
    """
    own = between(agreements, first, second)
    own = own[own["layer"] == layer]
    defined = own[own["spearman"].notna()].reset_index(drop=True)
    found = spread(defined.loc[defined["score"] > above, "spearman"].to_numpy())
    undefined = len(own) - len(defined)
    notes = few_note(found.count, f" with a score above {above}")
    if undefined:
        notes += (undefined_note(undefined, len(own)),)
    return ByScore((first, second), layer, defined, found, undefined, notes)


def undefined_note(count: int, of: int) -> str:
    """Says that some pairs have no correlation."""
    return (
        f"{count:,} of {of:,} pairs have no rank correlation, because all cells of a matrix are "
        "alike; they are left out."
    )
