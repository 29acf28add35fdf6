"""What pages make in the background."""

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from pages._frame import work
from pages._frame.work import state_of
from pages.adjectives import study as adjectives
from pages.negation import study as negation
from tests.pages.helpers import wait
from xsb_core.studies.adjectives.triplets import Triplet

PAGE = """
import streamlit as st
from pages._frame.work import made

begun = st.session_state.setdefault("begun", [])

def work(job):
    begun.append(job)
    if len(begun) == 1:
        raise RuntimeError("No.")
    return "the end"

try:
    st.text(made(("test",), "Working", work))
except ValueError as error:
    st.error(str(error))
"""


def test_work_that_met_an_error_can_be_started_again():
    app = wait(AppTest.from_string(PAGE).run())
    assert "start it again" in app.error[0].value
    next(button for button in app.button if button.label == "Start again").click().run()
    assert wait(app).text[0].value == "the end"
    assert not app.error


@pytest.mark.usefixtures("untyped")
def test_probe_jobs_are_known_by_their_models_weights(monkeypatch):
    known_by = []
    monkeypatch.setattr(work, "made", lambda of, *rest: known_by.append(of))
    monkeypatch.setattr(work, "fingerprint", lambda encoder: encoder.weights)
    for weights in ("old", "new", "old"):
        models = [(SimpleNamespace(name="mine", weights=weights), 3)]
        adjectives._found(models, (Triplet("good", "fine", "bad"),), ("A ___ day.",))
        negation._measured("texts.csv", [], models, "plain")
    for old, new, again in (known_by[::2], known_by[1::2]):
        assert old != new
        assert old == again


@pytest.mark.usefixtures("untyped")
def test_gathered_results_are_known_by_their_models_weights():
    class Opened:
        def __init__(self, weights):
            self.manifest = SimpleNamespace(started="today", weights=weights)

        def __len__(self):
            return 3

    old, new, again = (state_of({"/results": Opened(weights)}) for weights in ("a", "b", "a"))
    assert old != new
    assert old == again
