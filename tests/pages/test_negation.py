"""The page on negation, run by Streamlit's own test driver: what it computes and says."""

import numpy as np
import pytest

from pages.negation.page import DEFAULT
from tests.pages.helpers import (
    boxed,
    cells,
    decoded,
    figure,
    open_page,
    plain,
    said,
    tick,
    wait_for_tables,
)
from xsb_core import attribute, load_encoder, to_words
from xsb_core.attribution.numerals import signed
from xsb_core.studies.negation.effect import negation_effect
from xsb_core.studies.negation.findings import shipped_negation, summarise_negation
from xsb_core.studies.negation.negations import find_negations

ONE = {"two": "false", "model_1": "shelf"}


def measured(encoder, sentence, layer=None):
    (negation,) = find_negations(sentence)
    result = attribute(encoder, sentence, negation.without, layer)
    return result, negation_effect(result, negation)


def metrics(app, label):
    return [metric.value for metric in app.metric if metric.label == label]


def test_default_is_a_negation_in_shelf_and_exact():
    app = open_page("negation")
    assert not app.error
    assert app.text_area(key="without").value == "The new drug is safe for children."
    for which, name in enumerate(("shelf", "exact")):
        result, _ = measured(load_encoder(name), DEFAULT)
        np.testing.assert_allclose(cells(app, which), result.net_matrix, atol=1e-6)
        assert boxed(app, which) == (4.5, 5.5, -0.5, len(result.b.tokens) - 0.5)
        shown = float(metrics(app, "The negation's total")[which].replace("−", "-"))
        assert shown == pytest.approx(result.net_matrix[5].sum(), abs=6e-5)
    assert any("row ‹not›" in plain(caption.value) for caption in app.caption)


def test_a_contraction_has_its_tokens_boxed_also_as_words(minilm):
    app = open_page("negation", **ONE, sentence="I don’t know her.")
    assert app.text_area(key="without").value == "I do know her."
    assert boxed(app)[:2] == (2.5, 4.5)  # ’ and t
    app.radio(key="cells").set_value("Words").run()
    result, _ = measured(minilm, "I don’t know her.")
    np.testing.assert_allclose(cells(app), to_words(result).net_matrix, atol=1e-6)
    assert boxed(app)[:2] == (1.5, 2.5)  # don’t
    app.toggle(key="special").set_value(False).run()
    assert boxed(app)[:2] == (0.5, 1.5)


def test_the_second_sentence_can_be_changed_and_follows_the_first(minilm):
    app = open_page("negation", **ONE)
    app.text_area(key="without").set_value("The old drug is safe.").run()
    result = attribute(minilm, DEFAULT, "The old drug is safe.")
    np.testing.assert_allclose(cells(app), result.net_matrix, atol=1e-6)
    app.text_area(key="sentence").set_value("She cannot swim.").run()
    assert app.text_area(key="without").value == "She can swim."


def test_a_link_brings_both_sentences(minilm):
    app = open_page("negation", **ONE, sentence="It is not so.", without="So it is.", layer="5")
    assert app.text_area(key="without").value == "So it is."
    result = attribute(minilm, "It is not so.", "So it is.", 5)
    np.testing.assert_allclose(cells(app), result.net_matrix, atol=1e-6)


def test_of_several_negations_one_is_chosen():
    app = open_page("negation", **ONE, sentence="He can't go and will not stay.")
    assert app.text_area(key="without").value == "He can go and will not stay."
    assert any("has 2 negations; choose one" in plain(c.value) for c in app.caption)
    app.selectbox(key="which").set_value("not, character 22").run()
    assert app.text_area(key="without").value == "He can't go and will stay."
    assert boxed(app)[1] - boxed(app)[0] == 1


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"sentence": "A knot is fine."}, "There is no negation in this sentence; type one with"),
        ({"sentence": " "}, "The sentence is empty; type one with"),
        ({"sentence": "Not"}, "Text B: The text is empty"),
        ({"sentence": "It is not so", "model_1": "no/such"}, "no/such is not on this machine"),
    ],
)
def test_errors_are_one_sentence_and_nothing_typed_is_lost(parameters, message):
    app = open_page("negation", **(ONE | parameters))
    (error,) = app.error
    assert plain(error.value).startswith(message)
    assert "\n" not in error.value
    assert app.text_area(key="sentence").value == parameters["sentence"]
    app.selectbox(key="model_1").set_value("shelf")
    app.text_area(key="sentence").set_value("It is not fine.").run()
    assert not app.error


WHOLE = {"view": "All sentences of a set"}


def test_the_study_that_ships_is_drawn_without_a_model():
    app = open_page("negation", **ONE, **WHOLE, sentence="")
    table = shipped_negation()
    traces = figure(app, "exact")["data"]
    assert [trace["name"] for trace in traces] == ["shelf", "exact"]
    for trace, (_, rows) in zip(traces, table.groupby("model", sort=False), strict=True):
        np.testing.assert_allclose(decoded(trace["x"]), 100 * np.sort(rows["share"]))
    beside = app.dataframe[0].value.set_index("Figure")
    lower = [f"{name}: negations that lower the score" for name in ("shelf", "exact")]
    assert [beside.index[0], beside.index[2]] == lower
    found = beside.loc[lower]
    assert found["the paper, all-mpnet-base-v2"].tolist() == [
        "16% (87 sentences)",
        "9% (87 sentences)",
    ]
    for share, summary in zip(found["this run"], summarise_negation(table), strict=True):
        assert share == f"{summary.negative:.0%} (87 sentences)"
    assert len(app.dataframe[1].value) == 87
    tick(app, 1, 0)
    assert "This is the sentence in column_2 of row 556" in plain(app.info[-1].value)
    app.radio(key="kind").set_value("Any negation").run()
    assert len(app.dataframe[1].value) == len(shipped_negation("any")) // 2


def test_a_row_that_a_link_names_is_of_the_table_that_the_link_shows():
    app = open_page("negation", **ONE, **WHOLE, sentence="", set_row="3")
    assert "This is the sentence in column_1 of row 631" in plain(app.info[-1].value)
    app.run()
    assert "of row 631" in plain(app.info[-1].value)
    app.radio(key="kind").set_value("Any negation").run()
    assert not [info for info in app.info if "This is the sentence" in info.value]
    assert "set_row" not in app.query_params


def upload(app, name, content):
    app.segmented_control(key="set").set_value("Upload").run()
    return app.file_uploader(key="texts").upload(name, content, "text/csv").run()


def finish(app, tables):
    """Starts the study and waits for its tables."""
    next(button for button in app.button if button.label == "Measure all negations").click().run()
    wait_for_tables(app, tables)


def test_an_upload_is_measured_in_the_background_and_opens_its_pairs(minilm, monkeypatch, tmp_path):
    monkeypatch.setenv("XSB_RUNS", str(tmp_path))
    app = open_page("negation", **ONE, **WHOLE, layer="5")
    content = b"t\nthe dog is not a cat\nthe cat is wet\nit is not wet\nit isn't\n"
    app = upload(app, "texts.csv", content)
    said = [plain(block.value) for block in app.markdown]
    assert "2 sentences to measure, of 3 with a negation in texts.csv (columns: t)." in said
    finish(app, 2)
    table = app.dataframe[-1].value
    assert table["text"].tolist() == ["the dog is not a cat", "it is not wet"]
    result, effect = measured(minilm, "it is not wet", 5)
    assert table["shelf: total"].tolist()[1] == pytest.approx(effect.total, abs=1e-5)
    tick(app, -1, 1)
    np.testing.assert_allclose(cells(app), result.net_matrix, atol=1e-5)
    assert boxed(app)[:2] == (2.5, 3.5)


def test_what_an_upload_leaves_out_is_told(minilm, monkeypatch, tmp_path):
    monkeypatch.setenv("XSB_RUNS", str(tmp_path))
    app = open_page("negation", **ONE, **WHOLE, layer="5")
    app = upload(app, "texts.csv", b"t\na dog is not a cat\na caf\xe9 is not a cat\n")
    finish(app, 2)
    assert app.dataframe[-1].value["text"].tolist() == ["a dog is not a cat"]
    (told,) = [plain(warning.value) for warning in app.warning]
    assert told.startswith("shelf: 1 of them left out, first row 1 (from 0) of t: the sentence")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"t\nthe dog\n", "None of the 1 texts has a negation"),
        ("a.csv", b"n\n1\n", "a.csv has no column of texts"),
        ("a.csv", b"", "a.csv is empty"),
        ("a.parquet", b"no parquet", "a.parquet"),
    ],
)
def test_wrong_uploads_are_told(monkeypatch, tmp_path, name, content, message):
    monkeypatch.setenv("XSB_RUNS", str(tmp_path))
    app = upload(open_page("negation", **ONE, **WHOLE), name, content)
    (error,) = app.error
    assert plain(error.value).startswith(message)
    assert "\n" not in error.value


def test_the_title_is_answered_in_a_sentence():
    app = open_page("negation", sentence="It is not cold.", layer="5", two="false")
    result = attribute(load_encoder(), "It is not cold.", "It is cold.", 5)
    (row,) = (i for i, token in enumerate(result.a.tokens) if token == "not")
    net = result.net_matrix[row].sum()
    how = "Hardly" if result.score >= 0.8 else "Somewhat" if result.score >= 0.5 else "Yes"
    assert (
        f"{how}: with ‹not› and without it the sentence is {result.score:.2f} similar to itself, "
        f"and what ‹not› adds comes to {signed(net, 2)}."
    ) in said(app)
