"""The comparison page, run by Streamlit's own test driver: what it computes and says."""

import numpy as np
import pytest

from pages._frame.texts import DEFAULT, EXAMPLES
from tests.pages.helpers import (
    cells,
    decoded,
    explain,
    figure,
    open_page,
    plain,
    said,
    small_models,
)
from xsb_core import answer, attribute, load_encoder, ready_evaluation, trust
from xsb_core.comparison.agreement import agreement
from xsb_core.comparison.models import compare
from xsb_core.comparison.verdict import agreement_verdict
from xsb_core.figures.style import COLOR_LIMIT

SHELF = "shelf"
TEXTS = {"a": "He isn't unhappy.", "b": "A well-known café"}
METRICS = ["Spearman", "Pearson", "Jaccard, top 3", "Jaccard, top 10"]


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return small_models(tmp_path_factory.mktemp("models"), deep=12)


# The driver can't rerun a page whose link names a model that is not among the suggestions.
def open_comparison(second, first=SHELF, **parameters):
    return open_page("compare", model_1=first, model_2=second, **parameters)


def limits(app):
    traces = [figure(app, "matrix", which)["data"][0] for which in range(3)]
    return [trace["zmax"] for trace in traces]


def test_default_is_shelf_against_exact():
    app = open_page("compare")
    assert not app.error
    pickers = [app.selectbox(key=f"model_{number}").value for number in (1, 2)]
    assert pickers == ["shelf", "exact"]
    results = [attribute(load_encoder(name), *EXAMPLES[DEFAULT]) for name in pickers]
    for which, result in enumerate(results):
        np.testing.assert_allclose(cells(app, which), result.net_matrix, atol=1e-6)
        assert app.metric[which].value == f"{result.score:.4f}"
        assert answer(result) in said(app)
        assert trust(result).short in said(app)
    agreed = agreement(*results)
    assert plain(app.markdown[0].value) == agreement_verdict(agreed)
    assert "cells add up to their scores" in said(app)


def test_the_ready_models_are_set_beside_the_papers():
    table = open_page("compare").dataframe[0].value
    rows = [row for row in ready_evaluation() if "spearman" in row]
    assert table["Model"].tolist() == ["shelf", "tuned", "exact", "orig"]
    assert table["Spearman × 100"].tolist() == [f"{row['spearman']:.2f}" for row in rows]
    assert table["The paper's, of all-mpnet-base-v2"].tolist() == ["83.4", "87.8", "87.5", "86.0"]


def test_two_models_with_one_tokenizer(minilm, folders):
    app = open_comparison(folders["bert"], **TEXTS)
    first = attribute(minilm, TEXTS["a"], TEXTS["b"])
    second = attribute(load_encoder(folders["bert"]), TEXTS["a"], TEXTS["b"], 4)
    np.testing.assert_allclose(cells(app, 0), first.net_matrix, atol=1e-6)
    np.testing.assert_allclose(cells(app, 1), second.net_matrix, atol=1e-6)
    np.testing.assert_allclose(cells(app, 2), second.net_matrix - first.net_matrix, atol=1e-6)
    assert limits(app)[0] == limits(app)[1] == COLOR_LIMIT
    agreed = agreement(first, second)
    values = (agreed.spearman, agreed.pearson, agreed.jaccard_3, agreed.jaccard_10)
    shown = [(metric.label, metric.value) for metric in app.metric]
    assert shown[2:] == [(n, f"{v:.2f}") for n, v in zip(METRICS, values, strict=True)]
    assert f"Spearman {agreed.spearman:.2f}" in said(app)
    assert "different tokens" not in said(app)
    terms = app.dataframe[1].value.set_index("Term")
    assert terms["Model 1"]["ΣA, all token pairs"] == f"{first.sum_matrix:+.4f}"
    assert terms["Model 2"]["f(a, b), the prediction"] == f"{second.score:+.4f}"


def test_other_tokenizers_are_compared_by_words_and_said_to_be(minilm, folders):
    app = open_comparison(folders["roberta"], **TEXTS)
    results = [
        attribute(encoder, TEXTS["a"], TEXTS["b"], 4)
        for encoder in (minilm, load_encoder(folders["roberta"]))
    ]
    compared = compare(*results)
    np.testing.assert_allclose(cells(app, 0), compared.first_cells.net_matrix, atol=1e-6)
    np.testing.assert_allclose(cells(app, 1), compared.second_cells.net_matrix, atol=1e-6)
    assert "so they are compared by words; a cell is the mean of" in said(
        app, "markdown", "info", "success"
    )
    app = open_comparison(folders["roberta"], cells="Word sums", **TEXTS)
    compared = compare(*results, "sum")
    np.testing.assert_allclose(cells(app, 1), compared.second_cells.net_matrix, atol=1e-6)
    assert "a cell is the sum of" in said(app)


def test_a_model_agrees_with_itself(minilm):
    app = open_comparison(SHELF, **TEXTS)
    assert [metric.value for metric in app.metric][2:] == ["1.00"] * 4
    assert not np.any(cells(app, 2))
    assert "Strong agreement" in said(app)


def test_other_depths_have_layers_of_their_own(folders):
    app = open_comparison(folders["deep"], **TEXTS)
    assert [slider.label for slider in app.select_slider] == [
        "Layer of model 1",
        "Layer of model 2",
    ]
    assert [slider.value for slider in app.select_slider] == [4, 9]
    assert any("three quarters up" in caption.value for caption in app.caption)
    app = open_comparison(folders["deep"], layer_2="10", **TEXTS)
    second = attribute(load_encoder(folders["deep"]), TEXTS["a"], TEXTS["b"], 10)
    np.testing.assert_allclose(cells(app, 1), second.net_matrix, atol=1e-6)


def test_a_dot_product_is_said_and_ranges_can_be_parted(folders):
    app = open_comparison(folders["dot"], **TEXTS)
    assert "Model 2 compares by dot product" in said(app)
    assert [metric.label for metric in app.metric[:2]] == ["Cosine similarity", "Dot product"]
    assert limits(app)[0] == limits(app)[1]
    ranges = [figure(app, "waterfall", which)["layout"]["xaxis"]["range"] for which in (0, 1)]
    assert ranges[0] == ranges[1]
    app = open_comparison(folders["dot"], one_range="false", **TEXTS)
    assert limits(app)[0] != limits(app)[1]
    ranges = [figure(app, "waterfall", which)["layout"]["xaxis"]["range"] for which in (0, 1)]
    assert ranges[0] != ranges[1]


def test_switches_come_from_the_link(minilm, folders):
    app = open_comparison(
        folders["bert"], layer="3", special="false", paper="true", cells="Words", **TEXTS
    )
    assert app.select_slider(key="layer").value == 3
    second = attribute(load_encoder(folders["bert"]), TEXTS["a"], TEXTS["b"], 3)
    words = compare(attribute(minilm, TEXTS["a"], TEXTS["b"], 3), second, "mean").second_cells
    np.testing.assert_allclose(cells(app, 1), words.matrix[1:-1, 1:-1], atol=1e-6)
    for which in range(3):
        assert "border_a" in [t.get("name") for t in figure(app, "matrix", which)["data"]]
    bars = figure(app, "waterfall", 1)["data"][0]
    assert "Special tokens" in bars["y"]
    assert decoded(bars["x"])[-1] == pytest.approx(second.score, abs=1e-6)


def test_each_models_cut_is_told(folders):
    app = open_comparison(folders["short"], a="one two three four five six seven", b="a")
    (warning,) = app.warning
    assert "Text A is longer than model 2 reads" in warning.value
    assert "Left out, as model 2 has no counterpart: of model 1, ‹seven› of text A" in said(
        app, "markdown", "info", "success"
    )


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"model_1": "no/such-model"}, "Model 1: no/such-model is not on this machine"),
        ({"model_2": "/nowhere/at/all"}, "Model 2: There is no folder /nowhere/at/all"),
        ({"a": " "}, "Text A: The text is empty"),
        ({"b": "\u0000\u0007"}, "Text B: shelf's tokenizer finds nothing to read"),
    ],
)
def test_errors_are_one_sentence_and_nothing_typed_is_lost(folders, parameters, message):
    models = {"model_1": SHELF, "model_2": folders["bert"]}
    app = open_page("compare", **(TEXTS | models | parameters), layer="2")
    (error,) = app.error
    assert plain(error.value).startswith(message)
    assert "\n" not in error.value
    for key, value in (TEXTS | parameters).items():
        if key in TEXTS:
            assert app.text_area(key=key).value == value
    for key in models:
        app.selectbox(key=key).set_value(SHELF)
    app.text_area(key="a").set_value("Good.")
    explain(app, b="Fine.")
    assert not app.error
    assert len(app.metric) == 6


def test_both_models_can_be_wrong():
    app = open_comparison("no/second", "no/first")
    assert [plain(error.value)[:8] for error in app.error] == ["Model 1:", "Model 2:"]


@pytest.mark.parametrize("layer", ["99", "six"])
def test_a_layer_out_of_range_is_told(folders, layer):
    app = open_comparison(folders["bert"], layer=layer, **TEXTS)
    assert f"Layer {layer} is out of range" in app.warning[0].value
    assert len(app.metric) == 6


@pytest.mark.parametrize(
    "text",
    ["word", "**bold** [a](http://x) $x^2$ # h", "😀 👨\u200d👩\u200d👧", "e\u0301 नमस्ते"],
    ids=ascii,
)
def test_odd_texts_are_compared(folders, text):
    app = open_comparison(folders["roberta"], a=text, b=text)
    assert not app.error
    assert app.metric[0].value == "1.0000"
