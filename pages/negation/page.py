"""Negation: what *not* adds to a sentence's similarity to itself without it."""

import streamlit as st

from pages._frame.one_or_two import pick_models
from pages._frame.switches import pick_switches
from pages.negation.live import live
from pages.negation.study import study


def page() -> None:
    """Draws the page; every error that a user can mend is one sentence, the inputs stay."""
    st.title("Does the model mind the negation?")
    with st.sidebar:
        models = pick_models()
        switches = pick_switches()
    live(models, *switches)
    study(models, *switches)
