"""The page of layers, run by Streamlit's own test driver: what it computes and says."""

import numpy as np
import pytest

from pages._frame import compute
from pages._frame import models as pickers
from pages._frame.texts import DEFAULT, EXAMPLES
from pages.layers import page as layers
from tests.pages.helpers import decoded, figure, open_page, said, small_models
from xsb_core import attribute, load_encoder
from xsb_core.comparison.layers import by_depth, layer_correlations, token_totals
from xsb_core.comparison.models import compare
from xsb_core.figures.style import COLOR_LIMIT

TEXTS = {"a": "He isn't unhappy.", "b": "A well-known café"}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return small_models(tmp_path_factory.mktemp("models"), deep=12, flat=2)


@pytest.fixture(autouse=True)
def offered(monkeypatch, folders):
    # the driver can't rerun a page whose model is not among the suggestions
    monkeypatch.setattr(pickers, "_MORE", ("exact", *folders.values()))


def open_layers(model=None, second=None, layers=(), **parameters):
    options = dict(parameters)
    if model:
        options["layers_model"] = model
    if second:
        options |= {"second": "true", "layers_model_2": second}
    if layers:
        options["layers"] = [str(layer) for layer in layers]
    return open_page("layers", **options)


def grid(app) -> tuple[dict[str, np.ndarray], float]:
    """The cells of the small multiples by name, and the upper end of their range."""
    spec = figures(app, "1: layer")[0]
    return {t["name"]: decoded(t["z"]) for t in spec["data"]}, spec["layout"]["coloraxis"]["cmax"]


def figures(app, name):
    """All charts whose first trace's name begins so."""
    found = []
    which = 0
    while True:
        try:
            spec = figure(app, "heatmap", which)
        except AssertionError:
            return [s for s in found if s["data"][0].get("name", "").startswith(name)]
        found.append(spec)
        which += 1


def test_default_is_the_five_deepest_layers_of_the_embedded_model(minilm):
    app = open_page("layers")
    assert not app.error
    assert app.multiselect(key="layers").value == [1, 2, 3, 4, 5]
    cells, limit = grid(app)
    assert list(cells) == [f"1: layer {layer}" for layer in range(1, 6)]
    for layer in (1, 5):
        expected = attribute(minilm, *EXAMPLES[DEFAULT], layer)
        np.testing.assert_allclose(cells[f"1: layer {layer}"], expected.net_matrix, atol=1e-6)
    assert limit == COLOR_LIMIT


def test_every_figure_has_the_cores_numbers(folders):
    app = open_layers(folders["bert"], layers=(3, 5), **TEXTS)
    encoder = load_encoder(folders["bert"])
    results = [attribute(encoder, *TEXTS.values(), layer) for layer in (3, 5)]
    depths = by_depth(results)
    (player,) = [spec for spec in figures(app, "1: layer") if spec["layout"].get("sliders")]
    assert player["layout"]["sliders"][0]["active"] == 1
    (totals,) = figures(app, "text A")
    np.testing.assert_allclose(decoded(totals["data"][0]["z"]), token_totals(depths)[0], atol=1e-6)
    (between,) = figures(app, "Spearman")
    np.testing.assert_allclose(
        decoded(between["data"][0]["z"]), layer_correlations(depths), atol=1e-4
    )
    (table,) = [frame.value for frame in app.dataframe if "Residual" in frame.value]
    assert table["Layer"].tolist() == [3, 5]
    assert table["Nodes"].tolist() == [max(r.nodes_a, r.nodes_b) for r in results]
    assert table["ΣA"].tolist() == [f"{r.sum_matrix:.4f}" for r in results]


def test_two_models_in_one_range(minilm, folders):
    app = open_layers("shelf", folders["bert"], (4, 5), **TEXTS)
    cells, limit = grid(app)
    assert list(cells) == ["1: layer 4", "1: layer 5", "2: layer 4", "2: layer 5"]
    second = attribute(load_encoder(folders["bert"]), *TEXTS.values(), 4)
    np.testing.assert_allclose(cells["2: layer 4"], second.net_matrix, atol=1e-6)
    assert limit == COLOR_LIMIT
    (table,) = [frame.value for frame in app.dataframe if "Pearson" in frame.value]
    first = attribute(minilm, *TEXTS.values(), 4).net_matrix
    pearson = np.corrcoef(first.ravel(), second.net_matrix.ravel())[0, 1]
    assert table["Pearson"][0] == f"{pearson:.2f}"
    totals = figures(app, "text A")
    largest = max(np.abs(decoded(trace["z"])).max() for chart in totals for trace in chart["data"])
    reaches = [chart["layout"]["coloraxis"]["cmax"] for chart in totals]
    assert reaches == [pytest.approx(largest)] * 2


def test_a_model_against_itself():
    app = open_layers("shelf", "shelf", (5,), **TEXTS)
    cells, _ = grid(app)
    np.testing.assert_array_equal(cells["1: layer 5"], cells["2: layer 5"])
    assert "There is one layer" in said(app, "info")


def test_other_tokenizers_meet_in_words(minilm, folders):
    app = open_layers("shelf", folders["roberta"], (5,), **TEXTS)
    cells, _ = grid(app)
    expected = compare(
        attribute(minilm, *TEXTS.values(), 5),
        attribute(load_encoder(folders["roberta"]), *TEXTS.values(), 5),
    )
    np.testing.assert_allclose(cells["2: layer 5"], expected.second_cells.net_matrix, atol=1e-6)
    assert "so they are compared by words" in said(app, "info")


@pytest.mark.parametrize(("other", "layer"), [("deep", 11), ("flat", 1)])
def test_other_depths_meet_before_the_score(folders, other, layer):
    app = open_layers(folders["bert"], folders[other], (3, 5), **TEXTS)
    cells, _ = grid(app)
    expected = attribute(load_encoder(folders[other]), *TEXTS.values(), layer)
    np.testing.assert_allclose(cells[f"2: layer {layer}"], expected.net_matrix, atol=1e-6)
    missing = "Model 2 has 2 blocks, so it has no counterpart of layer 3."
    assert (missing in said(app, "info")) is (other == "flat")


def test_switches_come_from_the_link(folders):
    app = open_layers(folders["bert"], layers=(5,), cells="Words", special="false", **TEXTS)
    cells, _ = grid(app)
    # He isn't unhappy . × A well - known café
    assert cells["1: layer 5"].shape == (4, 5)


def test_the_page_of_figures_has_what_is_shown(monkeypatch, folders):
    files = []
    monkeypatch.setattr(layers, "download_row", lambda made, pictures: files.extend(made))
    open_layers(folders["bert"], layers=(5,), special="false", **TEXTS)
    (page,) = [file.make() for file in files if file.label == "HTML"]
    assert "[CLS]" not in page


def test_a_model_of_other_depth_brings_its_own_layers(folders):
    app = open_layers(folders["bert"], layers=(4,), **TEXTS)
    app.selectbox(key="layers_model").set_value(folders["deep"]).run()
    assert not app.exception
    assert app.multiselect(key="layers").value == [7, 8, 9, 10, 11]


def test_no_layer_and_mistakes_are_said(folders):
    app = open_layers(folders["bert"], layers=(5,), **TEXTS)
    app.multiselect(key="layers").set_value([]).run()
    assert "Choose a layer" in said(app, "info")
    app = open_layers(folders["bert"], layers=(5,), a=" ", b="x")
    assert said(app, "error").startswith("Text A: The text is empty")
    assert app.text_area(key="b").value == "x"


def test_a_cut_is_told(folders):
    app = open_layers(folders["short"], layers=(5,), a="one two three four five six seven", b="a")
    assert "Text A is longer than the model reads" in said(app, "warning")


def test_a_cut_is_told_with_the_first_layer(monkeypatch, folders):
    events = []
    monkeypatch.setattr(layers, "warn_of_cuts", lambda result, model: events.append(model))
    monkeypatch.setattr(layers, "show_heatmap", lambda figure, key, *more: events.append(key))
    open_layers(folders["short"], layers=(4, 5), **TEXTS)
    assert events[:3] == ["the model", "grid_0", "grid_1"]


def test_layers_of_a_link_may_be_one_list(folders):
    app = open_layers(folders["bert"], layers=("4,5",), **TEXTS)
    assert app.multiselect(key="layers").value == [4, 5]
    app = open_layers(folders["bert"], layers=("5, 9",), **TEXTS)
    assert app.multiselect(key="layers").value == [5]
    assert "Out of range in the link: layer 9." in said(app, "warning")


def test_an_error_names_the_model_and_layers_stay(folders):
    app = open_layers(folders["bert"], "/nope", layers=(4,), **TEXTS)
    assert said(app, "error").startswith("Model 2: There is no folder /nope")
    assert app.multiselect(key="layers").value == [4]


def test_long_texts_do_not_break(folders):
    app = open_layers(folders["flat"], layers=(1,), a="word " * 120, b="other words " * 60)
    assert not app.error
    cells, _ = grid(app)
    assert cells["1: layer 1"].size > 10_000


def test_the_first_layer_is_drawn_before_the_next_is_computed(monkeypatch, folders):
    events = []

    def told(module, name, what):
        own = getattr(module, name)

        def telling(*arguments, **options):
            events.append(what(arguments))
            return own(*arguments, **options)

        monkeypatch.setattr(module, name, telling)

    told(compute.xsb_core, "text_factors", lambda arguments: arguments[2].layer)
    told(layers, "show_heatmap", lambda arguments: arguments[1])
    texts = {"a": "No one computed this.", "b": "Nor this one."}
    open_layers(folders["bert"], layers=(4, 5), **texts)
    assert events[:6] == [5, 5, "grid_0", 4, 4, "grid_1"]
    # what is kept is not computed again: only the new layer, for both texts
    events.clear()
    open_layers(folders["bert"], layers=(3, 4, 5), **texts)
    assert [event for event in events if isinstance(event, int)] == [3, 3]
