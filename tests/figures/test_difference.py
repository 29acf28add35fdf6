"""The difference of two results, and figures that share their ranges."""

from dataclasses import replace

import numpy as np
import pytest

from tests.figures.factory import make_result
from xsb_core import Look
from xsb_core.figures.heatmap import difference_heatmap, heatmap
from xsb_core.figures.waterfall import waterfall, waterfall_range

A, B = ["not", "good"], ["very", "fine", "indeed"]
FIRST, SECOND = make_result(A, B, score=0.5), make_result(A, B, score=0.9, seed=1)


def trace(figure, name):
    return next(trace for trace in figure.data if trace.name == name)


def names(figure):
    return [trace.name for trace in figure.data]


def test_cells_are_second_minus_first_in_a_symmetric_range_of_their_own():
    figure = difference_heatmap(FIRST, SECOND, Look(stretch=True), title="2 − 1")
    matrix = trace(figure, "matrix")
    difference = SECOND.net_matrix - FIRST.net_matrix
    np.testing.assert_allclose(matrix.z, difference)
    assert (matrix.zmin, matrix.zmax) == (-np.abs(difference).max(), np.abs(difference).max())
    assert figure.layout.title.text == "2 − 1"
    assert "difference" in matrix.colorbar.title.text
    assert "model 2" in matrix.colorbar.title.text
    assert "attribution" not in figure.to_json()


def test_tooltips_have_both_values_and_the_difference():
    cells = trace(difference_heatmap(FIRST, SECOND), "cells")
    old, new = FIRST.net_matrix[1, 2], SECOND.net_matrix[1, 2]
    row = cells.customdata[1 * 5 + 2]
    assert list(row[:4]) == [1, 2, "‹not›", "‹fine›"]
    texts = [f"{value:+.4f}".replace("-", "−") for value in (new - old, old, new)]
    assert list(row[4:]) == texts
    assert "difference %{customdata[4]}" in cells.hovertemplate
    assert "model 1: %{customdata[5]}" in cells.hovertemplate
    assert "model 2: %{customdata[6]}" in cells.hovertemplate


def test_border_and_special_tokens():
    figure = difference_heatmap(FIRST, SECOND, Look(special=False, cells="paper", stretch=True))
    np.testing.assert_allclose(
        trace(figure, "border_a").z[:, 0], (SECOND.border_a - FIRST.border_a)[1:-1]
    )
    np.testing.assert_allclose(trace(figure, "corner").z, [[SECOND.corner - FIRST.corner]])
    inner = (SECOND.matrix - FIRST.matrix)[1:-1, 1:-1]
    assert figure.layout.meta["limit"] == np.abs(inner).max()
    row = trace(figure, "border").customdata[0]
    assert row[6] == f"{SECOND.border_a[1]:+.4f}".replace("-", "−")


def test_no_difference_is_white():
    figure = difference_heatmap(FIRST, FIRST, Look(stretch=True))
    assert figure.layout.meta["limit"] == 1
    assert not np.any(trace(figure, "matrix").z)


def test_a_difference_too_large_for_markers_has_tooltips_of_its_own():
    words = [f"w{i}" for i in range(110)]
    figure = difference_heatmap(make_result(words, words), make_result(words, words, seed=1))
    assert "cells" not in names(figure)
    assert "difference %{z" in trace(figure, "matrix").hovertemplate


def test_a_heatmap_can_be_kept_small():
    words = [f"w{i}" for i in range(10)]
    result = make_result(words, words)
    small, large = heatmap(result, side=240), heatmap(result)
    assert small.layout.width < 460 < large.layout.width
    assert "values" not in names(small)
    assert small.layout.xaxis.tickfont.size >= 9
    assert heatmap(result, side=10).layout.width == heatmap(result, side=12 * 14).layout.width


def test_accounts_can_share_a_range():
    reach = waterfall_range(FIRST, SECOND)
    figures = [waterfall(result, reach=reach) for result in (FIRST, SECOND)]
    ranges = {figure.layout.xaxis.range for figure in figures}
    assert len(ranges) == 1
    low, high = ranges.pop()
    for result in (FIRST, SECOND):
        own = waterfall_range(result)
        assert low <= own[0] <= 0
        assert high >= own[1] >= result.score


def test_a_range_has_zero_in_it():
    high = replace(FIRST, corner=2.0, score=FIRST.score + 2 - FIRST.corner)
    assert waterfall_range(high)[0] == pytest.approx(0)
