"""One slot, several words."""

from functools import partial

import pandas as pd
import streamlit as st

from pages._frame.compute import Progress, explained
from pages._frame.downloads import File, download_row, png_config
from pages._frame.one_or_two import about_model
from pages._frame.results import show_heatmap
from pages._frame.say import as_typed, say
from pages._frame.tables import choose_row
from xsb_core import Encoder, to_csv
from xsb_core.figures.findings import study_page
from xsb_core.figures.heatmap import heatmap
from xsb_core.figures.lexical import filler_figure
from xsb_core.figures.style import TITLE_UNITS, shorten
from xsb_core.studies.lexical.template import (
    EXAMPLE,
    EXAMPLE_FILLERS,
    Filled,
    fill,
    filled_table,
    fillers_of,
)


def live(models: list[tuple[Encoder, int]]) -> None:
    """Draws templates, fillers, and what each filler does in each model."""
    st.subheader("One slot, several words")
    st.markdown(
        "Two sentences about different things, with one word in common: what the word is should "
        "not matter much. The **X–X cell** is what that word's pair with itself gives to the score."
    )
    left, right = st.columns(2)
    templates = [
        column.text_input(
            f"Template {name}", text, key=f"template_{name.lower()}", bind="query-params"
        )
        for column, name, text in zip((left, right), "AB", EXAMPLE, strict=True)
    ]
    lines = st.text_area(
        "Fillers",
        "\n".join(EXAMPLE_FILLERS),
        key="fillers",
        bind="query-params",
        height=150,
        help="What to put in for X, one word or phrase a line.",
    )
    filled: dict[str, list[Filled]] = {}
    try:
        for number, (encoder, layer) in enumerate(models, 1):
            with about_model(number, len(models)):
                name = encoder.name if encoder.name not in filled else f"{encoder.name} (2)"
                filled[name] = _filled(encoder, layer, templates, lines)
    except ValueError as error:
        say(error)
        return
    if not filled:
        return
    tables = {name: filled_table(pairs) for name, pairs in filled.items()}
    with st.container(key="fillers_figure"):
        st.plotly_chart(
            filler_figure(tables),
            theme=None,
            config=png_config("xsb-fillers"),
            alt="Score and X–X cell of each filler",
        )
    _filler_tables(filled, tables)
    rows = pd.concat([table.assign(model=name) for name, table in tables.items()])
    sentences = [f"A: {templates[0]}", f"B: {templates[1]}"]
    figures = {"Fillers": filler_figure(tables)}
    download_row(
        [
            File("CSV of the fillers", "xsb-fillers.csv", lambda: to_csv(rows), "The tables."),
            File(
                "JSON of the fillers",
                "xsb-fillers.json",
                lambda: rows.to_json(orient="records", force_ascii=False),
                "The same.",
            ),
            File(
                "HTML of the fillers",
                "xsb-fillers.html",
                lambda: study_page("One slot, several words", sentences, figures),
                "The figure on a page that opens anywhere.",
            ),
        ],
        {"PNG of the fillers": "fillers_figure"},
    )


def _filled(encoder: Encoder, layer: int, templates: list[str], lines: str) -> list[Filled]:
    explain = partial(explained, encoder, layer=layer)
    fillers = fillers_of(lines.splitlines())
    bar = Progress(f"Filling in {as_typed(encoder.name)} …")
    made = []
    try:
        for one in fill(explain, *templates, fillers):
            made.append(one)
            bar(len(made) / len(fillers))
    finally:
        bar.close()
    return made


def _filler_tables(filled: dict[str, list[Filled]], tables: dict[str, pd.DataFrame]) -> None:
    st.caption(
        "The X–X cell is the mean of the cells of the filler's tokens with each other, the total "
        "their sum; a filler that is given twice counts once. Choose a row to see the pair."
    )
    chosen = {}
    for number, (column, (name, table)) in enumerate(
        zip(st.columns(len(tables)), tables.items(), strict=True), 1
    ):
        with column:
            st.markdown(f"**{as_typed(name)}**")
            chosen[name] = choose_row(table, f"filler_{number}", f"Fillers in {name}")
    # below the tables, where there is room for them and their legends
    for number, (name, row) in enumerate(chosen.items(), 1):
        if row is not None:
            result = filled[name][row].result
            show_heatmap(
                heatmap(result, special=False, title=shorten(name, TITLE_UNITS)),
                f"filler_heatmap_{number}",
                "xsb-filler",
                f"Heatmap of the filler, {name}",
            )
