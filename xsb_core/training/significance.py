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
        better: The model that violates the order less.
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
    first: Float[np.ndarray, " P"],
    second: Float[np.ndarray, " Q"],
    comparisons: int = 1,
    seed: int = 0,
) -> tuple[float, float]:
    """ε_min of the hypotheses that the first errors are the smaller ones, and that the second are.

    Args:
        first: Errors of a model.
        second: Errors of another.
        comparisons: The level 0.05 is divided by this (Bonferroni).
        seed: Of the bootstrap.

    Returns:
        Both bounds, in [0, 1]; below 0.3 an order is called significant. They are 1 for equal
        errors, for which they are not defined.

    Examples:
        >>> errors = np.linspace(0, 1, 10)
        >>> almost_stochastic_order(errors, errors + 1)[0]  # the first are smaller throughout
        0.0
    """
    if np.array_equal(first, second):
        return 1.0, 1.0
    # deepsig compares scores, of which more is better. Its own correction for several comparisons
    # is too weak from three on, so the corrected level is given instead; and its short cut to the
    # second direction (multi_aso) counts a grid point there that it leaves out in the first.
    scores = (-first).tolist(), (-second).tolist()
    forwards, backwards = (
        aso(
            *two,
            confidence_level=1 - LEVEL / comparisons,
            num_bootstrap_iterations=RESAMPLES,
            show_progress=False,
            seed=seed,
        )
        for two in (scores, scores[::-1])
    )
    return float(forwards), float(backwards)


def compare_all(evaluations: list[Evaluation]) -> Iterator[Order]:
    """Tests every two models in both directions.

    Args:
        evaluations: Of models on the same pairs.

    Yields:
        For each two models the order that is violated less; a test of a thousand pairs takes some
        forty seconds.

    Examples:
        >>> scored = read_scored("scored.csv")
        >>> two = [evaluate(load_encoder(name), scored) for name in ("shelf", "exact")]
        >>> [order.comparisons for order in compare_all(two)]
        [1]
    """
    pairs = list(combinations(evaluations, 2))
    for first, second in pairs:
        bounds = almost_stochastic_order(first.squared_errors, second.squared_errors, len(pairs))
        two = (first, second) if bounds[0] <= bounds[1] else (second, first)
        yield Order(two[0].model, two[1].model, min(bounds), EPSILON, LEVEL, len(pairs))
