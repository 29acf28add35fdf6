"""Runs of many pairs: ended and gone on with, waiting, found by their link, refused."""

import dataclasses
import json
import shutil
import threading

import pytest
from streamlit.testing.v1 import AppTest

from pages._frame import jobs, uploads, work
from pages._frame.jobs import Cancelled
from pages._frame.work import fingerprint
from pages.batch import runs as runs_module
from pages.batch.runs import find_run
from tests.corpus.factory import encoder, pairs
from tests.pages.batch.helpers import errors, metrics, run_to_the_end, table, upload
from tests.pages.helpers import open_page, wait
from xsb_core import DataError
from xsb_core.corpus import plan


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
