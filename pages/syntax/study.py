"""Relations of the strongest word pairs over a corpus."""

from functools import partial

import pandas as pd
import streamlit as st

from pages._frame.findings import offer_findings, show_findings
from pages._frame.gathered import opened, pick_results, show_cases
from pages._frame.results import show_heatmap
from pages._frame.say import as_typed, told
from pages._frame.work import each, made, state_of
from pages.syntax.parses import Source, knows_examples_only, source_key
from xsb_core import Attribution
from xsb_core.figures.heatmap import Box
from xsb_core.figures.trees import trees_figure
from xsb_core.studies.syntax.word_links import link_cells, top_links, word_cells
from xsb_core.studies.syntax.word_pairs import (
    PARSER_NOTE,
    WordPairs,
    frequencies,
    gather_word_pairs,
    parse_results,
    relation_findings,
)
from xsb_core.syntax.treebank import Treebank


@told()
def corpus_study(source: Source, share: float, cells: str) -> None:
    """Draws the frequencies of the study that ships, or of the user's results."""
    paths = pick_results()
    if gathered := _gathered(paths, source, share, cells):
        _show(gathered, source, paths)


def _gathered(paths: list[str], source: Source, share: float, cells: str) -> list[WordPairs]:
    """The word pairs of each model; none while they are being gathered."""
    if not paths:
        return WordPairs.shipped(cells)
    by_model = opened(paths).values()
    if knows_examples_only(source):
        st.info(
            "The texts of these results have no parses yet; choose Stanza's models or give a "
            "CoNLL-U file in the sidebar."
        )
        return []
    groups = [list(sets.values()) for sets in by_model]
    state = (source_key(source), *map(state_of, by_model))
    if isinstance(source, Treebank):
        treebank = source
    else:
        # a job of its own: another share needs no other parses
        every = [one for sets in groups for one in sets]
        treebank = made(
            ("parses", state),
            "Parsing",
            lambda job: parse_results(every, source, progress=job.tell),
        )
    if treebank is None:
        return []
    work = each(
        groups,
        lambda sets, tell: gather_word_pairs(
            sets, treebank, share=share, progress=tell, cells=cells
        ),
    )
    return made(("syntax", state, share, cells), "Gathering word pairs", work) or []


def _show(gathered: list[WordPairs], source: Source, paths: list[str]) -> None:
    findings = relation_findings(gathered)
    show_findings(findings)
    if not paths:
        st.caption(PARSER_NOTE)
    st.caption("Choose a relation, then one of its word pairs, to see the pair of texts behind it.")
    tables, boxes = list(map(frequencies, gathered)), partial(_boxes, source)
    for number, one, pair in show_cases(gathered, tables, ("relations", "links"), paths, boxes):
        _show_trees(pair, source, one, f"pair_trees_{number}")
    offer_findings(findings)


def _boxes(source: Source, gathered: WordPairs, case: pd.Series, result: Attribution) -> list[Box]:
    """The word pair in the heatmap, where the page has the study's own parser."""
    if source.name != gathered.parser:  # another one may count other words
        return []
    words = int(case["word_a"]), int(case["word_b"])
    try:
        trees = source.tree(result.a.text), source.tree(result.b.text)
    except ValueError:
        return []
    if any(word >= len(tree.words) for word, tree in zip(words, trees, strict=True)):
        return []  # the texts are not the study's
    rows, columns = link_cells(result, *trees, *words)
    return [Box(rows, columns)] if rows and columns else []


def _show_trees(result: Attribution, source: Source, gathered: WordPairs, key: str) -> None:
    """The pair's trees, where the page can parse it."""
    try:
        trees = source.tree(result.a.text), source.tree(result.b.text)
        links = top_links(
            word_cells(result, *trees, cells=gathered.cell_kind), *trees, gathered.share
        )
    except ValueError as error:
        st.caption(as_typed(f"Its trees can't be drawn: {error}"))
        return
    figure = trees_figure(*trees, links, gathered.model)
    show_heatmap(figure, key, "xsb-pair-trees", "The pair's trees")
