"""Sums of positive against sums of negative cells (paper, section 4.5; F5)."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float
from scipy.stats import gaussian_kde
from statsmodels.nonparametric.smoothers_lowess import lowess

from xsb_core.attribution.cosine import usual_cosine
from xsb_core.attribution.result import SIMILARITIES
from xsb_core.errors import DataError
from xsb_core.studies.findings import FEW, Beside, Chart, Findings, few_note, percent
from xsb_core.studies.reference_terms import neutral_note

# A curve through fewer points is one through noise.
FEWEST_FOR_CURVES = 10
_POINTS = 100


@dataclass(frozen=True)
class Signs:
    """A run's positive and negative sums at a layer.

    Attributes:
        run: The run.
        layer: The layer.
        usual: Whether the cosine is treated as is the model's default.
        table: One row a pair: run, layer, id, positive, negative, total (their sum).
        bound: The largest possible score plus what the references add to the total: 1 for shifted
            encoders, 2 for others (the paper's Eqs. 2 and 4); None for dot product.
        above: Share of pairs whose positive cells add up to more than the bound; NaN without one.
        total_above: Share of pairs whose cells, negative ones included, add up to more than that.
        smooth: LOWESS of negative by positive sums, as points x, y; None with too few or constant
            sums.
        density: Gaussian kernel density of the positive sums, as points x, y; None likewise.
        notes: What limits these figures.
    """

    run: str
    layer: int
    usual: bool
    table: pd.DataFrame
    bound: float | None
    above: float
    total_above: float
    smooth: Float[np.ndarray, "2 _"] | None
    density: Float[np.ndarray, "2 _"] | None
    notes: tuple[str, ...]

    def beside(self) -> list[Beside]:
        """The share above the bound; the paper only says which of two models has more."""
        if self.bound is None:
            return []
        here = f"{percent(self.above)} ({self.run}, layer {self.layer}, {len(self.table):,} pairs)"
        paper = "no figure; more often in Shelf (above 2) than in Exact (above 1)"
        return [Beside(f"Positive cells add up to more than {self.bound:.0f}", paper, here)]


def sign_findings(measures: pd.DataFrame, places: Iterable[tuple[str, int]]) -> Findings:
    """Sums of positive against sums of negative cells, and whether the method makes those above 2.

    Args:
        measures: From ``pair_measures``, of one run or several.
        places: Which runs, at which layers.

    Raises:
        DataError: If there is no such run at its layer.

    Examples:
        >>> found = measure_runs(["results"])
        >>> sign_findings(found.measures, [(found.runs()[0], 5)]).title
        'Sums of positive and of negative cells'
    """
    found = [sign_sums(measures, *place) for place in places]
    return Findings(
        "signs",
        "Sums of positive and of negative cells",
        tuple(both.answer() for both in treatments(measures)),
        pd.concat([one.table for one in found], ignore_index=True),
        {"signs": Chart("sign_scatter", (found,), "Positive against negative")},
        tuple(line for one in found for line in one.beside()),
        tuple(note for one in found for note in one.notes),
    )


def at_one_depth(measures: pd.DataFrame) -> tuple[int, pd.DataFrame]:
    """Measures with the layers of models of any depth in one count.

    Args:
        measures: From ``pair_measures``, of one run or several.

    Returns:
        The blocks of the deepest model; and the measures with a column ``place``, its layer that
        leaves as many blocks before the score.
    """
    blocks = int(measures["blocks"].max())
    return blocks, measures.assign(place=measures["layer"] + blocks - measures["blocks"])


def sign_sums(measures: pd.DataFrame, run: str, layer: int) -> Signs:
    """Sums up the signs of a run's cells.

    Args:
        measures: From ``pair_measures``, of one run or several.
        run: Which of them.
        layer: The layer.

    Raises:
        DataError: If there is no such run at that layer.
    """
    own = measures[(measures["run"] == run) & (measures["layer"] == layer)]
    if own.empty:
        raise DataError(f"There is no run {run} at layer {layer}; choose among those there are.")
    table = own[["run", "layer", "id", "positive", "negative"]].reset_index(drop=True)
    table["total"] = table["positive"] + table["negative"]
    measure = own["similarity"].iloc[0]
    unbounded = measure != "cosine"
    shifted = bool(own["shifted"].iloc[0])
    bound = None if unbounded else (1.0 if shifted else 2.0)
    notes = few_note(len(own))
    if unbounded:
        notes += (f"{run} compares by {SIMILARITIES[measure]}, whose scores have no bound.",)
    elif not shifted:
        notes += neutral_note(own, run)
    positive, negative = (table[name].to_numpy(float) for name in ("positive", "negative"))
    curves = len(own) >= FEWEST_FOR_CURVES and np.ptp(positive) > 1e-9
    if not curves:
        notes += (f"No curves are drawn: they take {FEWEST_FOR_CURVES} pairs whose sums differ.",)
    return Signs(
        run=run,
        layer=layer,
        usual=unbounded or own["cosine"].iloc[0] == usual_cosine(shifted=shifted),
        table=table,
        bound=bound,
        above=_share(positive, bound),
        total_above=_share(table["total"].to_numpy(), bound),
        smooth=_smooth(positive, negative) if curves else None,
        density=_density(positive) if curves else None,
        notes=notes,
    )


def _share(values: np.ndarray, bound: float | None) -> float:
    return float("nan") if bound is None else float((values > bound).mean())


def _smooth(
    x: Float[np.ndarray, " pairs"], y: Float[np.ndarray, " pairs"]
) -> Float[np.ndarray, "2 points"]:
    points = lowess(y, x, delta=0.01 * np.ptp(x))
    return points.T[:, np.isfinite(points.T).all(0)]


def _density(values: Float[np.ndarray, " pairs"]) -> Float[np.ndarray, "2 points"]:
    kernel = gaussian_kde(values)
    margin = 3 * float(np.sqrt(kernel.covariance.item()))
    x = np.linspace(values.min() - margin, values.max() + margin, _POINTS)
    return np.stack([x, kernel(x)])


@dataclass(frozen=True)
class Treatments:
    """One unshifted model's sums under both cosine treatments, on the same pairs.

    Attributes:
        model: The model.
        layer: The layer.
        pairs: Pairs that both treatments have.
        expected: Mean of f(a,b) − f(a,r_b) − f(b,r_a) + f(r_a,r_b), the left side of Eq. 2, to
            which cells should add up.
        through: Mean total, largest deviation from Eq. 2, share of positive sums above 2.
        endpoint: The same.
    """

    model: str
    layer: int
    pairs: int
    expected: float
    through: tuple[float, float, float]
    endpoint: tuple[float, float, float]

    def answer(self) -> str:
        """Whether sums above 2 come from the method, in words with the figures."""
        total, gap, above = self.through
        total_e, gap_e, above_e = self.endpoint
        few = f" Only {self.pairs} pairs: too few for shares." if self.pairs < FEW else ""
        if above_e > 2 * above:
            verdict = (
                "so most of these sums are an artefact of that treatment, the published one; only "
                f"the {percent(above)} under through are the model's own"
            )
        elif above:
            verdict = "so the published treatment does not explain the sums above 2"
        else:
            verdict = "so no sum above 2 is left to explain"
        return (
            f"On {self.pairs:,} pairs at layer {self.layer}, {self.model}'s cells should add up to "
            f"{self.expected:.2f} on average (Eq. 2). Under through they add up to {total:.2f} (at "
            f"most {gap:.3f} off in a pair), and the positive ones exceed 2 in {percent(above)} of "
            f"the pairs. Under endpoint they add up to {total_e:.2f} (up to {gap_e:.2f} off) and "
            f"exceed 2 in {percent(above_e)}, {verdict}.{few}"
        )


def treatments(measures: pd.DataFrame) -> list[Treatments]:
    """Compares both cosine treatments wherever an unshifted model has both on the same pairs."""
    found = []
    plain = measures[~measures["shifted"].astype(bool)]
    for (model, layer), own in plain.groupby(["model", "layer"]):
        two = [own[own["cosine"] == name].set_index("id") for name in ("through", "endpoint")]
        shared = two[0].index.intersection(two[1].index)
        if len(shared):
            through, endpoint = (table.loc[shared] for table in two)
            expected = through["score"] - through["a_rb"] - through["b_ra"] + through["ra_rb"]
            found.append(
                Treatments(
                    model=model,
                    layer=int(layer),
                    pairs=len(shared),
                    expected=float(expected.mean()),
                    through=_summed(through, expected),
                    endpoint=_summed(endpoint, expected),
                )
            )
    return found


def _summed(table: pd.DataFrame, expected: pd.Series) -> tuple[float, float, float]:
    total = table["positive"] + table["negative"]
    return (
        float(total.mean()),
        float((total - expected).abs().max()),
        float((table["positive"] > 2).mean()),
    )
