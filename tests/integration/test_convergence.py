"""Foretelling where the nodes should lie and how many it takes."""

import math

import numpy as np
import pytest
import torch

from xsb_core.integration.convergence import (
    MOST_NODES,
    PathProfile,
    nodes_for,
    profiles_of,
    sample_points,
    slope_matrix,
)
from xsb_core.integration.quadrature import quadrature


def sampler(*functions):
    """Several embeddings of one dimension as what samples them together."""

    def sample(texts, alpha):
        return torch.stack([torch.from_numpy(functions[i](alpha))[:, None] for i in texts])

    return sample


def profile_of(function, count=4) -> PathProfile:
    """A profile fine enough to judge so many nodes."""
    (profile,) = profiles_of(sampler(function), 1)
    while not profile.fine_enough(count):
        profile.refine(torch.from_numpy(function(profile.between()))[:, None])
    return profile


def foretold(function, tolerance):
    """The nodes for one embedding, and the pace at which they lie."""
    profiles = profiles_of(sampler(function), 1)
    (count,) = nodes_for(profiles, tolerance, sampler(function))
    return count, profiles[0].pace()


def peak(width, centre=0.5):
    """An embedding that turns over at the centre, and its slope."""
    return (
        lambda alpha: np.arctan((alpha - centre) / width),
        lambda alpha: width / (width**2 + (alpha - centre) ** 2),
    )


def real_residual(function, slope, count, pace):
    nodes, weights = quadrature("gauss-legendre", count, pace)
    gap = float(np.diff(function(np.array([0.0, 1.0])))[0])
    return abs(float(weights @ slope(nodes)) - gap) / abs(gap)


def test_sample_points_are_nested_and_reach_both_ends():
    coarse, fine = sample_points(12), sample_points(24)
    assert coarse[0] == 0
    assert coarse[-1] == 1
    np.testing.assert_allclose(fine[::2], coarse, atol=1e-15)


def test_slope_matrix_differentiates_polynomials():
    time = (1 - np.cos(np.pi * np.arange(9) / 8)) / 2
    slopes = slope_matrix(8).numpy()
    for degree in range(1, 9):
        found = np.polynomial.chebyshev.chebval(2 * time - 1, slopes @ time**degree)
        np.testing.assert_allclose(found, degree * time ** (degree - 1), atol=1e-11)


@pytest.mark.parametrize("width", [0.15, 0.2, 0.3])
def test_foretold_residuals_are_the_real_ones(width):
    function, slope = peak(width, centre=0.45)
    for count in (4, 6, 9, 12):
        profile = profile_of(function, count)
        real = real_residual(function, slope, count, profile.pace())
        assert profile.residual(count) == pytest.approx(real, rel=0.3, abs=1e-5)


@pytest.mark.parametrize("centre", [0.2, 0.5, 0.8])
def test_the_pace_is_slow_where_the_embedding_turns_over(centre):
    pace = profile_of(peak(0.05, centre)[0], count=12).pace()
    assert pace.centre == pytest.approx(centre, abs=0.03)
    assert 0.02 < pace.width < 0.08


def test_an_even_change_keeps_an_even_pace():
    assert profile_of(lambda alpha: 3 * alpha).pace() is None
    assert profile_of(np.ones_like).residual(4) == 0  # no change at all


def test_points_are_sampled_once_and_only_where_needed():
    smooth, sharp = peak(0.3)[0], peak(0.1)[0]
    asked = []

    def sample(texts, alpha):
        asked.extend((text, value) for text in texts for value in alpha.tolist())
        return sampler(smooth, sharp)(texts, alpha)

    counts = nodes_for(profiles_of(sample, 2), 1e-2, sample)
    assert len(asked) == len(set(asked))
    per_text = [sum(text == which for text, _ in asked) for which in (0, 1)]
    assert per_text[0] < per_text[1]
    assert counts == [foretold(function, 1e-2)[0] for function in (smooth, sharp)]


@pytest.mark.parametrize("width", [0.08, 0.15, 0.3])
@pytest.mark.parametrize("tolerance", [1e-2, 1e-3, 1e-6])
def test_the_nodes_foretold_meet_the_tolerance_and_hardly_fewer_do(width, tolerance):
    function, slope = peak(width, centre=0.45)
    count, pace = foretold(function, tolerance)
    reached = [real_residual(function, slope, n, pace) for n in range(4, count + 1)]
    assert reached[-1] <= 1.1 * tolerance
    assert all(residual > tolerance for residual in reached[:-3])


def test_a_tolerance_out_of_reach_takes_the_most_nodes():
    # a jump: no polynomial follows it
    count, _ = foretold(lambda alpha: np.where(alpha > math.sqrt(0.2), 1.0, 0.0), 1e-9)
    assert count == MOST_NODES
