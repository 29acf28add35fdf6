"""How many quadrature nodes a tolerance asks for, foretold from the embedding along the path.

Along the path the integrand of all factors together is the derivative of e(x(α)). Embeddings at a
few Chebyshev points, which cost no derivative, give a polynomial for it, and what Gauss–Legendre
with N nodes makes of that polynomial tells its error, long before any tangent is computed.
"""

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from jaxtyping import Float
from numpy.polynomial import chebyshev

from xsb_core.path import GAUSS_LEGENDRE, quadrature

FEWEST_NODES, MOST_NODES = 4, 128
FIRST_INTERVALS = 16

# e(x(α)) at the given α, one row a point.
Sample = Callable[[Float[np.ndarray, " M"]], Float[np.ndarray, "M D"]]


class PathProfile:
    """The embedding along the path, sampled at nested Chebyshev points as finely as needed.

    Attributes:
        values: e(x(α)) at the points so far, from α = 0 to α = 1.
    """

    def __init__(self, sample: Sample) -> None:
        self._sample = sample
        self.values = sample(chebyshev_points(FIRST_INTERVALS))

    def residual(self, count: int) -> float:
        """The relative completeness residual to expect of Gauss–Legendre with so many nodes."""
        while 8 * count > 3 * self._intervals:
            self._refine()
        gap = self.values[-1] - self.values[0]
        integral = integration_row(self._intervals, count) @ self.values
        size = np.linalg.norm(gap)
        return float(np.linalg.norm(integral - gap) / size) if size else 0.0

    @property
    def _intervals(self) -> int:
        return len(self.values) - 1

    def _refine(self) -> None:
        """Halves the intervals; every second point is there already."""
        points = chebyshev_points(2 * self._intervals)
        values = np.empty((len(points), self.values.shape[1]))
        values[::2], values[1::2] = self.values, self._sample(points[1::2])
        self.values = values


def chebyshev_points(intervals: int) -> Float[np.ndarray, " M"]:
    """Chebyshev points of the second kind on [0, 1], ends included, ascending."""
    return (1 - np.cos(np.pi * np.arange(intervals + 1) / intervals)) / 2


@lru_cache(maxsize=256)
def integration_row(intervals: int, count: int) -> Float[np.ndarray, " M"]:
    """Weights that turn values at Chebyshev points into the integral of their slope.

    The slope is that of the polynomial through the values, the integral that of Gauss–Legendre
    with ``count`` nodes.
    """
    points = 2 * chebyshev_points(intervals) - 1
    nodes, weights = (part.numpy() for part in quadrature(GAUSS_LEGENDRE, count))
    slopes = chebyshev.chebder(np.eye(intervals + 1), scl=2)  # d/dα of each basis polynomial
    integrals = weights @ chebyshev.chebval(2 * nodes - 1, slopes).T
    return np.linalg.solve(chebyshev.chebvander(points, intervals).T, integrals)


def nodes_for(probe: Callable[[int], float], tolerance: float) -> int:
    """Foretells how many Gauss–Legendre nodes meet a tolerance.

    The error falls geometrically in the number of nodes, so two probes give its rate; a prediction
    far beyond the probes is probed again half way.

    Args:
        probe: The residual to expect at a number of nodes.
        tolerance: The residual to meet.

    Returns:
        A number of nodes from 4 to 128.
    """
    few, error_few = FEWEST_NODES, probe(FEWEST_NODES)
    if error_few <= tolerance:
        return few
    many = 6
    while True:
        error_many = probe(many)
        rate = min((error_many / error_few) ** (1 / (many - few)), 0.95)
        guess = few + math.ceil(math.log(tolerance / error_few) / math.log(rate)) if rate else many
        if error_many <= tolerance:
            return min(guess, many)
        if guess <= 2 * many or many == MOST_NODES:
            return min(max(guess, many + 1), MOST_NODES)
        few, error_few, many = many, error_many, min(2 * many, MOST_NODES)
