"""Foretelling the number of nodes."""

import numpy as np
import pytest

from xsb_core.convergence import PathProfile, chebyshev_points, integration_row, nodes_for
from xsb_core.path import quadrature


def test_chebyshev_points_are_nested_and_reach_both_ends():
    coarse, fine = chebyshev_points(16), chebyshev_points(32)
    assert coarse[0] == 0
    assert coarse[-1] == 1
    np.testing.assert_allclose(fine[::2], coarse, atol=1e-15)


@pytest.mark.parametrize("count", [4, 6])
def test_integration_row_is_gauss_legendre_of_the_derivative(count):
    points = chebyshev_points(16)
    nodes, weights = (part.numpy() for part in quadrature("gauss-legendre", count))
    for degree in range(1, 16):
        expected = weights @ (degree * nodes ** (degree - 1))
        assert integration_row(16, count) @ points**degree == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("pole", [1.2, 1.5, 3.0])
def test_foretold_residuals_are_the_real_ones(pole):
    # e(α) = 1 / (pole − α): the nearer the pole, the slower Gauss–Legendre converges
    profile = PathProfile(lambda alpha: (1 / (pole - alpha))[:, None])
    for count in (4, 6, 12, 24):
        nodes, weights = (part.numpy() for part in quadrature("gauss-legendre", count))
        gap = 1 / (pole - 1) - 1 / pole
        real = abs(weights @ (1 / (pole - nodes) ** 2) - gap) / gap
        assert profile.residual(count) == pytest.approx(real, rel=0.25, abs=1e-10)


def test_points_are_sampled_once():
    asked = []

    def sample(alpha):
        asked.extend(alpha.tolist())
        return np.exp(alpha)[:, None]

    profile = PathProfile(sample)
    for count in (4, 6, 12, 6):
        profile.residual(count)
    assert len(asked) == len(set(asked)) == 33


@pytest.mark.parametrize("rate", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("tolerance", [1e-2, 1e-3, 1e-6])
def test_nodes_for_finds_the_count_of_geometric_errors(rate, tolerance):
    probes = []

    def probe(count):
        probes.append(count)
        return 3 * rate**count

    count = nodes_for(probe, tolerance)
    best = next(n for n in range(1, 200) if 3 * rate**n <= tolerance)
    assert max(best, 4) <= count <= max(best + 1, 6)
    assert len(probes) <= 5
