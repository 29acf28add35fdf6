"""What pages make in the background."""

from streamlit.testing.v1 import AppTest

from tests.pages.helpers import wait

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
