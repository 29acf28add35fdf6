"""Foretells, from embeddings along the path, where the nodes should lie and how many it takes.

Along the path the integrand of all factors together is the derivative of e(x(α)). Embeddings at a
few points, which cost no derivative, give a polynomial for it. Where it is large the path is walked
slowly; what Gauss–Legendre makes of it tells the error, long before any tangent is computed.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import torch
from jaxtyping import Float
from numpy.polynomial import chebyshev
from torch import Tensor

from xsb_core.pace import Pace
from xsb_core.path import GAUSS_LEGENDRE, quadrature

FEWEST_NODES, MOST_NODES = 4, 128
FIRST_INTERVALS = 12

# Samples lie closer half way, where embeddings turn over.
SAMPLING = Pace(0.5, 0.2)

# e(x(α)) at the given α, one row a point, in float64 on the CPU. Torch sums over rows: the threads
# of numpy's own matrix library, waiting for more, would slow down the tangents that follow.
Sample = Callable[[Float[np.ndarray, " M"]], Float[Tensor, "M D"]]


class PathProfile:
    """The embedding along the path, sampled at nested points as finely as needed.

    Attributes:
        values: e(x(α)) at the points so far, from α = 0 to α = 1.
    """

    def __init__(self, sample: Sample) -> None:
        self._sample = sample
        self.values = sample(sample_points(FIRST_INTERVALS))

    def residual(self, count: int) -> float:
        """The relative completeness residual to expect of so many nodes, at the best pace."""
        while 5 * count > 2 * self._intervals:  # the polynomial must be the finer of the two
            self._refine()
        gap = self.values[-1] - self.values[0]
        nodes, weights = quadrature(GAUSS_LEGENDRE, count, self.pace())
        size = torch.linalg.vector_norm(gap)
        error = torch.linalg.vector_norm(weights @ self._slopes(nodes.numpy()) - gap)
        return float(error / size) if size else 0.0

    def pace(self) -> Pace | None:
        """Slowest about the centre of where the embedding changes; None where it does so evenly."""
        time = (np.arange(64) + 0.5) / 64
        alpha, spent = SAMPLING.alpha(time), SAMPLING.speed(time) / len(time)
        change = self._slopes(alpha).square().sum(1).numpy()
        fast = change >= change.max() / 4  # slopes of at least half the steepest
        if fast[0] and fast[-1]:
            return None
        centre = (change * alpha * spent).sum() / (change * spent).sum()
        return Pace(float(centre), 0.35 * float(spent[fast].sum()))

    @property
    def _intervals(self) -> int:
        return len(self.values) - 1

    def _slopes(self, alpha: Float[np.ndarray, " N"]) -> Float[Tensor, "N D"]:
        """The derivative of e(x(α))."""
        time = SAMPLING.time(alpha)
        rows = chebyshev.chebvander(2 * time - 1, self._intervals - 1)
        rows = torch.from_numpy(rows / SAMPLING.speed(time)[:, None])
        return rows @ (slope_matrix(self._intervals) @ self.values)

    def _refine(self) -> None:
        """Halves the intervals; every second point is there already."""
        points = sample_points(2 * self._intervals)
        values = self.values.new_empty(len(points), self.values.shape[1])
        values[::2], values[1::2] = self.values, self._sample(points[1::2])
        self.values = values


def sample_points(intervals: int) -> Float[np.ndarray, " M"]:
    """α of the samples: Chebyshev points of the second kind at the sampling pace, ascending."""
    return SAMPLING.alpha(_chebyshev_points(intervals))


@lru_cache
def slope_matrix(intervals: int) -> Float[Tensor, "degree M"]:
    """From values at Chebyshev points to the Chebyshev coefficients of d/dt of their polynomial."""
    to_coefficients = np.linalg.inv(
        chebyshev.chebvander(2 * _chebyshev_points(intervals) - 1, intervals)
    )
    return torch.from_numpy(chebyshev.chebder(to_coefficients, scl=2))


def nodes_for(profile: PathProfile, tolerance: float) -> int:
    """The fewest Gauss–Legendre nodes, from 4 to 128, that should meet a tolerance."""
    counts = range(FEWEST_NODES, MOST_NODES)
    return next((n for n in counts if profile.residual(n) <= tolerance), MOST_NODES)


def _chebyshev_points(intervals: int) -> Float[np.ndarray, " M"]:
    return (1 - np.cos(np.pi * np.arange(intervals + 1) / intervals)) / 2
