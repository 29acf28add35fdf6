"""Lexical bias: one slot with several words, and all same-token cells of a corpus."""

from collections.abc import Iterator
from functools import partial

import streamlit as st

from pages._frame.compute import explained
from pages._frame.findings import offer_findings, show_answers, show_charts
from pages._frame.look import pick_cells
from pages._frame.models import Chosen, by_model, pick_models
from pages._frame.progress import ProgressBar
from pages._frame.results import show_heatmap
from pages._frame.say import as_typed, told
from pages._frame.tables import choose_row
from pages._frame.views import show_views
from pages.lexical.study import corpus_study
from xsb_core import Attribution, Encoder, Look
from xsb_core.figures.heatmap import heatmap
from xsb_core.figures.style import TITLE_UNITS, shorten
from xsb_core.studies.findings import Findings
from xsb_core.studies.lexical.template import (
    EXAMPLE,
    EXAMPLE_FILLERS,
    Filled,
    fill,
    fillers_of,
    template_findings,
)


def page() -> None:
    """Draws the page; every error that a user can mend is one sentence, the inputs stay."""
    st.title("Do single words drive the score?")
    with st.sidebar:
        models = pick_models()
        cells = pick_cells()
    show_views(
        {
            "One slot, several words": lambda: _live(models, cells),
            "Every token of a corpus": lambda: corpus_study(cells),
        }
    )


@told()
def _live(models: Chosen, cells: str) -> None:
    """Draws templates, fillers, and what each filler does in each model."""
    st.markdown(
        "Two sentences about different things, with one word in common: what the word is should "
        "not matter much. The **X–X cell** is what that word's pair with itself gives to the score."
    )
    templates, lines = _pick_templates()
    filled = by_model(models, partial(_filled, templates, lines, cells))
    if filled:
        findings = template_findings(templates, filled)
        show_answers(findings, len(filled))
        show_charts(findings)
        _show_fillers(findings, filled, cells)
        offer_findings(findings, "the fillers")


def _pick_templates() -> tuple[list[str], str]:
    """Both sentences and the lines of fillers, as typed."""
    templates = [
        column.text_input(
            f"Template {name}", text, key=f"template_{name.lower()}", bind="query-params"
        )
        for column, name, text in zip(st.columns(2), "AB", EXAMPLE, strict=True)
    ]
    lines = st.text_area(
        "Fillers",
        "\n".join(EXAMPLE_FILLERS),
        key="fillers",
        bind="query-params",
        height=150,
        help="What to put in for X, one word or phrase a line.",
    )
    return templates, lines


def _filled(
    templates: list[str], lines: str, cells: str, encoder: Encoder, layer: int
) -> list[Filled]:
    def explain(pairs: list[tuple[str, str]]) -> Iterator[Attribution]:
        return (explained(encoder, *pair, layer) for pair in pairs)

    fillers = fillers_of(lines.splitlines())
    bar = ProgressBar(f"Filling in {as_typed(encoder.name)} …")
    made = []
    try:
        for one in fill(explain, *templates, fillers=fillers, cells=cells):
            made.append(one)
            bar(len(made) / len(fillers))
    finally:
        bar.close()
    return made


def _show_fillers(findings: Findings, filled: dict[str, list[Filled]], cells: str) -> None:
    """A table a model, and the pair of the row that is chosen."""
    st.caption(
        "The X–X cell is the mean of the cells of the filler's tokens with each other, the total "
        "their sum; a filler that is given twice counts once. Choose a row to see the pair."
    )
    chosen = {}
    for number, (column, name) in enumerate(zip(st.columns(len(filled)), filled, strict=True), 1):
        table = findings.table[findings.table["model"] == name].drop(columns="model")
        with column:
            st.markdown(f"**{as_typed(name)}**")
            chosen[name] = choose_row(table, f"filler_{number}", f"Fillers in {name}")
    # below the tables, where there is room for them and their legends
    for number, (name, row) in enumerate(chosen.items(), 1):
        if row is not None:
            show_heatmap(
                heatmap(
                    filled[name][row].result,
                    Look(special=False, cells=cells),
                    title=shorten(name, TITLE_UNITS),
                ),
                f"filler_heatmap_{number}",
                "xsb-filler",
                f"Heatmap of the filler, {name}",
            )
