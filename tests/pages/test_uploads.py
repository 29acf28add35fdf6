"""Uploads that outlive a change of page."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages._frame import uploads

PAGES = """
import streamlit as st
from pages._frame.uploads import pick_upload, pick_uploads

if st.toggle("This page", True):
    path = pick_upload("A file", ["csv"], "file")
    st.text(path.read_text() if path else "none")
    st.text(" ".join(path.name for path in pick_uploads("Files", ["csv"], "files", "Help")))
"""


@pytest.fixture
def app(tmp_path, monkeypatch):
    monkeypatch.setenv("XSB_RUNS", str(tmp_path))
    app = AppTest.from_string(PAGES).run()
    assert app.text[0].value == "none"
    return app.file_uploader(key="file").upload("a_b.csv", b"x,y", "text/csv").run()


def elsewhere_and_back(app):
    app.toggle[0].set_value(False).run()
    assert not app.text
    return app.toggle[0].set_value(True).run()


def test_a_file_stays_in_use_after_a_change_of_page_until_it_is_removed(app):
    assert app.text[0].value == "x,y"
    assert not app.caption
    for _ in range(2):
        elsewhere_and_back(app)
        assert app.text[0].value == "x,y"
        assert app.caption[0].value.replace("\\", "") == "a_b.csv, uploaded before, is in use."
    app.button(key="file_remove").click().run()
    assert app.text[0].value == "none"
    assert elsewhere_and_back(app).text[0].value == "none"


def test_a_file_that_is_taken_out_or_replaced_does_not_come_back(app):
    elsewhere_and_back(app)
    app.file_uploader(key="file").upload("c.csv", b"z", "text/csv").run()
    assert app.text[0].value == "z"
    app.file_uploader(key="file").set_value(None).run()
    assert app.text[0].value == "none"
    assert elsewhere_and_back(app).text[0].value == "none"


def test_several_files_stay_and_others_are_added_to_them(app):
    def give(*names):
        uploader = app.file_uploader(key="files")
        uploader.set_value([(name, name.encode(), "text/csv") for name in names]).run()

    give("a.csv", "b.csv")
    assert app.text[1].value == "a.csv b.csv"
    elsewhere_and_back(app)
    assert app.text[1].value == "a.csv b.csv"
    said = app.caption[1].value.replace("\\", "")
    assert said == "a.csv, b.csv, uploaded before, are in use."
    give("b.csv", "c.csv")
    assert app.text[1].value == "a.csv b.csv c.csv"
    elsewhere_and_back(app)
    assert app.text[1].value == "a.csv b.csv c.csv"
    app.button(key="files_remove").click().run()
    assert app.text[1].value == ""
    assert app.text[0].value == "x,y"
    assert elsewhere_and_back(app).text[1].value == ""


def test_two_sessions_can_upload_the_same_at_once(tmp_path, monkeypatch):
    monkeypatch.setenv("XSB_RUNS", str(tmp_path))
    replace, others = Path.replace, []

    def overtaken(path, target):
        if not others:
            others.append(path)
            assert uploads.keep_file("a.csv", b"x,y").read_bytes() == b"x,y"
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", overtaken)
    path = uploads.keep_file("a.csv", b"x,y")
    assert others
    assert [one.name for one in path.parent.iterdir()] == ["a.csv"]
    # what another session removes while it is looked at
    (tmp_path / "uploads" / "gone").symlink_to(tmp_path / "nowhere")
    assert uploads.keep_file("a.csv", b"x,y") == path


@pytest.mark.parametrize("letter", ["a", "表"])
def test_a_long_name_is_cut_before_its_suffix(tmp_path, monkeypatch, letter):
    monkeypatch.setenv("XSB_RUNS", str(tmp_path))
    path = uploads.keep_file(letter * 251 + ".csv", b"x,y")
    assert path.read_bytes() == b"x,y"
    assert set(path.stem) == {letter}
    assert path.suffix == ".csv"
