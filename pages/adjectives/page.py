"""Adjectives: what a synonym adds to the score of two sentences, and what an opposite does."""

import streamlit as st

from pages._frame.look import pick_look
from pages._frame.models import pick_models
from pages.adjectives.live import live
from pages.adjectives.study import study


def page() -> None:
    """Draws the page; every error that a user can mend is one sentence, the inputs stay."""
    st.title("Does the model tell opposites from synonyms?")
    with st.sidebar:
        models = pick_models()
        look = pick_look("Words")
    live(models, look)
    study(models, look)
