"""Syntax: two trees and their strongest word pairs, and the relations of a corpus's."""

import streamlit as st

from pages._frame.compute import explained
from pages._frame.findings import offer_findings, show_answers, show_charts
from pages._frame.look import pick_cells
from pages._frame.models import Chosen, by_model, pick_models
from pages._frame.say import as_typed, show_guide, told, warn_of_cuts
from pages._frame.tables import columns_shown
from pages._frame.texts import pick_texts
from pages._frame.views import show_views
from pages.syntax.parses import Source, pick_source, source_for
from pages.syntax.study import corpus_study
from xsb_core import Encoder, TextError
from xsb_core.errors import about_text
from xsb_core.studies.syntax.word_links import SHARE, Link, top_links, tree_findings, word_cells


def page() -> None:
    """Draws the page; every error that a user can mend is one sentence, the inputs stay."""
    st.title("Which syntactic roles does the model match?")
    texts = pick_texts()
    with st.sidebar:
        models = pick_models()
        cells = pick_cells()
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
    show_views(
        {
            "One pair": lambda: _live(models, source_for(source, texts), texts, share, cells),
            "Every pair of a corpus": lambda: corpus_study(source, share, cells),
        }
    )


@told()
def _live(models: Chosen, source: Source, texts: tuple[str, str], share: float, cells: str) -> None:
    """Draws both trees for each model, with a table of the links."""
    trees = []

    def strongest(encoder: Encoder, layer: int) -> list[Link]:
        result = explained(encoder, *texts, layer)
        warn_of_cuts(result, encoder.name)
        return top_links(word_cells(result, *trees, cells=cells), *trees, share=share)

    for name, text in zip("AB", texts, strict=True):
        with about_text(name):
            if not text.strip():
                raise TextError("The text is empty; type at least one word.")
            trees.append(source.tree(text))
    links = by_model(models, strongest)
    if not links:
        return
    findings = tree_findings(texts, trees, links, source.name)
    show_answers(findings, len(links))
    show_guide("syntax")
    show_charts(findings)
    st.caption(
        as_typed(
            f"The top {share:.0%} of the word cells, thicker where they are larger; a word cell is "
            "the mean of its token cells, and special tokens belong to no word. Point at a link or "
            f"a word. Parsed by {source.name}."
        )
    )
    for column, name in zip(st.columns(len(links)), links, strict=True):
        table = findings.table[findings.table["model"] == name]
        with column:
            st.markdown(f"**{as_typed(name)}**")
            st.dataframe(
                table,
                hide_index=True,
                column_order=["word_a", "word_b", "value", "relation", "relation_a", "relation_b"],
                column_config=columns_shown(table),
                alt=f"Strongest word pairs of {name}",
            )
    offer_findings(findings, "the links")
