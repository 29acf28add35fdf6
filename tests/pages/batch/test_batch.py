"""The page for many pairs, run by Streamlit's own test driver."""

import csv
import io
import json

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from pages._frame import uploads
from pages.batch.page import SAMPLE
from pages.batch.results import _parquet
from tests.pages.batch.helpers import errors, metrics, run_of, run_to_the_end, table, upload
from tests.pages.helpers import cells, decoded, open_page, wait
from xsb_core import attribute, load_encoder, to_csv
from xsb_core.corpus.export import summary_table

ROWS = [
    "id,mark,left,right",
    '=1+1,@x,"Two dogs, ""old"" ones,\nrun.",-2 degrees outside',
    "b,,,No.",
]


def test_pasted_pairs_keep_their_columns_and_meet_their_gold(model):
    app = open_page("batch", source="Paste", model=model, view="Against a column")
    lines = ["left;right;gold;kind"]
    lines += [f"A dog runs, number {n}.;A puppy {n} ran.;{n};{'xy'[n % 2]}" for n in range(5)]
    app.text_area(key="pasted").set_value("\n".join(lines)).run()
    app = run_to_the_end(app)
    assert metrics(app)["Pairs"] == "5"
    shown = table(app, "Strongest pair")
    assert shown["gold"].tolist() == [0, 1, 2, 3, 4]
    (title,) = [
        json.loads(chart.proto.spec)["layout"]["annotations"][0]["text"]
        for chart in app.get("plotly_chart")
        if "Spearman" in chart.proto.spec
    ]
    assert title.endswith("over 5 pairs")
    app.multiselect(key="only_kind").set_value(["y"]).run()
    assert table(app, "Strongest pair")["Row"].tolist() == [1, 3]
    app.selectbox(key="by").set_value("gold")
    app.number_input(key="least").set_value(2).run()
    assert table(app, "Strongest pair")["Row"].tolist() == [3]


def test_garbled_texts_are_named(model):
    app = open_page("batch", source="Paste", model=model)
    app.text_area(key="pasted").set_value("a,b\nCafÃ© au lait,A dog.\n").run()
    (said,) = app.warning
    assert "“Café au lait”" in said.value


def test_sample_is_previewed_and_attributed(model):
    app = open_page("batch", model=model)
    assert list(table(app, "Line")["Text A"]) == list(pd.read_csv(SAMPLE)["text_a"][:5])
    app = run_to_the_end(app)
    assert metrics(app)["Pairs"] == "20"
    assert metrics(app)["Rows left out"] == "0"
    found = table(app, "Strongest pair")
    given = pd.read_csv(SAMPLE)
    assert list(found["Text B"]) == list(given["text_b"])
    first = attribute(load_encoder(model), given["text_a"][0], given["text_b"][0])
    assert found["Score"][0] == pytest.approx(first.score, abs=1e-5)
    terms = first.reference_terms
    assert found["f(a, r_b)"][0] == pytest.approx(terms.a_rb, abs=1e-5)
    app = wait(open_page("batch", model=model, run=app.query_params["run"], view="Distributions"))
    counted = [
        sum(decoded(trace["y"]).sum() for trace in json.loads(chart.proto.spec)["data"])
        for chart in app.get("plotly_chart")
    ]
    assert counted == [20, 60, 20]


def test_a_link_shows_results_and_the_row_without_the_upload(model):
    first = run_to_the_end(open_page("batch", model=model))
    app = open_page("batch", model=model, run=first.query_params["run"], row="7")
    texts = pd.read_csv(SAMPLE).loc[7, ["text_a", "text_b"]]
    expected = attribute(load_encoder(model), *texts)
    np.testing.assert_allclose(cells(app), expected.net_matrix, atol=1e-5)
    assert [text.value for text in app.text] == list(texts)
    # and nothing was computed again
    assert app.button(key="run_button").label == "Show"


def test_columns_are_chosen_and_rows_left_out_are_told(model):
    app = upload(model, "mine.csv", "\n".join(ROWS).encode())
    app.selectbox(key="column_A").select("left")
    app.selectbox(key="column_B").select("right")
    app = run_to_the_end(app.run())
    assert table(app, "Strongest pair")["Text A"][0] == 'Two dogs, "old" ones,\nrun.'
    assert list(table(app, "Reason")["Reason"]) == ["left is empty"]
    assert metrics(app)["Rows left out"] == "1"


def test_one_column_can_not_be_both(model):
    app = upload(model, "mine.csv", "\n".join(ROWS).encode())
    app.selectbox(key="column_A").select("left")
    app.selectbox(key="column_B").select("left").run()
    assert "two different columns" in errors(app)
    assert app.selectbox(key="column_A").value == "left"


def test_filters_keep_what_they_say(model):
    app = run_to_the_end(open_page("batch", model=model))
    scores = table(app, "Strongest pair")["Score"]
    app.text_input(key="contains").set_value("MUSEUM").run()
    assert list(table(app, "Strongest pair")["Row"]) == [4]
    app.text_input(key="contains").set_value("")
    middle = float(scores.median())
    app.number_input(key="least").set_value(middle).run()
    assert list(table(app, "Strongest pair")["Row"]) == list(scores.index[scores >= middle])
    app.number_input(key="least").set_value(2.0).run()
    assert "No pair passes" in app.info[0].value


def test_downloads_hold_everything_and_no_formula(model):
    app = upload(model, "mine.csv", "\n".join(ROWS[:2]).encode())
    app.selectbox(key="column_A").select("left")
    app.selectbox(key="column_B").select("right")
    app = run_to_the_end(app.run())
    results = run_of(app)
    row = next(csv.DictReader(io.StringIO(to_csv(summary_table(results)))))
    assert (row["id"], row["text_b"]) == ("'=1+1", "'-2 degrees outside")
    assert json.loads(row["extra"]) == {"mark": "@x"}
    again = pq.read_table(io.BytesIO(_parquet(results))).to_pylist()
    assert again == list(results)
    labels = [button.label for button in app.get("download_button")]
    assert labels == ["CSV", "JSON Lines", "Parquet"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.csv", b"", "empty.csv is empty"),
        ("header.csv", b"text_a,text_b\n", "has a header but no rows"),
        ("one.csv", b"text\nhello there.\n", "no two columns of texts"),
        ("zip.csv", b"PK\x03\x04rest", "is a zip archive"),
        ("utf16.csv", "a,b\nx,y\n".encode("utf-16-le"), "name its encoding"),
    ],
)
def test_bad_files_are_one_sentence(model, name, content, message):
    app = upload(model, name, content)
    assert message in errors(app)
    assert str(uploads.working_folder()) not in errors(app)
    assert not any(button.key == "run_button" for button in app.button)


def test_encodings(model):
    text = "text_a,text_b\nCafé über,Mädchen\n"
    app = upload(model, "latin.csv", text.encode("latin-1"))
    assert "not utf-8" in table(app, "Line").iloc[0, -1]
    app = upload(model, "latin.csv", text.encode("latin-1"), encoding="latin-1")
    assert list(table(app, "Line").iloc[0, 1:]) == ["Café über", "Mädchen"]
    app = upload(model, "marked.csv", text.encode("utf-16"))
    assert list(table(app, "Line").iloc[0, 1:]) == ["Café über", "Mädchen"]


def test_limits_are_stated_and_kept(model, monkeypatch):
    monkeypatch.setenv("XSB_MAX_PAIRS", "3")
    content = "\n".join(["text_a,text_b", *(f"A dog {n},A cat {n}" for n in range(5))]).encode()
    app = upload(model, "some.csv", content)
    assert "up to 50 MB" in app.caption[0].value
    assert "first 3 are taken" in app.caption[0].value
    assert "The table has 5 rows; the first 3" in app.warning[0].value
    assert metrics(run_to_the_end(app))["Pairs"] == "3"
    monkeypatch.setattr(uploads, "megabytes_allowed", lambda: 0)
    app = upload(model, "large.csv", content)
    assert "large.csv has more than 0 MB" in errors(app)
