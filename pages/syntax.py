"""Syntax: two trees and their strongest word pairs, and the relations of a corpus's."""

import streamlit as st

from pages._frame.one_or_two import pick_models
from pages._frame.parsers import pick_source, source_for
from pages._frame.texts import pick_texts
from pages._syntax.live import live
from pages._syntax.study import corpus_study
from xsb_core.studies.syntax.word_links import SHARE

_GUIDE = """
- **Relations** are those of Universal Dependencies: nsubj is a subject, obj an object, root the
  sentence's predicate, obl and nmod what hangs on a verb or a noun by a preposition.
- **Inside phrases**, words count as their phrase does: the second of two subjects joined by *and*
  is a subject, and so is each part of a name. These labels are replaced: conj, cc, fixed, flat,
  compound, goeswith. Subtypes (nsubj:pass) are dropped.
- **One sentence** a text: a text that the parser splits is told of, and left out of studies.
"""


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
    with st.expander("How to read this page"):
        st.markdown(_GUIDE)
    live(models, source_for(source, texts), texts, share)
    corpus_study(source, share)


if __name__ == "__main__":
    # Streamlit runs this file alone when a cold server is first opened at its link
    from app import main

    main()
