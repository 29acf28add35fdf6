"""Two trees with the strongest word pairs drawn between them."""

import pandas as pd
import streamlit as st

from pages._frame.compute import explained
from pages._frame.downloads import File, download_row
from pages._frame.one_or_two import about_model
from pages._frame.parsers import Source
from pages._frame.results import show_heatmap
from pages._frame.say import as_typed, say, warn_of_cuts
from pages._frame.tables import columns_shown
from xsb_core import Encoder, TextError, to_csv
from xsb_core.errors import about_text
from xsb_core.figures.findings import study_page
from xsb_core.figures.trees import trees_figure
from xsb_core.studies.syntax.word_links import Link, link_table, top_links, word_cells
from xsb_core.syntax.tree import Tree


def live(
    models: list[tuple[Encoder, int]], source: Source, texts: tuple[str, str], share: float
) -> None:
    """Draws both trees for each model, with a table of the links."""
    trees, found = [], {}
    try:
        for name, text in zip("AB", texts, strict=True):
            with about_text(name):
                if not text.strip():
                    raise TextError("The text is empty; type at least one word.")
                trees.append(source.tree(text))
        for number, (encoder, layer) in enumerate(models, 1):
            with about_model(number, len(models)):
                name = encoder.name if encoder.name not in found else f"{encoder.name} (2)"
                result = explained(encoder, *texts, layer)
                warn_of_cuts(result, name)
                found[name] = top_links(word_cells(result, *trees), *trees, share)
    except ValueError as error:
        say(error)
        return
    if not found:
        return
    tables = {}
    for number, (name, links) in enumerate(found.items(), 1):
        show_heatmap(
            trees_figure(*trees, links, name), f"trees_{number}", "xsb-trees", f"Trees and {name}"
        )
        tables[name] = link_table(links, *trees)
    st.caption(
        as_typed(
            f"The top {share:.0%} of the word cells, thicker where they are larger; a word cell is "
            "the mean of its token cells, and special tokens belong to no word. Point at a link or "
            f"a word. Parsed by {source.name}."
        )
    )
    for column, (name, table) in zip(st.columns(len(tables)), tables.items(), strict=True):
        with column:
            st.markdown(f"**{as_typed(name)}**")
            st.dataframe(
                table,
                hide_index=True,
                column_order=["word_a", "word_b", "value", "relation", "relation_a", "relation_b"],
                column_config=columns_shown(table),
                alt=f"Strongest word pairs of {name}",
            )
    _downloads(texts, trees, found, tables)


def _downloads(
    texts: tuple[str, str],
    trees: list[Tree],
    found: dict[str, list[Link]],
    tables: dict[str, pd.DataFrame],
) -> None:
    rows = pd.concat([table.assign(model=name) for name, table in tables.items()])

    def html() -> str:
        figures = {name: trees_figure(*trees, links, name) for name, links in found.items()}
        sentences = [f"{name}: {text}" for name, text in zip("AB", texts, strict=True)]
        return study_page("Two trees and their strongest word pairs", sentences, figures)

    download_row(
        [
            File("CSV of the links", "xsb-links.csv", lambda: to_csv(rows), "The tables."),
            File(
                "JSON of the links",
                "xsb-links.json",
                lambda: rows.to_json(orient="records", force_ascii=False),
                "The same.",
            ),
            File("HTML of the trees", "xsb-trees.html", html, "A page that opens anywhere."),
        ],
        {f"PNG of {name}": f"trees_{number}" for number, name in enumerate(found, 1)},
    )
