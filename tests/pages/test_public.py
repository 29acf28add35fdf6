"""A public server: nothing of the machine is named, opened or probed; limits and quotas."""

import json
import os
import time
from contextlib import contextmanager

import pytest
from streamlit.testing.v1 import AppTest

from pages._frame import compute, jobs, models, server, settings, uploads
from tests.corpus.factory import encoder, saved
from tests.pages.helpers import open_page
from xsb_core import DataError, ModelError, Recipe, TextError

ONLY = (
    "This server offers only the models all-MiniLM-L6-v2, tuned, exact, orig; choose one of them."
)


@pytest.fixture
def public(tmp_path, monkeypatch):
    monkeypatch.setenv("XSB_PUBLIC", "1")
    monkeypatch.setenv("XSB_RUNS", str(tmp_path / "runs"))


def sentences(app: AppTest) -> list[str]:
    return [one.value.replace("\\", "") for one in (*app.error, *app.info, *app.warning)]


@pytest.mark.parametrize(
    "name", ["/etc", "/etc/passwd", "~", ".", "../x", "/no/such", "sentence-transformers/none"]
)
def test_of_every_other_model_the_same_is_said(public, tmp_path, name):
    there = saved(tmp_path / "model")
    for one in (name, there):
        with pytest.raises(ModelError) as caught:
            models.cached_encoder(one)
        assert str(caught.value) == ONLY


def test_a_link_to_another_model_opens_nothing(public, tmp_path):
    for page, key in (("pair", "model"), ("compare", "model_2")):
        app = open_page(page, **{key: saved(tmp_path / page)})
        assert any(ONLY in one for one in sentences(app))
        assert not app.exception


def test_only_the_models_that_are_set_load(public, tmp_path, monkeypatch):
    folder = saved(tmp_path / "model")
    monkeypatch.setenv("XSB_MODELS", f"shelf, {folder}")
    assert models.cached_encoder(folder).blocks == 2
    models.cached_encoder("all-MiniLM-L6-v2")  # shelf by its other name
    with pytest.raises(ModelError, match="offers only the models shelf, "):
        models.cached_encoder("exact")


def test_without_it_a_folder_loads(tmp_path):
    assert models.cached_encoder(saved(tmp_path / "model")).blocks == 2


def test_no_page_has_a_field_for_a_path_and_no_link_fills_one(public, tmp_path, monkeypatch):
    monkeypatch.setenv("STANZA_RESOURCES_DIR", str(tmp_path / "none"))
    secret = str(tmp_path / "secret")
    app = open_page("references", results="Results files", folders=secret)
    assert not app.text_area
    app = open_page("syntax", stanza=secret, results=secret)
    assert not [field for field in app.text_input if field.key == "stanza"]
    assert not [field for field in app.text_area if field.key == "results"]
    assert "This server has no parser; upload parses as CoNLL-U." in sentences(app)
    assert not [button for button in app.button if "Download Stanza" in button.label]
    assert secret not in str(sentences(app))


def test_long_texts_and_much_work_are_refused_in_a_sentence(public, monkeypatch):
    monkeypatch.setenv("XSB_MAX_CHARACTERS", "100")
    app = open_page(a="x" * 101, b="A dog.")
    assert "Text A has 101 characters, and this server takes 100; shorten it." in sentences(app)
    monkeypatch.setenv("XSB_MAX_CHARACTERS", "1000")
    monkeypatch.setenv("XSB_MAX_WORK", "1000")
    app = open_page(a="A cat.", b="A dog sleeps.")
    assert any("times the work that this server does for one request" in s for s in sentences(app))
    app = open_page("search", documents="Paste")
    app.text_area(key="pasted").set_value("A dog sleeps.\n" + 1001 * "x").run()
    assert "Text of 2 has 1,001 characters, and this server takes 1,000; shorten it." in sentences(
        app
    )


def test_a_request_that_takes_too_long_is_ended(public, monkeypatch):
    monkeypatch.setenv("XSB_MAX_SECONDS", "1")
    clock = map(float, range(0, 10_000, 10))  # as the clock gives
    monkeypatch.setattr("pages._frame.compute.time.monotonic", lambda: next(clock))
    app = open_page(a="A cat that was never seen before.", b="A dog sleeps somewhere.")
    assert any("This took more than the 1 seconds" in one for one in sentences(app))


def test_waiting_for_others_takes_none_of_a_requests_time(public, monkeypatch):
    monkeypatch.setenv("XSB_MAX_SECONDS", "1")
    now = 0.0
    kept, real = compute.Kept(), compute.xsb_core.text_factors

    def slow(*args, **options):
        nonlocal now
        now += 0.6
        return real(*args, **options)

    @contextmanager
    def crowded(work):
        nonlocal now
        now += 60.0  # for its turn
        yield wait_again

    def wait_again():
        nonlocal now
        now += 60.0

    monkeypatch.setattr("pages._frame.compute.time.monotonic", lambda: now)
    monkeypatch.setattr(compute.xsb_core, "text_factors", slow)
    monkeypatch.setattr(kept.working, "turn", crowded)
    small = encoder()

    def keys(texts):
        how = small.instructions()[0]
        return [(small, text, Recipe(layer=1), how, "tokens") for text in texts]

    assert len(compute._factors(kept, keys("aa"), compute._Clock(), lambda _: None)) == 2
    with pytest.raises(TextError, match="more than the 1 seconds"):
        compute._factors(kept, keys("bc"), compute._Clock(), lambda _: None)


def test_jobs_wait_in_all_and_of_one_session_within_limits(public, monkeypatch):
    monkeypatch.setenv("XSB_MAX_WAITING", "3")
    monkeypatch.setenv("XSB_MAX_OWN_WAITING", "2")
    some = jobs.Jobs()

    def work(job):
        while True:
            job.tell(0.5)
            time.sleep(0.01)

    try:
        for key in "ab":
            some.start(key, key, work, owner="one")
        assert some.start("a", "a", work, owner="one").label == "a"  # the same work, not new
        with pytest.raises(DataError, match="2 pieces of work of yours are under way"):
            some.start("c", "c", work, owner="one")
        some.start("c", "c", work, owner="two")
        with pytest.raises(DataError, match="3 pieces of work are under way, as many as"):
            some.start("d", "d", work, owner="three")
    finally:
        some.stop()


def test_no_young_upload_is_removed_and_old_ones_only_above_the_quota(tmp_path, monkeypatch):
    monkeypatch.setenv("XSB_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("XSB_UPLOADS_MB", "1")
    stranger = uploads.keep_file("stranger.csv", b"x" * 500_000)
    for place in range(40):
        uploads.keep_file(f"{place}.csv", b"%d" % place)
    assert stranger.exists()
    with pytest.raises(DataError, match="what others gave of late fills them; come back"):
        uploads.keep_file("large.csv", b"y" * 400_000)
    assert stranger.exists()
    for path in (stranger, stranger.parent):
        os.utime(path, (0, 0))
    assert uploads.keep_file("large.csv", b"y" * 400_000).exists()
    assert not stranger.exists()


def test_many_names_of_one_content_take_its_room_once(tmp_path, monkeypatch):
    monkeypatch.setenv("XSB_RUNS", str(tmp_path / "runs"))
    paths = [uploads.keep_file(f"{place}.csv", b"x" * 100_000) for place in range(20)]
    assert len({path.stat().st_ino for path in paths}) == 1
    assert uploads.size_of(paths[0].parent) < 100_000 + 30 * uploads.ENTRY


@pytest.mark.parametrize(
    ("variable", "script", "said"),
    [
        (
            "XSB_OWN_UPLOADS_MB",
            "upload_three",
            "Your uploads of this session hold 1 MB",
        ),
        ("XSB_OWN_RUNS_MB", "start_three", "Your runs of this session hold 1 MB"),
    ],
)
def test_a_session_has_quotas_of_its_own(variable, script, said, tmp_path, monkeypatch):
    monkeypatch.setenv("XSB_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv(variable, "1")
    lines = f"from tests.pages.test_public import {script}\n{script}()"
    app = AppTest.from_string(lines, default_timeout=60).run()
    assert [one.value for one in app.text] == ["0", "1"]
    assert app.error[0].value.startswith(said)


def start_three() -> None:
    import streamlit as st

    from pages.batch import runs

    try:
        for place in range(3):
            folder = runs._folder(f"{place:016x}")
            uploads.count_as_own(folder, 300_000, settings.settings().own_runs_mb)
            folder.mkdir(parents=True)
            (folder / "part").write_bytes(b"x" * 500_000)
            st.text(place)
    except DataError as error:
        st.error(str(error))


def test_pages_that_ask_the_model_again_and_again_have_limits(monkeypatch):
    monkeypatch.setenv("XSB_PUBLIC", "1")
    monkeypatch.setenv("XSB_MAX_WORK", "20000")
    said = errors(open_page("evidence", texts="The cat sat.\n" + "very " * 200 + "long."))
    assert any("the work that this server does for one request" in one for one in said)
    monkeypatch.setenv("XSB_MAX_WORK", "50000")
    texts = {"a": "The cat sat.", "b": "A dog stood on the long grass."}
    assert not errors(open_page("pair", **texts))
    said = errors(open_page("pair", **texts, view="Does it hold?"))
    assert len(said) == 1
    assert "the work that this server does" in said[0]


def errors(app: AppTest) -> list[str]:
    return [one.value for one in app.error]


def upload_three() -> None:
    import streamlit as st

    try:
        for place in range(3):
            uploads.keep_file(f"{place}.csv", b"%d" % place * 400_000)
            st.text(place)
    except DataError as error:
        st.error(str(error))


def test_a_folder_of_someone_else_or_a_link_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("XSB_RUNS", str(tmp_path / "own"))
    assert uploads.working_folder().stat().st_mode & 0o777 == 0o700
    (tmp_path / "link").symlink_to(tmp_path / "own")
    monkeypatch.setenv("XSB_RUNS", str(tmp_path / "link"))
    with pytest.raises(DataError, match="is another user's, or a link"):
        uploads.working_folder()
    monkeypatch.setenv("XSB_RUNS", str(tmp_path / "own"))
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    with pytest.raises(DataError, match="is another user's, or a link"):
        uploads.working_folder()


def test_settings_are_checked_shown_and_written_down(public, monkeypatch):
    monkeypatch.setenv("XSB_MAX_PAIRS", "none")
    with pytest.raises(DataError, match="XSB_MAX_PAIRS is a whole number from 1, not 'none'"):
        settings.settings()
    monkeypatch.setenv("XSB_MAX_PAIRS", "7")
    lines = settings.settings().lines()
    assert {"XSB_PUBLIC=1", "XSB_MAX_PAIRS=7", "XSB_MAX_SECONDS=120"} <= set(lines)
    written = (server.__file__.rpartition("/pages/")[0]) + "/docs/server.md"
    with open(written, encoding="utf-8") as file:
        text = file.read()
    for line in lines:
        assert f"`{line.partition('=')[0]}`" in text


def test_an_unexpected_error_is_one_sentence_and_no_text_is_logged(capsys):
    def broken():
        from pages._frame import server

        try:
            raise KeyError("a user's secret words")
        except KeyError as error:
            server.tell_unexpected(error)

    app = AppTest.from_function(broken).run()
    assert app.error[0].value.startswith("Something unexpected stopped this page (KeyError)")
    logged = json.loads(capsys.readouterr().err.strip().splitlines()[-1])
    assert logged["event"] == "error"
    assert logged["kind"] == "KeyError"
    assert "secret" not in str(logged)
