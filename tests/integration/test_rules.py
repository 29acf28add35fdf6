"""The path's profile, and the rules chosen from it, on embeddings known in closed form."""

import math

import numpy as np
import pytest
import torch

from xsb_core.integration.profile import SAMPLING, Profiles, deepened, profiles_of
from xsb_core.integration.quadrature import quadrature
from xsb_core.integration.rules import choose_rules, panel_rules

EPSILON = float(np.finfo(float).eps)


def peak(width, centre=0.45):
    """An embedding that turns over at the centre, and its slope."""
    return (
        lambda alpha: np.arctan((alpha - centre) / width),
        lambda alpha: width / (width**2 + (alpha - centre) ** 2),
    )


def profiled(*functions, tolerance=1e-3, most=10**6) -> Profiles:
    """Several embeddings of one dimension, sampled together."""

    def sample(owners, alphas):
        values = [functions[i](a) for i, a in zip(owners, alphas, strict=True)]
        return torch.tensor(values, dtype=torch.float64)[:, None]

    return profiles_of(sample, len(functions), tolerance, most, EPSILON)


def real_residual(rule, function, slope):
    gap = float(function(1.0) - function(0.0))
    return abs(float(rule.weights @ slope(rule.nodes)) - gap) / abs(gap)


@pytest.mark.parametrize("width", [0.003, 0.02, 0.1, 0.3])
@pytest.mark.parametrize("tolerance", [1e-2, 1e-3, 1e-6])
def test_the_chosen_rule_meets_the_tolerance_and_says_by_how_much(width, tolerance):
    function, slope = peak(width)
    profiles = profiled(function, tolerance=tolerance)
    for rule in (
        *choose_rules(profiles, np.array([tolerance]), 10**6),
        *panel_rules(profiles, np.array([tolerance]), 10**6),
    ):
        real = real_residual(rule, function, slope)
        assert real <= 1.5 * tolerance
        assert rule.foretold <= tolerance
        assert real <= rule.foretold + 0.3 * tolerance  # foretold without luck between panels
        assert rule.needed == len(rule.nodes)
        assert (np.diff(rule.nodes) > 0).all()
        assert rule.weights.sum() == pytest.approx(1, abs=0.05)


def test_slopes_are_those_of_the_embedding():
    function, slope = peak(0.05)
    profiles = profiled(function, tolerance=1e-8)
    moments = np.linspace(0, 1, 101)
    rows, coefficients = profiles.slopes(np.zeros(101, int), moments)
    found = (coefficients * profiles.values.numpy()[rows, 0]).sum(1)
    real = slope(SAMPLING.alpha(moments)) * SAMPLING.speed(moments)
    np.testing.assert_allclose(found, real, rtol=1e-5, atol=1e-6 * real.max())


def test_one_smooth_peak_takes_a_single_rule_and_spikes_take_panels():
    smooth, sharp = peak(0.15), peak(0.003, 0.34)
    rules = choose_rules(profiled(smooth[0], sharp[0]), np.array([1e-3, 1e-3]), 10**6)
    assert rules[0].panels == 1
    assert rules[1].panels > 4
    # a hundred times sharper, yet less than six times the nodes
    assert len(rules[1].nodes) < 6 * len(rules[0].nodes)
    for rule, (function, slope) in zip(rules, (smooth, sharp), strict=True):
        nodes, weights = map(np.asarray, quadrature("gauss-legendre", len(rule.nodes)))
        even = abs(float(weights @ slope(nodes)) - (function(1.0) - function(0.0)))
        assert even > 3 * 1e-3 * (function(1.0) - function(0.0))


def test_texts_are_chosen_for_together_as_alone():
    functions = [peak(width, centre)[0] for width, centre in ((0.2, 0.5), (0.01, 0.7), (0.05, 0.3))]
    tolerances = np.array([1e-3, 1e-4, 1e-2])
    profiles = profiled(*functions, tolerance=1e-4)
    together = choose_rules(profiles, tolerances, 10**6)
    for function, tolerance, rule in zip(functions, tolerances, together, strict=True):
        (alone,) = choose_rules(profiled(function, tolerance=1e-4), np.array([tolerance]), 10**6)
        np.testing.assert_allclose(rule.nodes, alone.nodes)
        np.testing.assert_allclose(rule.weights, alone.weights)


def test_paths_are_halved_only_where_they_turn():
    smooth, sharp = profiled(peak(0.3)[0]), profiled(peak(0.002)[0])
    assert len(smooth.values) <= 33
    leaves = np.flatnonzero(sharp.leaf)
    assert sharp.resolved.all()
    deepest = leaves[sharp.level[leaves].argmax()]
    # time 0.44 at the sampling pace is α = 0.45, about
    assert abs(sharp.start[deepest] - 0.44) < 0.03
    assert sharp.level[leaves].min() <= 3


def test_no_change_at_all_takes_one_node():
    (rule,) = choose_rules(profiled(lambda alpha: 1.0), np.array([1e-3]), 10**6)
    assert len(rule.nodes) == 1
    assert rule.foretold < 1e-10


def test_a_limit_takes_the_best_rule_within_and_says_what_it_takes():
    function, slope = peak(0.003)
    profiles = profiled(function)
    (free,) = choose_rules(profiles, np.array([1e-3]), 10**6)
    (bound,) = choose_rules(profiles, np.array([1e-3]), len(free.nodes) // 2)
    assert len(bound.nodes) <= len(free.nodes) // 2
    assert bound.needed == len(free.nodes)
    assert 1e-3 < real_residual(bound, function, slope) < 0.1


def test_a_jump_ends_at_the_limit_of_samples():
    def jump(alpha):
        return 1.0 if alpha > math.sqrt(0.2) else 0.0

    profiles = profiled(jump, tolerance=1e-9, most=200)
    assert not profiles.resolved[0]
    assert len(profiles.values) < 250
    assert len(choose_rules(profiles, np.array([1e-9]), 50)[0].nodes) <= 50


def test_panels_paid_for_cost_nothing():
    function, slope = peak(0.003)
    profiles = profiled(function, tolerance=1e-6)
    first = panel_rules(profiles, np.array([1e-3]), 10**6)[0]
    again = panel_rules(profiles, np.array([1e-3]), 10**6, first.parts)[0]
    assert (again.parts, again.needed) == (first.parts, 0)
    (finer,) = panel_rules(profiles, np.array([5e-4]), 10**6, first.parts)
    (anew,) = panel_rules(profiles, np.array([5e-4]), 10**6)
    kept = [nodes for part, nodes, _ in finer.pieces() if part in first.parts]
    assert finer.needed == len(finer.nodes) - sum(map(len, kept))
    assert 0 < finer.needed < len(anew.nodes)
    assert real_residual(finer, function, slope) <= 1e-3


def test_panels_keep_their_numbers_when_paths_are_deepened():
    function, slope = peak(0.02)
    coarse = profiled(function, tolerance=1e-2)

    def sample(owners, alphas):
        return torch.from_numpy(function(alphas))[:, None]

    fine = deepened(coarse, sample, np.array([1e-8]), 10**6, EPSILON)
    count = len(coarse.text)
    assert len(fine.text) > 2 * count
    np.testing.assert_array_equal(fine.start[:count], coarse.start)
    np.testing.assert_array_equal(fine.rows[:count], coarse.rows)
    assert not fine.leaf[:count].any()
    (rule,) = choose_rules(fine, np.array([1e-7]), 10**6)
    assert real_residual(rule, function, slope) <= 1.5e-7
    left = deepened(coarse, sample, np.array([np.inf]), 10**6, EPSILON)
    assert len(left.values) == len(coarse.values)
