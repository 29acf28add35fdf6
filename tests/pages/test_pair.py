"""The pair page, run by Streamlit's own test driver: what it computes and says."""

import numpy as np
import pytest

from pages._frame.texts import DEFAULT, EXAMPLES
from tests.pages.helpers import ROOT, button, cells, decoded, explain, figure, open_page
from tests.zoo import save_model
from xsb_core import answer, attribute, strongest_cells, to_words


def test_default_pair_shows_the_cores_numbers(minilm):
    app = open_page()
    result = attribute(minilm, *EXAMPLES[DEFAULT])
    np.testing.assert_allclose(cells(app), result.net_matrix, atol=1e-6)
    assert app.metric[0].value == f"{result.score:.4f}"
    said = " ".join(block.value for block in app.markdown).replace("\\", "")
    assert answer(result) in said
    assert ":green-badge" in said
    assert "right to about" in said
    waterfall = figure(app, "waterfall")["data"][0]
    bars = decoded(waterfall["x"])
    assert bars[-1] == pytest.approx(result.score, abs=1e-6)
    assert bars[:-1].sum() == pytest.approx(result.score, abs=1e-3)
    pairs = app.dataframe[0].value
    assert pairs["Text A"].tolist() == strongest_cells(result)["token_a"].tolist()


def test_layer_slider_changes_the_cells_and_keeps_the_texts(minilm):
    app = open_page(a="He sat on the bank.", b="A river bank.")
    assert app.select_slider(key="layer").value == 4
    app.select_slider(key="layer").set_value(5).run()
    assert app.text_area(key="a").value == "He sat on the bank."
    expected = attribute(minilm, "He sat on the bank.", "A river bank.", 5)
    np.testing.assert_allclose(cells(app), expected.net_matrix, atol=1e-6)


def test_words_special_tokens_and_border(minilm):
    app = open_page(a="Unbelievably good!", b="Not bad.")
    result = attribute(minilm, "Unbelievably good!", "Not bad.")
    app.radio(key="cells").set_value("Words").run()
    np.testing.assert_allclose(cells(app), to_words(result, "mean").net_matrix, atol=1e-6)
    app.radio(key="cells").set_value("Word sums").run()
    np.testing.assert_allclose(cells(app), to_words(result, "sum").net_matrix, atol=1e-6)
    app.radio(key="cells").set_value("Tokens").run()
    app.toggle(key="special").set_value(False).run()
    np.testing.assert_allclose(cells(app), result.net_matrix[1:-1, 1:-1], atol=1e-6)
    assert "Special tokens" in figure(app, "waterfall")["data"][0]["y"]
    app.toggle(key="paper").set_value(True).run()
    np.testing.assert_allclose(cells(app), result.matrix[1:-1, 1:-1], atol=1e-6)
    names = [trace.get("name") for trace in figure(app, "matrix")["data"]]
    assert {"border_a", "border_b", "corner"} <= set(names)


def test_state_comes_from_the_link(minilm):
    state = {"a": "One word", "b": "Two words", "layer": "3", "cells": "Word sums"}
    app = open_page(**state, special="false", paper="true")
    assert app.text_area(key="b").value == "Two words"
    assert app.select_slider(key="layer").value == 3
    assert app.radio(key="cells").value == "Word sums"
    assert app.toggle(key="special").value is False
    assert app.toggle(key="paper").value is True
    expected = to_words(attribute(minilm, "One word", "Two words", 3), "sum")
    np.testing.assert_allclose(cells(app), expected.matrix[1:-1, 1:-1], atol=1e-6)


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_fill_in_both_texts(name):
    app = open_page(layer="5")
    app.selectbox(key="example").set_value(name).run()
    assert not app.exception
    assert (app.text_area(key="a").value, app.text_area(key="b").value) == EXAMPLES[name]
    assert len(app.metric) == 1


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"a": ""}, "Text A: The text is empty"),
        ({"b": " \n\t "}, "Text B: The text is empty"),
        ({"a": "\u0000\u0007"}, "finds nothing to read"),
        ({"model": "no/such-model"}, "could not be reached"),
        ({"model": "/nowhere/at/all"}, "There is no folder"),
        ({"model": str(ROOT)}, "is not a sentence-transformers model"),
    ],
)
def test_errors_are_one_sentence_and_the_page_stays_usable(parameters, message):
    app = open_page(**parameters)
    (error,) = app.error
    text = error.value.replace("\\", "")
    assert message in text
    assert "Traceback" not in text
    assert "\n" not in text
    app.selectbox(key="model").set_value("all-MiniLM-L6-v2").run()
    explain(app, a="Good.")
    explain(app, b="Fine.")
    assert not app.error
    assert len(app.metric) == 1


@pytest.mark.parametrize("layer", ["99", "-1", "six"])
def test_a_layer_out_of_range_is_told(layer):
    app = open_page(layer=layer)
    assert f"Layer {layer} is out of range" in app.warning[0].value.replace("\\", "")
    assert app.select_slider(key="layer").value == 4
    assert len(app.metric) == 1


@pytest.mark.parametrize("layer", ["10", "6"])
def test_layers_of_a_deeper_model_come_from_links(tmp_path, layer):
    folder = save_model(tmp_path / "twelve", "mpnet", blocks=12)
    app = open_page(model=str(folder), a="A man plays.", b="A dog runs.", layer=layer)
    assert not app.warning
    assert app.select_slider(key="layer").value == int(layer)


@pytest.mark.parametrize(
    "text",
    [
        "word",
        "<script>alert(1)</script>",
        "**bold** _it_ [a](http://x) $x^2$ :smile: # h",
        "😀 👨‍👩‍👧 🇩🇪",
        "مرحبا بالعالم",
        "e\u0301 नमस्ते",
        "nul \u0000 bell \u0007 end",
    ],
)
def test_odd_texts_are_explained(text):
    app = open_page(a=text, b=text, layer="5")
    assert not app.error
    assert app.metric[0].value == "1.0000"


def test_a_links_layer_is_shown_as_typed():
    app = open_page(a="A man plays.", b="A dog runs.", layer="![x](http://evil.example/p.png)")
    (warning,) = app.warning
    assert "Layer \\!\\[x\\]\\(http\\://evil\\.example/p\\.png\\) is out of range" in warning.value


def test_long_text_is_cut_and_says_where(tmp_path):
    long = " ".join(["word"] * 10_000)
    folder = save_model(tmp_path / "short", "bert", max_length=8)
    app = open_page(model=str(folder), a=long, b="short")
    (warning,) = app.warning
    assert "Text A is longer than the model reads: it was cut after character" in warning.value
    assert "of 49,999" in warning.value


def test_a_model_brings_its_own_layers(tmp_path):
    folder = save_model(tmp_path / "twelve", "mpnet", blocks=12)
    app = open_page(model=str(folder), a="A man plays.", b="A dog runs.")
    slider = app.select_slider(key="layer")
    assert slider.value == 9
    assert slider.options == [str(layer) for layer in range(12)]
    app.selectbox(key="model").set_value("all-MiniLM-L6-v2").run()
    assert app.select_slider(key="layer").value == 4


def test_texts_are_swapped_and_cleared():
    app = open_page(a="Hot tea.", b="Cold rain.", layer="5")
    button(app, "Swap").click().run()
    assert [app.text_area(key=key).value for key in "ab"] == ["Cold rain.", "Hot tea."]
    assert app.query_params["a"] == "Cold rain."
    button(app, "Clear").click().run()
    assert "The text is empty" in app.error[0].value


def test_a_pinned_pair_stands_beside_the_changed_one(minilm):
    app = open_page(a="Hot tea.", b="Warm tea.", layer="5", view="Change a word")
    button(app, "Pin this pair").click().run()
    assert "Pinned" in app.info[0].value
    explain(app, b="Cold tea.")
    assert app.query_params["was_b"] == "Warm tea."
    before, after = (attribute(minilm, "Hot tea.", b, 5) for b in ("Warm tea.", "Cold tea."))
    scores = [metric.value for metric in app.metric][1:]
    assert scores == [f"{before.score:.4f}", f"{after.score:.4f}"]
    rows = app.dataframe[-1].value
    swapped = rows[(rows["Word before"] == "Warm") & (rows["Word after"] == "Cold")]
    assert len(swapped) == 1
    assert any("The score moved by" in block.value for block in app.markdown)


def test_the_mark_of_trust_follows_the_references(tmp_path):
    folder = save_model(tmp_path / "random", "bert")
    app = open_page(model=str(folder), a="A man plays.", b="A dog runs.")
    said = " ".join(block.value for block in app.markdown).replace("\\", "")
    assert ":orange-badge" in said
    assert "an empty text is not neutral to this model here" in said


def test_a_limit_of_work_that_ends_a_result_can_be_raised(monkeypatch):
    monkeypatch.setattr("pages._frame.compute.WORK_LIMIT", 20)
    app = open_page(a="A limit that is low.", b="Too low a limit.", layer="2")
    assert "less exact than was asked for" in plain(app)
    (more,) = [one for one in app.button if one.label.startswith("Go on until it is exact")]
    more.click().run()
    assert "less exact than was asked for" not in plain(app)
    assert not [one for one in app.button if one.label.startswith("Go on until it is exact")]
    assert int("".join(app.query_params["work"])) > 20
    for hostile in ("-1", "1e9", "9" * 4000, "x"):
        app = open_page(a="A limit that is low.", b="Too low a limit.", layer="2", work=hostile)
        assert "less exact than was asked for" in plain(app)


def plain(app) -> str:
    return " ".join(block.value for block in app.markdown)
