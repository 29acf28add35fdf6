"""Two trees with the strongest word pairs drawn between them."""

import streamlit as st

from pages._frame.compute import explained
from pages._frame.findings import offer_findings, show_charts
from pages._frame.models import Chosen, by_model
from pages._frame.say import as_typed, told, warn_of_cuts
from pages._frame.tables import columns_shown
from pages.syntax.parses import Source
from xsb_core import Encoder, TextError
from xsb_core.errors import about_text
from xsb_core.studies.syntax.word_links import Link, top_links, tree_findings, word_cells


@told()
def live(models: Chosen, source: Source, texts: tuple[str, str], share: float) -> None:
    """Draws both trees for each model, with a table of the links."""
    trees = []

    def strongest(encoder: Encoder, layer: int) -> list[Link]:
        result = explained(encoder, *texts, layer)
        warn_of_cuts(result, encoder.name)
        return top_links(word_cells(result, *trees), *trees, share=share)

    for name, text in zip("AB", texts, strict=True):
        with about_text(name):
            if not text.strip():
                raise TextError("The text is empty; type at least one word.")
            trees.append(source.tree(text))
    links = by_model(models, strongest)
    if not links:
        return
    findings = tree_findings(texts, trees, links, source.name)
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
