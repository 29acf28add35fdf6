"""Adjectives: what a synonym adds to the score of two sentences, and what an opposite does."""

import streamlit as st

from pages._frame.one_or_two import pick_models
from pages._frame.switches import pick_switches
from pages.adjectives.live import live
from pages.adjectives.study import study


def page() -> None:
    """Draws the page; every error that a user can mend is one sentence, the inputs stay."""
    st.title("Does the model tell opposites from synonyms?")
    with st.sidebar:
        models = pick_models()
        switches = pick_switches(cells="Words")
    live(models, *switches)
    study(models, *switches)
