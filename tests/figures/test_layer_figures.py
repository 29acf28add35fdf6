"""Figures of one pair by layer: what they plot, in one range."""

import numpy as np
import pytest

from tests.figures.factory import make_result
from xsb_core import Look
from xsb_core.comparison.layers import by_depth, layer_correlations, model_agreements, token_totals
from xsb_core.figures.layer_charts import (
    correlations_chart,
    layer_figures,
    models_chart,
    totals_chart,
)
from xsb_core.figures.layer_grid import layer_grid, shared_limit
from xsb_core.figures.layer_player import layer_player

A, B = ["not", "<b>"], ["very", "fine", "indeed"]


def depths(layers=(3, 4, 5), words=(A, B), **changes):
    return by_depth([make_result(*words, seed=layer, layer=layer, **changes) for layer in layers])


def test_small_multiples_share_one_range():
    models = [depths(), depths(model="other")]
    figure = layer_grid(models, look=Look(stretch=True))
    limit = max(np.abs(r.net_matrix).max() for model in models for r in model.results)
    assert figure.layout.coloraxis.cmax == -figure.layout.coloraxis.cmin == pytest.approx(limit)
    assert [trace.coloraxis for trace in figure.data] == ["coloraxis"] * 6
    names = [f"{number}: layer {layer}" for number in (1, 2) for layer in (3, 4, 5)]
    assert [trace.name for trace in figure.data] == names
    results = [r for model in models for r in model.results]
    for trace, result in zip(figure.data, results, strict=True):
        np.testing.assert_allclose(trace.z, result.net_matrix, rtol=1e-6)
    titles = [figure.layout[f"xaxis{n}"].title.text for n in ("", 2, 3, 4)]
    assert titles[1].endswith("layer 4")
    assert titles[3].startswith("other, layer 3")
    assert figure.layout.xaxis.ticktext == ("[CLS]", *B, "[SEP]")
    assert figure.layout.yaxis.ticktext[2] == "&lt;b&gt;"


def test_special_tokens_can_be_left_out():
    figure = layer_grid([depths()], look=Look(special=False, stretch=True))
    assert figure.data[0].z.shape == (2, 3)
    limit = max(np.abs(r.net_matrix[1:-1, 1:-1]).max() for r in depths().results)
    assert figure.layout.coloraxis.cmax == pytest.approx(limit)


@pytest.mark.parametrize("count", [1, 30, 300])
def test_many_tokens_wrap_and_keep_their_names_for_tooltips(count):
    words = [f"w{i}" for i in range(count)]
    figure = layer_grid([depths(layers=range(6), words=(words, words[:5]))])
    assert len(figure.data) == 6
    # no row is wider than a common screen, nor much emptier than the others
    assert figure.layout.width <= 960
    in_rows = [str(figure.layout[f"yaxis{n}"].domain) for n in ("", *range(2, 7))]
    assert len({in_rows.count(row) for row in in_rows}) == 1
    assert figure.layout.height < 2500
    assert len(figure.layout.yaxis.ticktext) == count + 2
    assert figure.layout.yaxis.showticklabels is (count < 40)
    assert layer_player([depths(words=(words, words))]).layout.height > 100


def test_the_player_has_a_frame_a_layer_in_one_range():
    model = depths()
    figure = layer_player([model])
    assert [frame.name for frame in figure.frames] == ["3", "4", "5"]
    for frame, result in zip(figure.frames, model.results, strict=True):
        np.testing.assert_allclose(frame.data[0].z, result.net_matrix, rtol=1e-6)
        assert frame.data[0].coloraxis == "coloraxis"
    # it starts with the deepest
    np.testing.assert_allclose(figure.data[0].z, model.results[-1].net_matrix, rtol=1e-6)
    (slider,) = figure.layout.sliders
    assert slider.active == 2
    assert [list(step.args[0]) for step in slider.steps] == [["3"], ["4"], ["5"]]
    (play,) = figure.layout.updatemenus[0].buttons
    assert list(play.args[0]) == ["3", "4", "5"]
    assert figure.layout.coloraxis.cmax == pytest.approx(shared_limit([model]))


def test_two_models_play_together_as_far_from_the_score():
    first = depths()
    second = by_depth([make_result(A, B, seed=7, layer=i, blocks=12, model="m") for i in (10, 11)])
    figure = layer_player([first, second])
    assert [frame.name for frame in figure.frames] == ["3", "4", "5"]
    shallow, _, deep = figure.frames
    np.testing.assert_allclose(deep.data[0].z, first.results[2].net_matrix, rtol=1e-6)
    np.testing.assert_allclose(deep.data[1].z, second.results[1].net_matrix, rtol=1e-6)
    assert (deep.data[1].xaxis, deep.data[1].yaxis) == ("x2", "y2")
    assert deep.layout.xaxis2.title.text == "m, layer 11"
    # nothing to show where the second model has no such layer
    assert np.isnan(shallow.data[1].z).all()
    assert shallow.layout.xaxis2.title.text == "m: no such layer"
    assert [trace.z.shape for trace in figure.data] == [(4, 5), (4, 5)]
    assert figure.layout.xaxis2.title.text == "m, layer 11"
    assert figure.layout.coloraxis.cmax == pytest.approx(shared_limit([first, second]))


def test_totals_are_plotted_by_layer():
    model = depths()
    figure = totals_chart(model)
    for trace, values in zip(figure.data, token_totals(model), strict=True):
        np.testing.assert_allclose(trace.z, values)
        assert list(trace.x) == ["3", "4", "5"]
    assert figure.layout.yaxis.ticktext == ("[CLS]", "not", "&lt;b&gt;", "[SEP]")


def test_correlations_are_plotted_and_undefined_ones_blank():
    zeros = {"matrix": np.zeros((4, 5)), "border_a": np.zeros(4), "border_b": np.zeros(5)}
    flat = make_result(A, B, layer=3, **zeros)
    model = by_depth([flat, *depths((4, 5)).results])
    (trace,) = correlations_chart(model).data
    np.testing.assert_allclose(trace.z, layer_correlations(model))
    assert trace.text[0][0] == "–"
    assert trace.text[1][1] == "1.00"
    assert correlations_chart(model).layout.coloraxis.cmin == -1


def test_two_models_agreement_is_plotted_by_layer():
    agreed = model_agreements(depths(), depths(model="other", matrix=np.eye(4, 5)))
    drawn = {trace.name: trace for trace in models_chart(agreed).data}
    assert list(drawn["Pearson"].x) == [3, 4, 5]
    assert list(drawn["Pearson"].y) == [one.pearson for one in agreed.values()]


def test_all_figures_of_one_and_two_models():
    assert len(layer_figures([depths()])) == 4
    assert len(layer_figures([depths((4,))])) == 3
    assert len(layer_figures([depths(), depths(model="other")])) == 7


def test_all_figures_leave_special_tokens_out_together():
    models, look = [depths(), depths(model="other")], Look(special=False)
    grid, player, totals, between, *_, agreed = layer_figures(
        models, look=Look(special=False)
    ).values()
    assert {trace.z.shape for trace in (*grid.data, *player.data)} == {(2, 3)}
    assert grid.layout.coloraxis.cmax == pytest.approx(shared_limit(models, look))
    assert len(totals.data[0].z) == 2
    np.testing.assert_allclose(between.data[0].z, layer_correlations(models[0], look))
    expected = model_agreements(*models, look)
    assert agreed.data[0].y[0] == pytest.approx(models_chart(expected).data[0].y[0])
