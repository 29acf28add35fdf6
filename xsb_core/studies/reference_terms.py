"""How near to nought reference similarities are, and to one the reference term (paper, 4.3; F2)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float

from xsb_core.attribution.account import REFERENCE_BOUND
from xsb_core.attribution.result import SIMILARITIES
from xsb_core.errors import DataError
from xsb_core.studies.findings import Beside, Chart, Findings, few_note, percent

# The paper's figures, section 4.3.
PAPER_WITHIN, PAPER_BELOW = 0.858, 0.067
TERM_BOUND = 0.9


@dataclass(frozen=True)
class References:
    """The reference terms of a run's pairs.

    Attributes:
        run: The run.
        ids: The pairs' ids.
        similarities: f(a, r_b) of all pairs, then f(b, r_a); −1 to 1 for cosine.
        terms: f(r_a, r_b) of all pairs.
        within: Share of the similarities within ±0.1.
        below: Share of the terms below 0.9.
        vanish: Whether the encoder is shifted, so that all terms are 0.
        notes: What limits these figures.
    """

    run: str
    ids: tuple[str, ...]
    similarities: Float[np.ndarray, " _"]
    terms: Float[np.ndarray, " pairs"]
    within: float
    below: float
    vanish: bool
    notes: tuple[str, ...]

    @property
    def pairs(self) -> int:
        """How many pairs."""
        return len(self.ids)

    def answer(self) -> str:
        """How much of the score is not of the pair: a sentence."""
        if self.vanish:
            return f"In {self.run} an empty text adds nothing: all of the score is token pairs'."
        return (
            f"In {self.run} a text is hardly similar to an empty one (within ±{REFERENCE_BOUND} of "
            f"0 in {percent(self.within)} of cases, over {self.pairs:,} pairs), so little of a "
            "score is of no pair of words."
        )

    def beside(self) -> list[Beside]:
        """Both shares beside the paper's; none where all terms vanish by design."""
        if self.vanish:
            return []
        of = f"({self.run}, {self.pairs:,} pairs)"
        return [
            Beside(
                f"f(a, r_b) and f(b, r_a) within ±{REFERENCE_BOUND}",
                percent(PAPER_WITHIN),
                f"{percent(self.within)} {of}",
            ),
            Beside(
                f"f(r_a, r_b) below {TERM_BOUND}",
                percent(PAPER_BELOW),
                f"{percent(self.below)} {of}",
            ),
        ]

    def table(self) -> pd.DataFrame:
        """One row a pair: run, id, a_rb, b_ra, ra_rb."""
        a_rb, b_ra = np.split(self.similarities, 2)
        return pd.DataFrame(
            {"run": self.run, "id": self.ids, "a_rb": a_rb, "b_ra": b_ra, "ra_rb": self.terms}
        )


def reference_findings(measures: pd.DataFrame, runs: Sequence[str]) -> Findings:
    """The reference terms of some runs, beside the paper's.

    Args:
        measures: From ``pair_measures``, of one run or several.
        runs: Which of them.

    Raises:
        DataError: If one is not there.

    Examples:
        >>> found = measure_runs(["results"])
        >>> reference_findings(found.measures, found.runs()).table.columns.tolist()
        ['run', 'id', 'a_rb', 'b_ra', 'ra_rb']
    """
    found = [reference_terms(measures, run) for run in runs]
    return Findings(
        "references",
        "Similarities with references",
        tuple(one.answer() for one in found),
        pd.concat([one.table() for one in found], ignore_index=True),
        {
            f"terms_{number}": Chart("reference_histograms", (one,), one.run)
            for number, one in enumerate(found, 1)
        },
        tuple(line for one in found for line in one.beside()),
        tuple(note for one in found for note in one.notes),
    )


def reference_terms(measures: pd.DataFrame, run: str) -> References:
    """Sums up the reference terms of a run.

    They are of embeddings only, so every layer has the same; a pair counts once.

    Args:
        measures: From ``pair_measures``, of one run or several.
        run: Which of them.

    Raises:
        DataError: If there is no such run.
    """
    own = measures[measures["run"] == run].drop_duplicates("id")
    if own.empty:
        raise DataError(f"There is no run {run}; there are {', '.join(measures['run'].unique())}.")
    terms = own["ra_rb"].to_numpy(float)
    similarities = _similarities(own)
    notes = few_note(len(own))
    vanish = bool(own["shifted"].iloc[0])
    if vanish:
        notes += (
            f"{run} is shifted: it maps references to zero, so all three terms vanish and these "
            "histograms say nothing of it.",
        )
    measure = own["similarity"].iloc[0]
    if measure != "cosine":
        notes += (
            f"{run} compares by {SIMILARITIES[measure]}, for which the bounds of the paper don't "
            "hold.",
        )
    elif not vanish:
        notes += neutral_note(own, run)
    return References(
        run=run,
        ids=tuple(own["id"]),
        similarities=similarities,
        terms=terms,
        within=_within(similarities),
        below=float((terms < TERM_BOUND).mean()),
        vanish=vanish,
        notes=notes,
    )


def neutral_note(measures: pd.DataFrame, run: str) -> tuple[str, ...]:
    """A warning where most similarities with references are far from 0, for cosine.

    Args:
        measures: From ``pair_measures``, of one run.
        run: Its name.
    """
    within = _within(_similarities(measures))
    if within >= 0.5:
        return ()
    return (
        f"Only {percent(within)} of {run}'s similarities with references are within "
        f"±{REFERENCE_BOUND}: its references are not neutral, so the bound of 2 and the paper's "
        "figures say nothing of it.",
    )


def _similarities(measures: pd.DataFrame) -> Float[np.ndarray, " _"]:
    return measures[["a_rb", "b_ra"]].to_numpy(float).T.ravel()


def _within(similarities: Float[np.ndarray, " _"]) -> float:
    return float((np.abs(similarities) <= REFERENCE_BOUND).mean())
