"""What the probes' figures plot: frames, distributions, histograms."""

import numpy as np
import pandas as pd
import pytest

from tests.figures.factory import make_result
from xsb_core import Look
from xsb_core.figures.adjectives import adjective_histogram
from xsb_core.figures.cumulative import cumulative
from xsb_core.figures.heatmap import Box, heatmap
from xsb_core.figures.histogram import histogram
from xsb_core.figures.negation import negation_figure
from xsb_core.figures.style import FRAME

RESULT = make_result(["it", "is", "not", "good"], ["it", "is", "good"])


def frames(figure):
    return [shape for shape in figure.layout.shapes if shape.line.color == FRAME]


def corners(figure):
    return [(s.x0, s.x1, s.y0, s.y1) for s in frames(figure)]


def test_a_row_is_framed_over_all_columns_shown():
    assert corners(heatmap(RESULT, boxes=[Box((3,))])) == [(-0.5, 4.5, 2.5, 3.5)]
    assert corners(heatmap(RESULT, Look(special=False), boxes=[Box((3,))])) == [
        (-0.5, 2.5, 1.5, 2.5)
    ]


def test_cells_are_framed_where_rows_and_columns_cross():
    assert corners(heatmap(RESULT, boxes=[Box((3, 4), (1,))])) == [(0.5, 1.5, 2.5, 4.5)]
    two = heatmap(RESULT, Look(cells="paper"), boxes=[Box((1,), (1,)), Box((2,), (2, 3))])
    assert corners(two) == [(0.5, 1.5, 0.5, 1.5), (1.5, 3.5, 1.5, 2.5)]


def test_nothing_is_framed_unasked_or_where_it_is_not_shown():
    assert frames(heatmap(RESULT)) == []
    assert frames(heatmap(RESULT, Look(special=False), boxes=[Box((0,))])) == []


def test_a_distribution_has_a_step_a_case():
    figure = cumulative(
        {"m": np.array([0.3, -0.1, np.nan, 0.1]), "n": np.array([0.2])},
        {"m": ["c", "a", "x", "<b>"], "n": ["d"]},
        "share",
    )
    first, second = figure.data
    np.testing.assert_allclose(first.x, [-10, 10, 30])
    np.testing.assert_allclose(first.y, [100 / 3, 200 / 3, 100])
    assert list(first.customdata) == [1, 3, 0]
    assert list(first.text) == ["a", "&lt;b&gt;", "c"]
    assert (first.name, second.name, first.line.shape) == ("m", "n", "hv")
    assert list(second.y) == [100]
    assert figure.layout.xaxis.title.text == "share"


def test_negations_are_a_line_a_model_with_their_sentences():
    table = pd.DataFrame(
        {
            "model": ["m", "m", "n"],
            "row": [4, 5, 4],
            "column": ["a", "b", "a"],
            "share": [0.2, -0.1, 0.0],
            "text": ["It is not so", "x" * 200, "It is not so"],
        }
    )
    first, second = negation_figure(table).data
    np.testing.assert_allclose(first.x, [-10, 20])
    assert first.text[1] == "It is not so (row 4, a)"
    assert first.text[0] == f"{'x' * 90}… (row 5, b)"
    np.testing.assert_allclose(second.x, [0])
    bare = negation_figure(table.drop(columns="text")).data[0]
    assert list(bare.text) == ["row 5, b", "row 4, a"]


def test_histograms_can_share_their_bins():
    one = histogram({"a": np.array([0.1])}, "x", reach=(0.0, 1.0))
    np.testing.assert_allclose(one.data[0].x, np.arange(1, 16, 2) / 16)
    assert list(one.data[0].y) == [1, 0, 0, 0, 0, 0, 0, 0]


def test_adjectives_are_a_histogram_a_model_with_both_means():
    table = pd.DataFrame(
        {
            "model": ["m"] * 4 + ["n"] * 2,
            "kind": ["synonym", "opposite"] * 3,
            "attribution": [0.4, -0.2, 0.2, 0.0, 0.1, 0.3],
            "net": [0.0] * 6,
        }
    )
    figures = {model: adjective_histogram(table, model) for model in "mn"}
    bins = [trace.x for figure in figures.values() for trace in figure.data]
    for other in bins[1:]:
        np.testing.assert_array_equal(other, bins[0])
    width = figures["m"].data[0].width[0]
    assert bins[0][0] - width / 2 == pytest.approx(-0.2)
    assert bins[0][-1] + width / 2 == pytest.approx(0.4)
    assert [sum(trace.y) for trace in figures["m"].data] == [2, 2]
    assert [trace.name for trace in figures["m"].data] == [
        "synonym, mean +0.300 (dashed)",
        "opposite, mean \u22120.100 (dashed)",
    ]
    lines = [shape.x0 for shape in figures["m"].layout.shapes]
    assert lines == [pytest.approx(0.3), pytest.approx(-0.1), 0]
