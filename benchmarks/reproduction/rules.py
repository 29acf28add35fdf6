"""How a verdict follows from figures; intervals are of 95%."""

from dataclasses import dataclass

import numpy as np
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

HOLDS, WEAKER, FAILS = "holds", "weaker", "does not hold"
_LEVEL = 1.96


@dataclass(frozen=True)
class Ours:
    """What was found of a claim.

    Attributes:
        figure: The figures, as they are written.
        verdict: One of the three; None where a figure is of the model alone.
    """

    figure: str
    verdict: str | None


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval."""

    value: float
    low: float
    high: float

    def at_least(self, paper: float, floor: float = 0.0) -> str:
        """Of a claim of a high figure: the paper's is reached, or at least the floor is passed."""
        return HOLDS if self.high >= paper else (WEAKER if self.low > floor else FAILS)

    def at_most(self, paper: float, ceiling: float = 0.5) -> str:
        """Of a claim of a low figure."""
        return HOLDS if self.low <= paper else (WEAKER if self.high < ceiling else FAILS)


def share(values: np.ndarray) -> Estimate:
    """The share of trues, with Wilson's interval."""
    low, high = proportion_confint(int(values.sum()), len(values), method="wilson")
    return Estimate(float(values.mean()), float(low), float(high))


def mean(values: np.ndarray) -> Estimate:
    """The mean of values that are numbers, with its normal interval."""
    some = values[~np.isnan(values)]
    wide = _LEVEL * some.std() / np.sqrt(len(some))
    return Estimate(float(some.mean()), float(some.mean() - wide), float(some.mean() + wide))


def rank_correlation(a: np.ndarray, b: np.ndarray) -> Estimate:
    """Spearman's correlation, with the interval of Bonett and Wright (2000)."""
    value = float(stats.spearmanr(a, b, nan_policy="omit").statistic)
    wide = _LEVEL * np.sqrt((1 + value**2 / 2) / (len(a) - 3))
    low, high = np.tanh(np.arctanh(value) + np.array([-wide, wide]))
    return Estimate(value, float(low), float(high))


def percentile(values: np.ndarray, at: float) -> Estimate:
    """A percentile, with the interval of 1,000 resamples."""
    random = np.random.default_rng(0)
    drawn = np.quantile(random.choice(values, (1000, len(values))), at, axis=1)
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Estimate(float(np.quantile(values, at)), float(low), float(high))


def both(*verdicts: str) -> str:
    """Of a claim of several parts: what all have, or weaker where they differ."""
    return verdicts[0] if len(set(verdicts)) == 1 else WEAKER
