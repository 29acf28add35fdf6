"""The page Search: ranked at once, explained from the top, nothing typed taken for markup."""

import json
from importlib import import_module

from pages.search.page import QUERY
from tests.pages.helpers import open_page, said, wait
from xsb_core import load_encoder, rank

page = import_module("pages.search.page")


def texts_of(app):
    return [element.proto.body for element in app.get("html")]


def errors_of(app):
    return [error.value for error in app.error]


def test_the_sample_is_ranked_and_explained():
    app = wait(open_page("search", top="3"))
    hits = [text for text in texts_of(app) if "right to ±" in text]
    assert len(hits) == 5  # three results, and two that are compared
    assert "ferry-3" in hits[0]
    assert "font-weight:600" in hits[0]
    assert any("add up to" in text.value for text in app.markdown)
    bars = list(app.get("plotly_chart"))
    assert len(bars) == 1


def test_pasted_markup_is_shown_as_text():
    app = open_page("search", documents="Paste", top="3")
    app.text_area(key="pasted").set_value("<script>alert(1)</script> ferry\nA cat.").run()
    app = wait(app)
    assert not errors_of(app)
    assert any("&lt;script&gt;" in text for text in texts_of(app))
    assert not any("<script>" in text for text in texts_of(app))


def test_one_document_and_a_blank_query():
    app = open_page("search", documents="Paste", top="3")
    app.text_area(key="pasted").set_value("A ferry.").run()
    app = wait(app)
    assert not errors_of(app)
    assert not app.get("plotly_chart")
    app.text_input(key="query").set_value(" ").run()
    app = wait(app)
    assert ["query is empty" in error for error in errors_of(app)] == [True]


def test_two_models_and_near_duplicates():
    app = wait(open_page("search", top="3", two="true", near="true"))
    app = wait(app)
    assert [metric.label for metric in app.metric] == ["Kendall's tau"]
    assert len(app.get("plotly_chart")) == 2
    assert len([text for text in texts_of(app) if "right to ±" in text]) == 10


def test_a_result_beside_a_text_of_ones_own():
    app = wait(open_page("search", documents="Paste", top="3"))
    app.text_area(key="pasted").set_value("The ferry leaves at nine.").run()
    app = wait(app)
    app.selectbox(key="why_1").set_value("a text of your own").run()
    assert "Type a text to set beside the result." in said(app, "info")
    app.text_area(key="why_own").set_value("<b>No</b> ferry on Sundays.").run()
    assert not errors_of(app)
    assert "your text by" in said(app, "markdown")
    assert any("&lt;b&gt;No&lt;/b&gt; ferry" in text for text in texts_of(app))
    assert len(app.get("plotly_chart")) == 1


def test_a_long_document_is_grey_where_it_was_not_read_and_shown_in_windows_when_asked():
    long = "Nets dry on the quay, and " * 45 + "gulls cry. The ferry leaves at nine on Sunday."
    app = open_page("search", documents="Paste", top="3")
    app.text_area(key="pasted").set_value(f"{long}\nA cat.").run()
    app = wait(app)
    assert "1 of these documents is longer than all-MiniLM-L6-v2 reads" in said(app, "info")
    (hit,) = [text for text in texts_of(app) if "quay" in text][:1]
    assert "not read by the model" in hit
    assert "scored as a text of their own" not in hit
    app.toggle(key="windows").set_value(True).run()
    assert not errors_of(app)
    (hit,) = [text for text in texts_of(app) if "quay" in text][:1]
    first, _ = hit.split("scored as a text of their own")[1:]
    assert first.split("font-weight:600;")[1].split(">")[1].startswith("The ferry leaves")


def test_prompts_are_those_of_query_and_documents():
    app = open_page(
        "search", documents="Paste", top="3", instruction_A="query: ", instruction_B="passage: "
    )
    app.text_area(key="pasted").set_value("A ferry.\nA cat.").run()
    app = wait(app)
    expected = rank(
        load_encoder(), QUERY, ["A ferry.", "A cat."], prompts=("query: ", "passage: ")
    ).hits[0]
    hits = [text for text in texts_of(app) if "right to ±" in text]
    assert f"{expected.score:.3f}" in hits[0]
    assert "passage" not in hits[0]


def test_ids_twice_and_embeddings_of_another_model_are_one_sentence(tmp_path, monkeypatch):
    for name, rows, message in (
        ("a.jsonl", [{"id": 1, "text": "One."}, {"id": 1, "text": "Two."}], "are called '1'"),
        (
            "b.jsonl",
            [{"text": "One.", "embedding": [0.1] * 384}],
            "is not all\\-MiniLM\\-L6\\-v2's",
        ),
    ):
        path = tmp_path / name
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        monkeypatch.setattr(page, "pick_upload", lambda *_, path=path: path)
        app = wait(open_page("search", documents="File", top="3"))
        assert [message in error for error in errors_of(app)] == [True]
