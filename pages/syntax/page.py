"""Syntax: two trees and their strongest word pairs, and the relations of a corpus's."""

import streamlit as st

from pages._frame.models import pick_models
from pages._frame.say import show_guide
from pages._frame.texts import pick_texts
from pages.syntax.live import live
from pages.syntax.parses import pick_source, source_for
from pages.syntax.study import corpus_study
from xsb_core.studies.syntax.word_links import SHARE


def page() -> None:
    """Draws the page; every error that a user can mend is one sentence, the inputs stay."""
    st.title("Which syntactic roles does the model match?")
    texts = pick_texts()
    with st.sidebar:
        models = pick_models()
        share = 0.01 * st.slider(
            "Strongest word pairs, %",
            1,
            30,
            round(100 * SHARE),
            key="share",
            bind="query-params",
            help="Which part of all word cells is drawn, and counted over your own results. The "
            "study that ships has 10%, as the paper.",
        )
        source = pick_source()
    show_guide("syntax")
    live(models, source_for(source, texts), texts, share)
    corpus_study(source, share)
