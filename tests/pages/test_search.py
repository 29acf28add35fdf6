"""The page Search: ranked at once, explained from the top, nothing typed taken for markup."""

from tests.pages.helpers import open_page, wait


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
