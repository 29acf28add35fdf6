"""Relations of the strongest word pairs over a corpus."""

from functools import partial
from typing import NamedTuple

import pandas as pd
import streamlit as st

from pages._frame.downloads import File, download_row, png_config
from pages._frame.jobs import Job
from pages._frame.pair_behind import Place, pick_stsb, show_pair
from pages._frame.parsers import Source, knows_examples_only, source_key
from pages._frame.probe_results import opened, pick_results, worked
from pages._frame.results import show_heatmap
from pages._frame.say import as_typed, say
from pages._frame.tables import choose_row
from xsb_core import Attribution, to_csv
from xsb_core.corpus.results import Results
from xsb_core.figures.findings import study_page
from xsb_core.figures.heatmap import Box
from xsb_core.figures.syntax import frequency_figure
from xsb_core.figures.trees import trees_figure
from xsb_core.studies.gathered import unlike_notes
from xsb_core.studies.syntax.word_links import link_cells, top_links, word_cells
from xsb_core.studies.syntax.word_pairs import (
    PARSER_NOTE,
    WordPairs,
    frequencies,
    frequency_agreement,
    frequency_sentence,
    gather_word_pairs,
    parse_results,
    word_pairs_sentence,
)
from xsb_core.syntax.treebank import Treebank


class _Chosen(NamedTuple):
    """A word pair of a study.

    Attributes:
        place: Where its pair of texts is.
        words: Its words' places in the trees of A and B, from 0.
    """

    place: Place
    words: tuple[int, int]


def corpus_study(source: Source, share: float) -> None:
    """Draws the frequencies of the study that ships, or of the user's results."""
    st.subheader("Every pair of a corpus")
    paths = pick_results()
    try:
        studies = _studies(paths, source, share)
        if studies:
            _show(studies, source, paths)
    except ValueError as error:
        say(error)


def _studies(paths: list[str], source: Source, share: float) -> list[WordPairs]:
    """The studies to show; none while they are being made."""
    if not paths:
        return WordPairs.shipped()
    by_model = opened(paths)
    if knows_examples_only(source):
        st.info(
            "The texts of these results have no parses yet; choose Stanza's models or give a "
            "CoNLL-U file in the sidebar."
        )
        return []
    sets = {path: one for own in by_model.values() for path, one in own.items()}
    groups = [list(own.values()) for own in by_model.values()]
    treebank = source
    if not isinstance(source, Treebank):
        # a job of its own: another share needs no other parses
        treebank = worked(
            "parses",
            "Parsing",
            sets,
            lambda job: parse_results(sets.values(), source, progress=job.tell),
            extra=source_key(source),
        )
        if treebank is None:
            return []
    made = worked(
        "syntax",
        "Gathering word pairs",
        sets,
        lambda job: _work(job, groups, treebank, share),
        extra=f"{source_key(source)} {share}",
    )
    return made or []


def _work(
    job: Job, groups: list[list[Results]], treebank: Treebank, share: float
) -> list[WordPairs]:
    made = []
    for number, sets in enumerate(groups):

        def tell(part: float, number: int = number) -> None:
            job.tell((number + part) / len(groups))

        made.append(gather_word_pairs(sets, treebank, share=share, progress=tell))
    return made


def _show(studies: list[WordPairs], source: Source, paths: list[str]) -> None:
    sentences = list(map(word_pairs_sentence, studies))
    tables = {study.model: frequencies(study) for study in studies}
    relations = tables[studies[0].model]
    if len(studies) == 2:
        agreed = frequency_agreement(*studies)
        relations = agreed.relations
        sentences += [frequency_sentence(agreed), *unlike_notes(*studies)]
    for sentence in sentences:
        st.markdown(as_typed(sentence))
    if not paths:
        st.caption(PARSER_NOTE)
    figure = frequency_figure(relations, *tables)
    with st.container(key="relations"):
        st.plotly_chart(
            figure,
            theme=None,
            config=png_config("xsb-relations"),
            alt="How often each relation is among the strongest word pairs",
        )
    st.caption("Choose a relation, then one of its word pairs, to see the pair of texts behind it.")
    chosen = []
    for number, (column, study) in enumerate(
        zip(st.columns(len(studies)), studies, strict=True), 1
    ):
        with column:
            st.markdown(f"**{as_typed(study.model)}**")
            chosen.append(_chosen(study, tables[study.model], number, paths))
    # below the tables, where there is room for heatmaps
    stsb = pick_stsb([one.place for one in chosen if one])
    for number, (study, one) in enumerate(zip(studies, chosen, strict=True), 1):
        if one:
            boxes = partial(_boxes, source=source, parser=study.parser, words=one.words)
            result = show_pair(one.place, stsb, f"pair_{number}", boxes)
            if result:
                _trees(result, source, study, f"pair_trees_{number}")
    rows = pd.concat([table.assign(model=name) for name, table in tables.items()])
    download_row(
        [
            File("CSV", "xsb-syntax.csv", lambda: to_csv(rows), "All relations."),
            File(
                "JSON",
                "xsb-syntax.json",
                lambda: rows.to_json(orient="records", force_ascii=False),
                "The same.",
            ),
            File(
                "HTML",
                "xsb-syntax.html",
                lambda: study_page(
                    "Syntax: relations of the strongest word pairs",
                    sentences,
                    {"Relations": figure},
                ),
                "The figure on a page that opens anywhere.",
            ),
        ],
        {"PNG": "relations"},
    )


def _chosen(study: WordPairs, table: pd.DataFrame, number: int, paths: list[str]) -> _Chosen | None:
    """The word pair that was chosen by its relation."""
    at = choose_row(table, f"relations_{number}", f"Relations in {study.model}")
    if at is None:
        return None
    relation = table["relation"][at]
    links = study.links[study.links["relation"] == relation]
    links = links.sort_values("value", ascending=False, ignore_index=True)
    shown = pd.DataFrame(
        {
            "value": links["value"].astype(float),
            "pair": links["id"],
            "set": [study.sources[source] for source in links["source"]],
            "word of A": links["word_a"] + 1,
            "word of B": links["word_b"] + 1,
        }
    )
    st.caption(
        as_typed(f"{relation}: its {len(links):,} word pairs, by their numbers in the texts")
    )
    at = choose_row(shown, f"links_{number}_{relation}", f"Word pairs of {relation}")
    if at is None:
        return None
    link = links.iloc[at]
    source = int(link["source"])
    place = Place(
        study.model,
        study.settings["layer"],
        study.sources[source],
        link["id"],
        int(link["row"]),
        list(opened(paths)[study.model])[source] if paths else None,
    )
    return _Chosen(place, (int(link["word_a"]), int(link["word_b"])))


def _boxes(result: Attribution, source: Source, parser: str, words: tuple[int, int]) -> list[Box]:
    """The word pair in the heatmap, where the page has the study's own parser."""
    if source.name != parser:  # another one may count other words
        return []
    try:
        trees = source.tree(result.a.text), source.tree(result.b.text)
    except ValueError:
        return []
    if any(word >= len(tree.words) for word, tree in zip(words, trees, strict=True)):
        return []  # the texts are not the study's
    rows, columns = link_cells(result, *trees, *words)
    return [Box(rows, columns)] if rows and columns else []


def _trees(result: Attribution, source: Source, study: WordPairs, key: str) -> None:
    """The pair's trees, where the page can parse it."""
    try:
        trees = source.tree(result.a.text), source.tree(result.b.text)
        links = top_links(word_cells(result, *trees), *trees, study.share)
    except ValueError as error:
        st.caption(as_typed(f"Its trees can't be drawn: {error}"))
        return
    show_heatmap(
        trees_figure(*trees, links, study.model), key, "xsb-pair-trees", "The pair's trees"
    )
