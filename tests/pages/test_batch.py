"""The page for many pairs, run by Streamlit's own test driver."""

import csv
import dataclasses
import io
import json
import shutil
import threading

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from pages._frame import jobs, models, uploads, work
from pages._frame.jobs import Cancelled
from pages._frame.work import fingerprint
from pages.batch import runs as runs_module
from pages.batch.page import SAMPLE
from pages.batch.results import _parquet
from pages.batch.runs import find_run
from tests.corpus.factory import encoder, pairs, saved
from tests.pages.helpers import cells, decoded, open_page, wait
from xsb_core import DataError, attribute, load_encoder, to_csv
from xsb_core.corpus import plan
from xsb_core.corpus.export import summary_table
from xsb_core.corpus.results import Results

ROWS = [
    "id,mark,left,right",
    '=1+1,@x,"Two dogs, ""old"" ones,\nrun.",-2 degrees outside',
    "b,,,No.",
]


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> str:
    return saved(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(autouse=True)
def settings(tmp_path, monkeypatch, model):
    monkeypatch.setenv("XSB_RUNS", str(tmp_path / "runs"))
    # the driver can't rerun a page whose model is not among the suggestions
    monkeypatch.setattr(models, "_MORE", (model,))


def upload(model: str, name: str, content: bytes, **parameters: str) -> AppTest:
    app = open_page("batch", source="Upload", model=model, **parameters)
    app.file_uploader(key="upload").set_value((name, content, "text/csv"))
    return app.run()


def run_to_the_end(app: AppTest) -> AppTest:
    app.button(key="run_button").click().run()
    return wait(app)


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def table(app: AppTest, column: str) -> pd.DataFrame:
    """The table that has this column."""
    return next(frame.value for frame in app.dataframe if column in frame.value)


def errors(app: AppTest) -> str:
    return " ".join(error.value.replace("\\", "") for error in app.error)


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


def run_of(app: AppTest) -> Results:
    return find_run(app.query_params["run"]).results()


def run_ended_on_the_way(model: str, monkeypatch, ended_by: Exception) -> AppTest:
    """A run of 30 pairs that is done with the first 5, and can go on."""
    rows = [f"{a}.,{b}." for a, b in pairs(30)]
    content = "\n".join(["text_a,text_b", *rows]).encode()
    tell = runs_module._tell

    def ended_on_the_way(job, advance):
        if advance.done >= 10:
            raise ended_by
        tell(job, advance)

    monkeypatch.setattr(runs_module, "PART_ROWS", 5)
    with monkeypatch.context() as patch:
        patch.setattr(runs_module, "_tell", ended_on_the_way)
        app = run_to_the_end(upload(model, "many.csv", content))
    assert "The run was stopped" in app.info[0].value
    # the first part; the second was computed, but not written yet
    assert metrics(app)["Pairs"] == "5"
    return app


def go_on(app: AppTest) -> None:
    app.button(key="resume").click().run()
    app = wait(app)
    assert not app.error
    assert metrics(app)["Pairs"] == "30"
    assert list(table(app, "Strongest pair")["Row"]) == list(range(30))


@pytest.mark.parametrize(
    ("ended_by", "said"), [(Cancelled(), ""), (RuntimeError("No."), "(RuntimeError: No.)")]
)
def test_a_run_that_was_ended_keeps_parts_and_goes_on(model, monkeypatch, ended_by, said):
    app = run_ended_on_the_way(model, monkeypatch, ended_by)
    assert said in errors(app)
    link = app.query_params["run"]
    go_on(app)
    assert app.query_params["run"] == link


def test_a_run_starts_anew_where_the_libraries_have_changed(model, monkeypatch):
    app = run_ended_on_the_way(model, monkeypatch, Cancelled())
    for module in (work, plan):
        monkeypatch.setattr(module, "version", lambda library: "another")
    monkeypatch.setattr(work, "_FINGERPRINTS", {})
    go_on(app)


def test_other_weights_under_the_same_name_make_another_run():
    first, second = encoder(), encoder()
    assert fingerprint(first) == fingerprint(second)
    third = encoder(seed=1)
    assert third.name == first.name
    assert fingerprint(third) != fingerprint(first)


def test_a_run_that_waits_needs_its_upload_no_more(model):
    go = threading.Event()
    others = [
        jobs.start(f"{model} {n}", "Working", lambda job: go.wait(60)) for n in range(jobs.AT_ONCE)
    ]
    app = upload(model, "mine.csv", b"text_a,text_b\nhello there.,hello you.\n")
    app.button(key="run_button").click().run()
    shutil.rmtree(uploads.working_folder() / "uploads")
    go.set()
    job = find_run(app.query_params["run"]).job
    assert job not in others
    job.future.result(60)


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


@pytest.mark.parametrize("key", ["0123456789abcdef", "../../etc", "x"])
def test_unknown_runs_are_told(model, key):
    app = open_page("batch", model=model, run=key)
    assert "does not have the results" in errors(app)


def test_a_damaged_run_is_refused_by_field(tmp_path, monkeypatch):
    monkeypatch.setattr(runs_module, "working_folder", lambda: tmp_path)
    (tmp_path / "runs" / "0123456789abcdef").mkdir(parents=True)
    saved = runs_module.Run("pairs.csv", ("a", "b"), None, 3, "m", 1, "0c")
    values = dataclasses.asdict(saved) | {"layer": "low"}
    (tmp_path / "runs" / "0123456789abcdef" / "run.json").write_text(json.dumps(values))
    with pytest.raises(DataError, match=r"\(layer: expected a whole number, got 'low'\); upload"):
        find_run("0123456789abcdef")
