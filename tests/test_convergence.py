"""Foretelling where the nodes should lie and how many it takes."""

import math

import numpy as np
import pytest
import torch

from xsb_core.convergence import MOST_NODES, PathProfile, nodes_for, sample_points, slope_matrix
from xsb_core.path import quadrature


def profile_of(function):
    return PathProfile(lambda alpha: torch.from_numpy(function(alpha))[:, None])


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
        profile = profile_of(function)
        foretold = profile.residual(count)
        real = real_residual(function, slope, count, profile.pace())
        assert foretold == pytest.approx(real, rel=0.3, abs=1e-5)


@pytest.mark.parametrize("centre", [0.2, 0.5, 0.8])
def test_the_pace_is_slow_where_the_embedding_turns_over(centre):
    profile = profile_of(peak(0.05, centre)[0])
    profile.residual(12)
    pace = profile.pace()
    assert pace.centre == pytest.approx(centre, abs=0.03)
    assert 0.02 < pace.width < 0.08


def test_an_even_change_keeps_an_even_pace():
    assert profile_of(lambda alpha: 3 * alpha).pace() is None
    assert profile_of(np.ones_like).residual(4) == 0  # no change at all


def test_points_are_sampled_once():
    asked = []

    def sample(alpha):
        asked.extend(alpha.tolist())
        return torch.from_numpy(np.exp(alpha))[:, None]

    profile = PathProfile(sample)
    for count in (4, 5, 9, 6):
        profile.residual(count)
    assert len(asked) == len(set(asked)) == 25


@pytest.mark.parametrize("width", [0.08, 0.15, 0.3])
@pytest.mark.parametrize("tolerance", [1e-2, 1e-3, 1e-6])
def test_the_nodes_foretold_meet_the_tolerance_and_hardly_fewer_do(width, tolerance):
    function, slope = peak(width, centre=0.45)
    profile = profile_of(function)
    count = nodes_for(profile, tolerance)
    reached = [real_residual(function, slope, n, profile.pace()) for n in range(4, count + 1)]
    assert reached[-1] <= 1.1 * tolerance
    assert all(residual > tolerance for residual in reached[:-3])


def test_a_tolerance_out_of_reach_takes_the_most_nodes():
    # a jump: no polynomial follows it
    profile = profile_of(lambda alpha: np.where(alpha > math.sqrt(0.2), 1.0, 0.0))
    assert nodes_for(profile, 1e-9) == MOST_NODES
