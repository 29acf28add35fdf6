"""Quadrature: nodes by hand, exactness, errors falling as they should."""

import math

import pytest
import torch

from xsb_core.integration.quadrature import path_points, quadrature


def test_gauss_legendre_by_hand():
    nodes, weights = quadrature("gauss-legendre", 2)
    offset = 1 / (2 * math.sqrt(3))
    assert nodes.tolist() == pytest.approx([0.5 - offset, 0.5 + offset], abs=1e-15)
    assert weights.tolist() == pytest.approx([0.5, 0.5], abs=1e-15)
    nodes, weights = quadrature("gauss-legendre", 3)
    offset = math.sqrt(0.6) / 2
    assert nodes.tolist() == pytest.approx([0.5 - offset, 0.5, 0.5 + offset], abs=1e-15)
    assert weights.tolist() == pytest.approx([5 / 18, 8 / 18, 5 / 18], abs=1e-15)


@pytest.mark.parametrize("count", [1, 49, 98, 103])
def test_right_endpoint_has_as_many_points_as_asked_for(count):
    # the published code takes one too many for 49, 98, 103
    nodes, weights = quadrature("right-endpoint", count)
    assert len(nodes) == len(weights) == count
    assert nodes[-1] == 1
    assert nodes[0] == pytest.approx(1 / count)
    assert weights.sum() == pytest.approx(1)


@pytest.mark.parametrize("count", [1, 2, 5, 16])
def test_gauss_legendre_is_exact_up_to_its_degree(count):
    nodes, weights = quadrature("gauss-legendre", count)
    for degree in range(2 * count):
        assert (weights @ nodes**degree).item() == pytest.approx(1 / (degree + 1), abs=1e-13)
    degree = 2 * count
    assert abs((weights @ nodes**degree).item() - 1 / (degree + 1)) > 1e-13 or count > 5


def test_errors_fall_exponentially_and_as_one_over_n():
    def error(rule, count):
        nodes, weights = quadrature(rule, count)
        return abs((weights @ nodes.exp()).item() - (math.e - 1))

    assert error("gauss-legendre", 6) < 1e-12
    ratio = error("right-endpoint", 100) / error("right-endpoint", 200)
    assert ratio == pytest.approx(2, rel=0.01)


def test_unknown_rule_and_count_are_refused():
    with pytest.raises(ValueError, match="gauss-legendre, right-endpoint"):
        quadrature("simpson", 3)
    with pytest.raises(ValueError, match="at least 1, not 0"):
        quadrature("gauss-legendre", 0)


def test_path_runs_from_the_reference_to_the_text(gen):
    x, r = torch.randn(2, 4, 3, generator=gen, dtype=torch.float64)
    points = path_points(x, r, torch.tensor([0.0, 0.25, 1.0], dtype=torch.float64))
    torch.testing.assert_close(points[0], r)
    torch.testing.assert_close(points[1], 0.75 * r + 0.25 * x)
    torch.testing.assert_close(points[2], x)
