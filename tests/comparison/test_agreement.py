"""Agreement of two matrices: cases by hand, and what holds for any."""

from math import isnan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from tests.figures.factory import make_result
from xsb_core import Look
from xsb_core.comparison.agreement import agreement, cell_agreement

A, B = ["not", "good"], ["very", "fine", "indeed"]

numbers = st.floats(-10, 10).map(lambda value: round(value, 3))


@st.composite
def two_matrices(draw, smallest=2):
    shape = draw(st.tuples(st.integers(smallest, 6), st.integers(smallest, 6)))
    return draw(arrays(float, shape, elements=numbers)), draw(
        arrays(float, shape, elements=numbers)
    )


def grid(*values):
    return np.array(values, dtype=float).reshape(-1, 4)


def test_a_matrix_agrees_with_itself():
    matrix = grid(*range(12))
    agreed = cell_agreement(matrix, matrix)
    assert (agreed.jaccard_3, agreed.jaccard_10, agreed.cells) == (1, 1, 12)
    assert agreed.spearman == pytest.approx(1)
    assert agreed.pearson == pytest.approx(1)


def test_correlations_by_hand():
    # ranks 1 2 3 4 against 1 2 4 3: 1 - 6 * 2 / (4 * 15)
    agreed = cell_agreement(grid(1, 2, 3, 10), grid(1, 2, 9, 3))
    assert agreed.spearman == pytest.approx(0.8)
    # about their means 4 and 3.75: sums of products and squares
    x, y = np.array([-3, -2, -1, 6.0]), np.array([-2.75, -1.75, 5.25, -0.75])
    assert agreed.pearson == pytest.approx(x @ y / np.sqrt(x @ x * (y @ y)))


def test_top_cells_are_the_largest_by_value_not_by_size():
    first = grid(9, 8, 7, 0, -99, 1, 2, 3)
    second = grid(9, 8, 0, 7, -99, 1, 2, 3)
    # {0, 1, 2} against {0, 1, 3}
    assert cell_agreement(first, second).jaccard_3 == pytest.approx(2 / 4)
    assert cell_agreement(first, -first).jaccard_3 == 0


def test_of_equal_cells_the_earlier_counts():
    first, second = grid(1, 1, 1, 1), grid(4, 3, 2, 1)
    assert cell_agreement(first, second).jaccard_3 == 1
    assert cell_agreement(first, grid(1, 2, 3, 4)).jaccard_3 == pytest.approx(2 / 4)


def test_ten_largest_cells():
    first = np.arange(24.0).reshape(4, 6)
    shifted = np.roll(first, 3)  # the three largest are now the three first cells
    assert cell_agreement(first, shifted).jaccard_10 == pytest.approx(7 / 13)


@pytest.mark.parametrize("value", [0.0, 3.3, -1e9, 1e-300])
def test_constant_matrices_have_no_correlation(value, capfd, recwarn):
    matrix = grid(*range(8))
    agreed = cell_agreement(np.full((2, 4), value), matrix)
    assert isnan(agreed.spearman)
    assert isnan(agreed.pearson)
    assert agreed.jaccard_3 == 0
    assert not recwarn.list
    assert capfd.readouterr().err == ""


def test_rounding_is_no_order():
    almost = 0.1 + np.array([[0, 1, 0, 1.0]]) * 1e-17
    assert isnan(cell_agreement(almost, grid(1, 2, 3, 4)).pearson)


@pytest.mark.parametrize(("shape", "three", "ten"), [((1, 1), False, False), ((1, 3), True, False)])
def test_few_cells(shape, three, ten):
    matrix = np.arange(float(np.prod(shape))).reshape(shape)
    agreed = cell_agreement(matrix, matrix)
    assert isnan(agreed.jaccard_3) is not three
    assert isnan(agreed.jaccard_10) is not ten
    assert isnan(agreed.spearman) is (matrix.size < 2)


def test_no_cells_at_all():
    agreed = cell_agreement(np.zeros((0, 3)), np.zeros((0, 3)))
    assert agreed.cells == 0
    assert all(isnan(value) for value in (agreed.spearman, agreed.pearson, agreed.jaccard_3))


@settings(max_examples=100, deadline=None, derandomize=True)
@given(two_matrices())
def test_symmetric_bounded_and_scipys_where_that_is_defined(pair):
    first, second = pair
    agreed, turned = cell_agreement(first, second), cell_agreement(second, first)
    for name in ("spearman", "pearson", "jaccard_3", "jaccard_10"):
        value = getattr(agreed, name)
        assert value == pytest.approx(getattr(turned, name), nan_ok=True)
        assert isnan(value) or -1 <= value <= 1
    constant = bool(np.ptp(first) == 0 or np.ptp(second) == 0)
    assert isnan(agreed.pearson) is constant
    assert isnan(agreed.spearman) is constant
    if not constant:
        x, y = first.ravel(), second.ravel()
        assert agreed.pearson == pytest.approx(stats.pearsonr(x, y).statistic, abs=1e-9)
        assert agreed.spearman == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-9)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(two_matrices(), st.floats(0.01, 100), st.floats(-5, 5))
def test_neither_unit_nor_zero_matters(pair, scale, offset):
    first, second = pair
    agreed = cell_agreement(first, second)
    other = cell_agreement(first * scale, np.exp(second / 10))
    assert other.spearman == pytest.approx(agreed.spearman, nan_ok=True)
    assert other.jaccard_10 == pytest.approx(agreed.jaccard_10, nan_ok=True)
    moved = cell_agreement(first * scale + offset, second)
    assert moved.pearson == pytest.approx(agreed.pearson, nan_ok=True, abs=1e-6)


def test_results_are_compared_with_and_without_special_tokens():
    first, second = make_result(A, B), make_result(A, B, seed=1)
    assert agreement(first, second) == cell_agreement(first.net_matrix, second.net_matrix)
    inner = [result.net_matrix[1:-1, 1:-1] for result in (first, second)]
    assert (
        agreement(first, second, look=Look(special=False)).spearman
        == cell_agreement(*inner).spearman
    )
    assert agreement(first, second, look=Look(special=False)).cells == 6


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((["not", "bad"], B), "same tokens of text A, got 'good' and 'bad'; do"),
        ((A, ["fine"]), "same tokens of text B, got 5 and 3; do"),
    ],
)
def test_other_tokens_are_refused(words, message):
    with pytest.raises(ValueError, match=message):
        agreement(make_result(A, B), make_result(*words))
