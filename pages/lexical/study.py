"""Every token of a corpus."""

from functools import partial

import pandas as pd
import streamlit as st

from pages._frame.findings import offer_findings, show_findings
from pages._frame.gathered import opened, pick_results, show_cases
from pages._frame.say import say_paper_cells, told
from pages._frame.work import each, made, state_of
from xsb_core import Attribution
from xsb_core.figures.heatmap import Box
from xsb_core.studies.lexical.ranking import LEAST, RANKED, lexical_findings, ranking
from xsb_core.studies.lexical.same_tokens import (
    SAMPLE,
    TokenCells,
    gather_token_cells,
    token_cell,
)


@told()
def corpus_study(cells: str) -> None:
    """Draws the ranking of the study that ships, or of the user's results."""
    st.markdown(
        "A **same-token cell** is one whose two tokens are the same entry of the model's "
        "vocabulary; special tokens are left out. A token that has high cells wherever it stands "
        "lends similarity to any two texts that contain it."
    )
    paths = pick_results()
    least = st.number_input(
        "Cells that a token needs",
        min_value=2,
        value=LEAST,
        key="seen",
        bind="query-params",
        help="The paper ranks tokens seen at least 30 times.",
    )
    if gathered := _gathered(paths, cells):
        _show(gathered, int(least), paths)


def _gathered(paths: list[str], cells: str) -> list[TokenCells]:
    """The cells of each model; none while they are being gathered."""
    if not paths:
        if cells == "net":
            say_paper_cells()
        return TokenCells.shipped("paper")
    by_model = opened(paths).values()
    groups = [list(sets.values()) for sets in by_model]
    of = ("lexical", cells, *map(state_of, by_model))
    work = each(groups, partial(gather_token_cells, cells=cells))
    return made(of, "Gathering same-token cells", work) or []


def _show(gathered: list[TokenCells], least: int, paths: list[str]) -> None:
    findings = lexical_findings(gathered, least)
    show_findings(findings)
    st.caption(
        f"Densities are of up to {SAMPLE} cells a token, drawn by chance. Choose a token, then one "
        "of its cells, to see the pair behind it."
    )
    tables = [ranking(one, least)[RANKED] for one in gathered]
    for _ in show_cases(gathered, tables, ("tokens", "cells"), paths, _boxes):
        pass
    offer_findings(findings)


def _boxes(gathered: TokenCells, case: pd.Series, result: Attribution) -> list[Box]:
    value = float(case["value"])
    row, column = token_cell(result, case["token"], value, gathered.cell_kind)
    return [Box((row,), (column,))]
