"""Histograms: what the bars hold."""

import numpy as np
import pytest

from xsb_core.figures.histogram import histogram


def counts(figure):
    return {bar.name: np.array(bar.y) for bar in figure.data}


def test_every_value_is_in_one_bar_of_its_series():
    series = {"one": np.array([0.0, 0.1, 0.9, 1.0]), "two": np.array([0.5, 0.5])}
    figure = histogram(series, "score")
    found = counts(figure)
    assert {name: bars.sum() for name, bars in found.items()} == {"one": 4, "two": 2}
    for bar in figure.data:
        lows, highs = np.array(bar.customdata).T
        inside = (series[bar.name][:, None] >= lows) & (series[bar.name][:, None] < highs)
        inside[:, -1] |= series[bar.name] == highs[-1]
        np.testing.assert_array_equal(inside.sum(0), bar.y)
    # the same bins for all series
    np.testing.assert_array_equal(figure.data[0].x, figure.data[1].x)
    assert figure.layout.xaxis.title.text == "score"
    assert figure.layout.showlegend


def test_exponents_are_spread_evenly_and_named_by_their_values():
    figure = histogram({"r": np.array([1e-6, 1e-3, 0.0, np.nan])}, "residual", exponents=True)
    bar = figure.data[0]
    assert bar.y.sum() == 2
    assert bar.customdata[0][0] == pytest.approx(1e-6)
    assert bar.customdata[-1][1] == pytest.approx(1e-3)
    assert figure.layout.xaxis.ticktext[0] == "1.0e-06"
    assert not figure.layout.showlegend


@pytest.mark.parametrize("value", [0.0, 1.0, -37.5])
def test_one_value_is_one_bar_in_the_middle(value):
    figure = histogram({"s": np.full(3, value)}, "score")
    bar = figure.data[0]
    assert bar.y.sum() == bar.y.max() == 3
    where = bar.x[int(np.argmax(bar.y))]
    assert where == pytest.approx(value, abs=0.02)
    assert bar.width.sum() == pytest.approx(0.1)


def test_nothing_to_count_is_an_empty_frame():
    figure = histogram({"s": np.array([np.nan])}, "score")
    assert figure.data[0].y.sum() == 0
