"""All sentences of a set that have a negation."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import streamlit as st

from pages._frame.compute import explained
from pages._frame.findings import offer_findings, show_findings
from pages._frame.models import Chosen, cached_encoder
from pages._frame.say import as_typed, say_paper_cells, told
from pages._frame.tables import choose_row
from pages._frame.uploads import megabytes_allowed, own_names, pairs_allowed, pick_upload
from pages._frame.work import made_by_model
from pages.negation.effects import Measured, show_effects
from xsb_core import Encoder, Look, Recipe
from xsb_core.studies.negation.effect import negation_effect
from xsb_core.studies.negation.findings import (
    left_out_sentence,
    negation_findings,
    sentence_table,
    shipped_negation,
)
from xsb_core.studies.negation.negations import find_negations
from xsb_core.studies.negation.sentences import Case, measure_negations, negation_cases
from xsb_core.tables.reading import SUFFIXES
from xsb_core.tables.texts import open_texts

SETS = ("STS-B test", "Upload")
KINDS = {"Plain not": "plain", "Any negation": "any", "Words too": "words"}
_COMMAND = "xsb probe negation stsb-en-test.csv"


@told()
def study(models: Chosen, look: Look, words: dict[str, str]) -> None:
    """Draws the study that ships, or one of an upload."""
    say_paper_cells()
    left, right = st.columns(2)
    with left:
        source = st.segmented_control(
            "Set", SETS, default=SETS[0], required=True, key="set", bind="query-params"
        )
    with right:
        kind = st.radio(
            "Sentences",
            list(KINDS),
            key="kind",
            bind="query-params",
            horizontal=True,
            help="Plain not: sentences with exactly one “not” in small letters between spaces, "
            "which gives the 87 sentences of the paper. Any negation: sentences with exactly one "
            "negation (not, n't, cannot) anywhere. Words too: one of these, or of the words that "
            "the sidebar names.",
        )
    rule = KINDS[kind]
    if source == SETS[0] and rule == "words":
        st.info("The study that ships has not, n't and cannot only; upload a set for other words.")
        return
    if source == SETS[0]:
        table = shipped_negation(rule)
        st.caption(
            "The study that ships: shelf and exact at layer 4. Its sentences don't ship; uploading "
            f"stsb-en-test.csv shows them here, and `{_COMMAND}` writes them to a table."
        )
    else:
        table = _uploaded(models, rule, words)
    if table is not None:
        _show(table, look, words)


def _uploaded(models: Chosen, rule: str, words: dict[str, str]) -> pd.DataFrame | None:
    """The study of an uploaded file; None before it is made."""
    path = pick_upload(
        f"A CSV, TSV, JSON Lines or Parquet file with texts, up to {megabytes_allowed()} MB",
        list(SUFFIXES),
        "texts",
    )
    if path is None or not models:
        return None
    with own_names(path):
        columns, cases, negated = _cases(str(path), rule, words)
    most = pairs_allowed()
    st.markdown(
        as_typed(
            f"{len(cases):,} sentences to measure, of {negated:,} with a negation in {path.name} "
            f"(columns: {', '.join(columns)})."
        )
    )
    if len(cases) > most:
        st.warning(f"The first {most:,} are taken; xsb probe negation takes all.")
    return _measured(str(path), cases[:most], models, (rule, *words.items()))


@st.cache_data(max_entries=8, show_spinner="Looking for negations …")
def _cases(path: str, rule: str, words: dict[str, str]) -> tuple[tuple[str, ...], list[Case], int]:
    """The file's columns of texts, the sentences to measure, and how many have any negation."""
    source = open_texts(Path(path))
    taken = words if rule == "words" else {}
    negated = sum(bool(find_negations(text, taken)) for _, _, text in source.texts())
    return source.columns, negation_cases(source.texts(), rule, words), negated


def _measured(path: str, cases: list[Case], models: Chosen, rule: tuple) -> pd.DataFrame | None:
    """What a background job makes of the sentences, those left out told; None before it is done."""

    def study(
        encoder: Encoder, recipe: Recipe, tell: Callable[[float], None]
    ) -> tuple[str, pd.DataFrame, list[tuple[Case, str]]]:
        left_out: list[tuple[Case, str]] = []
        table = measure_negations(
            encoder, cases, recipe, progress=tell, leave_out=lambda *one: left_out.append(one)
        )
        return encoder.name, table, left_out

    found = made_by_model(
        ("negation", path, len(cases), *rule),
        models,
        "Measuring negations",
        study,
        "Measure all negations",
    )
    if found is None:
        return None
    for name, _, left_out in found:
        if left_out:
            st.warning(as_typed(left_out_sentence(name, left_out)))
    return pd.concat([table for _, table, _ in found], ignore_index=True)


def _show(table: pd.DataFrame, look: Look, words: dict[str, str]) -> None:
    findings = negation_findings(table)
    show_findings(findings)
    if "text" in table:
        st.caption("Point at a step for its sentence; tick a row below to open the pair behind it.")
    else:
        st.caption("A row is that of STS-B test, from 0; column_1 has its first sentence.")
    rows = sentence_table(table)
    chosen = choose_row(rows, "set_row", "The sentences of the study")
    if chosen is not None:
        _open(table, rows.iloc[chosen], look, words)
    offer_findings(findings, "the set")


def _open(table: pd.DataFrame, case: pd.Series, look: Look, words: dict[str, str]) -> None:
    """Draws the pair behind a row."""
    st.markdown(as_typed(f"Row {case['row']}, {case['column']}"))
    if "text" not in case:
        st.info(
            as_typed(
                f"This is the sentence in {case['column']} of row {case['row']} (from 0) of STS-B "
                "test, whose sentences don't ship; upload stsb-en-test.csv above to open it."
            )
        )
        return
    st.text(f"A: {case['text']}\nB: {case['without']}")
    found = find_negations(case["text"], words)
    negation = next(one for one in found if one.without == case["without"])
    rows = table[(table["row"] == case["row"]) & (table["column"] == case["column"])]
    measured = []
    for model, layer in zip(rows["model"], rows["layer"], strict=True):
        result = explained(cached_encoder(model), case["text"], case["without"], int(layer))
        measured.append(Measured(result, negation_effect(result, negation)))
    show_effects(measured, negation, "sentence", look)
