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

from xsb_core.integration.pace import Pace
from xsb_core.integration.quadrature import GAUSS_LEGENDRE, quadrature

FEWEST_NODES, MOST_NODES = 4, 128
FIRST_INTERVALS = 12

# Samples lie closer half way, where embeddings turn over.
SAMPLING = Pace(0.5, 0.2)

# e(x(α)) of some texts, by their numbers, at the given α, in float64 on the CPU. Torch sums over
# rows: the threads of numpy's own matrix library, waiting for more, would slow down the tangents
# that follow.
Sample = Callable[[list[int], Float[np.ndarray, " M"]], Float[Tensor, "K M D"]]


class PathProfile:
    """The embedding along a text's path, sampled at nested points as finely as needed.

    Attributes:
        values: e(x(α)) at the points so far, from α = 0 to α = 1.
    """

    def __init__(self, values: Float[Tensor, "M D"]) -> None:
        self.values = values

    def fine_enough(self, count: int) -> bool:
        """Whether so many nodes can be judged: the polynomial must be the finer of the two."""
        return 5 * count <= 2 * self._intervals

    def between(self) -> Float[np.ndarray, " M"]:
        """α half way, in time, between the points so far."""
        return sample_points(2 * self._intervals)[1::2]

    def refine(self, values: Float[Tensor, "M D"]) -> None:
        """Halves the intervals, given e(x(α)) at the points ``between``."""
        finer = values.new_empty(2 * self._intervals + 1, values.shape[1])
        finer[::2], finer[1::2] = self.values, values
        self.values = finer

    def residual(self, count: int) -> float:
        """The relative completeness residual to expect of so many nodes, at the best pace."""
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


def profiles_of(sample: Sample, texts: int) -> list[PathProfile]:
    """The profiles of some texts at the fewest points."""
    values = sample(list(range(texts)), sample_points(FIRST_INTERVALS))
    return [PathProfile(own) for own in values]


def nodes_for(profiles: list[PathProfile], tolerance: float, sample: Sample) -> list[int]:
    """The fewest Gauss–Legendre nodes, from 4 to 128, that should meet a tolerance, for each text.

    Args:
        profiles: The texts' profiles, which become as fine as it takes.
        tolerance: Relative completeness residual to meet.
        sample: Gives the points that a profile lacks, for all texts that lack them at once.
    """
    counts = [FEWEST_NODES] * len(profiles)
    open_texts = list(range(len(profiles)))
    while open_texts:
        # all that are still open have been refined alike, so they lack the same points
        open_texts = [text for text in open_texts if _lacks(profiles, counts, text, tolerance)]
        if open_texts:
            finer = sample(open_texts, profiles[open_texts[0]].between())
            for text, values in zip(open_texts, finer, strict=True):
                profiles[text].refine(values)
    return counts


def _lacks(profiles: list[PathProfile], counts: list[int], text: int, tolerance: float) -> bool:
    """Raises a text's count until it should do; whether finer samples are needed to go on."""
    profile = profiles[text]
    while counts[text] < MOST_NODES:
        if not profile.fine_enough(counts[text]):
            return True
        if profile.residual(counts[text]) <= tolerance:
            return False
        counts[text] += 1
    return False


def _chebyshev_points(intervals: int) -> Float[np.ndarray, " M"]:
    return (1 - np.cos(np.pi * np.arange(intervals + 1) / intervals)) / 2
