"""Almost stochastic order between models' errors (the paper's Appendix B; Dror et al. 2019)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from deepsig import aso
from jaxtyping import Float

from xsb_core.training.evaluation import Evaluation

EPSILON = 0.3
LEVEL = 0.05
# deepsig takes a tenth of a second for each of a thousand pairs; 200 tell the bound's spread to 5%.
RESAMPLES = 200


@dataclass(frozen=True)
class Order:
    """Whether one model's squared errors are almost stochastically smaller than another's.

    Attributes:
        better: The model with the smaller mean squared error.
        worse: The other one.
        epsilon_min: Upper bound of how far ``better`` violates the order: 0 for none at all.
        epsilon: Below this bound the order is called significant.
        level: Significance level, before it is divided by the number of comparisons.
        comparisons: How many pairs of models were compared.
    """

    better: str
    worse: str
    epsilon_min: float
    epsilon: float
    level: float
    comparisons: int

    @property
    def significant(self) -> bool:
        """Whether ``better`` is superior."""
        return self.epsilon_min < self.epsilon


def almost_stochastic_order(
    better: Float[np.ndarray, " P"],
    worse: Float[np.ndarray, " Q"],
    comparisons: int = 1,
    seed: int = 0,
) -> float:
    """ε_min for the hypothesis that the first errors are the smaller ones.

    Args:
        better: Errors of the model believed to be better.
        worse: Errors of the other one.
        comparisons: The level 0.05 is divided by this (Bonferroni).
        seed: Of the bootstrap.

    Returns:
        ε_min in [0, 1]; below 0.3 the order is called significant. It is 1 for equal errors, for
        which it is not defined.
    """
    if np.array_equal(better, worse):
        return 1.0
    # deepsig compares scores, of which more is better. Its own num_comparisons corrects too little
    # from three comparisons on, so the corrected level is given instead.
    return float(
        aso(
            (-better).tolist(),
            (-worse).tolist(),
            confidence_level=1 - LEVEL / comparisons,
            num_bootstrap_iterations=RESAMPLES,
            show_progress=False,
            seed=seed,
        )
    )


def compare_all(evaluations: list[Evaluation]) -> Iterator[Order]:
    """Tests every two models, the one with the smaller mean error as the better one.

    Args:
        evaluations: Of models on the same pairs.

    Yields:
        One order for each two models; a test of a thousand pairs takes some twenty seconds.
    """
    pairs = list(combinations(evaluations, 2))
    for two in pairs:
        better, worse = sorted(two, key=lambda one: one.squared_errors.mean())
        bound = almost_stochastic_order(better.squared_errors, worse.squared_errors, len(pairs))
        yield Order(better.model, worse.model, bound, EPSILON, LEVEL, len(pairs))
