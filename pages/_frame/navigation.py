"""The frame around all pages: setup and navigation."""

import gc

import streamlit as st


@st.cache_resource(show_spinner=False)
def _leave_imports_alone() -> None:
    """Keeps what is imported out of garbage collection, once per server.

    Streamlit collects after every run, so twice a second while a job is watched; going through
    all of torch and transformers held up the job for half a second each time.
    """
    gc.collect()
    gc.freeze()


def main() -> None:
    """Draws the frame and runs the chosen page."""
    st.set_page_config(page_title="XSB Explorer", page_icon="🔎", layout="wide")
    with st.spinner("Starting …"):  # the first import of torch and transformers takes seconds
        from pages.adjectives import page as adjectives
        from pages.batch import page as batch
        from pages.compare import page as compare
        from pages.layers import page as layers
        from pages.lexical import page as lexical
        from pages.negation import page as negation
        from pages.pair import page as pair
        from pages.references import page as references
        from pages.syntax import page as syntax

        _leave_imports_alone()
    pages = [
        st.Page(pair.page, title="Pair", default=True),
        # the default page's own link is "/"; its name works too
        st.Page(pair.page, title="Pair", url_path="pair", visibility="hidden"),
        st.Page(compare.page, title="Compare models", url_path="compare"),
        st.Page(batch.page, title="Many pairs", url_path="batch"),
        st.Page(layers.page, title="Layers", url_path="layers"),
        st.Page(references.page, title="References", url_path="references"),
        st.Page(negation.page, title="Negation", url_path="negation"),
        st.Page(adjectives.page, title="Adjectives", url_path="adjectives"),
        st.Page(lexical.page, title="Lexical bias", url_path="lexical"),
        st.Page(syntax.page, title="Syntax", url_path="syntax"),
    ]
    st.navigation(pages).run()


main()
