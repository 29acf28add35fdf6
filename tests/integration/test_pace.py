"""The pace along the path: a change of variable, checked as one."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xsb_core.integration.pace import Pace
from xsb_core.integration.quadrature import quadrature

paces = st.builds(Pace, st.floats(0, 1), st.floats(0.03, 2))


@given(paces)
def test_a_walk_covers_the_path_once(pace):
    time = np.linspace(0, 1, 41)
    alpha = pace.alpha(time)
    assert alpha[0] == pytest.approx(0, abs=1e-12)
    assert alpha[-1] == pytest.approx(1, abs=1e-12)
    assert (np.diff(alpha) > 0).all()
    np.testing.assert_allclose(pace.time(alpha), time, atol=1e-9)


@given(paces)
def test_speed_is_the_slope_of_the_position(pace):
    time, step = np.linspace(0.1, 0.9, 9), 1e-5
    slope = (pace.alpha(time + step) - pace.alpha(time - step)) / (2 * step)
    np.testing.assert_allclose(pace.speed(time), slope, rtol=1e-5)


def test_the_walk_is_slowest_at_the_centre():
    pace = Pace(0.3, 0.1)
    time = np.linspace(0, 1, 401)
    assert pace.alpha(time)[pace.speed(time).argmin()] == pytest.approx(0.3, abs=0.01)


def test_nodes_by_hand():
    # centre 1/2: sinh is odd, so both nodes lie at half the distance from the middle in time
    half, offset = math.asinh(0.5 / 0.2), 1 / math.sqrt(3)
    nodes, weights = quadrature("gauss-legendre", 2, Pace(0.5, 0.2))
    shift = 0.2 * math.sinh(half * offset)
    assert nodes.tolist() == pytest.approx([0.5 - shift, 0.5 + shift], abs=1e-15)
    assert weights.tolist() == pytest.approx([0.2 * half * math.cosh(half * offset)] * 2, abs=1e-15)


def test_a_peak_takes_fewer_nodes_at_its_own_pace():
    width = 0.1  # of the peak width² / (width² + (α − 1/2)²)
    exact = 2 * width * math.atan(0.5 / width)

    def error(pace):
        nodes, weights = quadrature("gauss-legendre", 8, pace)
        return abs(float(weights @ (width**2 / (width**2 + (nodes - 0.5) ** 2))) - exact)

    assert error(Pace(0.5, width)) < 1e-2 * error(None)
