"""Lexical bias: one slot with several words, and all same-token cells of a corpus."""

import streamlit as st

from pages._frame.models import pick_models
from pages.lexical.live import live
from pages.lexical.study import corpus_study


def page() -> None:
    """Draws the page; every error that a user can mend is one sentence, the inputs stay."""
    st.title("Do single words drive the score?")
    with st.sidebar:
        models = pick_models()
    live(models)
    corpus_study()
