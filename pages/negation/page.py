"""Negation: what *not* adds to a sentence's similarity to itself without it."""

import streamlit as st

from pages._frame.look import pick_look
from pages._frame.models import pick_models
from pages.negation.live import live
from pages.negation.study import study


def page() -> None:
    """Draws the page; every error that a user can mend is one sentence, the inputs stay."""
    st.title("Does the model mind the negation?")
    with st.sidebar:
        models = pick_models()
        look = pick_look()
    live(models, look)
    study(models, look)
