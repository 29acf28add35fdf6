"""All triplets in all templates: the paper's, edited, or uploaded."""

import hashlib

import pandas as pd
import streamlit as st

from pages._frame.findings import offer_findings, show_findings
from pages._frame.models import Chosen, cached_encoder
from pages._frame.say import say_paper_cells, told
from pages._frame.tables import choose_row
from pages._frame.uploads import own_names, pick_upload
from pages._frame.work import made_by_model
from pages.adjectives.pairs import explained_pairs, show_pairs
from xsb_core import Look
from xsb_core.studies.adjectives.pairs import (
    adjective_findings,
    attribute_adjectives,
    shipped_adjectives,
    triplet_table,
)
from xsb_core.studies.adjectives.triplets import (
    DEFAULT_TEMPLATE,
    ROLES,
    Triplet,
    check_templates,
    check_triplets,
    paper_triplets,
    read_triplets,
)
from xsb_core.tables.reading import SUFFIXES


@told()
def study(models: Chosen, look: Look) -> None:
    """Draws the study that ships, or one of the user's triplets, templates and models."""
    say_paper_cells()
    triplets, templates = _pick_study()
    table = _found(models, triplets, templates) if models else None
    if table is not None:
        _show(table, look)


def _pick_study() -> tuple[tuple[Triplet, ...], tuple[str, ...]]:
    """A field for templates, an upload and a table to edit.

    Raises:
        ValueError: If the file, a template or a row of the table can't be used.
    """
    left, right = st.columns([2, 3])
    with left:
        lines = st.text_area(
            "Templates",
            DEFAULT_TEMPLATE,
            key="templates",
            bind="query-params",
            height=120,
            help="One a line, with `___` for the adjective.",
        )
        path = pick_upload(
            "Triplets of your own: a table with the columns anchor, synonym and opposite",
            list(SUFFIXES),
            "triplets_file",
        )
    given = paper_triplets()
    try:
        if path is not None:
            with own_names(path):
                given = read_triplets(path)
    finally:  # the table stays in sight
        with right:
            edited = _edited(given)
    return check_triplets(edited.itertuples(index=False)), check_templates(lines.splitlines())


def _edited(given: tuple[Triplet, ...]) -> pd.DataFrame:
    """The table as the user leaves it, another page in between or not; another upload is another.

    The editor gives what it began with and the changes since; on a change of page it is forgotten,
    and then begins with what it gave last.
    """
    key = f"triplets_{hashlib.sha256(repr(given).encode()).hexdigest()[:16]}"
    begun, left = f"_{key}_begun", f"_{key}_left"
    if key not in st.session_state:
        table = pd.DataFrame(given, columns=list(ROLES))
        st.session_state[begun] = st.session_state.get(left, table)
    st.session_state[left] = st.data_editor(
        st.session_state[begun],
        num_rows="dynamic",
        hide_index=True,
        height=300,
        key=key,
        column_config={role: st.column_config.TextColumn(role.capitalize()) for role in ROLES},
        alt="The triplets, to be edited",
    )
    return st.session_state[left]


def _found(
    models: Chosen, triplets: tuple[Triplet, ...], templates: tuple[str, ...]
) -> pd.DataFrame | None:
    """The study; None before it is made."""
    shipped = shipped_adjectives()
    paper = triplets == paper_triplets() and templates == (DEFAULT_TEMPLATE,)
    settings = dict(zip(shipped["model"], shipped["layer"], strict=True))
    asked = {encoder.name: layer for encoder, layer in models}
    if paper and asked.items() <= settings.items():
        tables = [shipped[shipped["model"] == name] for name in asked]
    else:
        pairs = f"{2 * len(triplets) * len(templates)} adjective pairs"
        tables = made_by_model(
            ("adjectives", triplets, templates),
            models,
            f"Attributing {pairs}",
            lambda encoder, recipe, tell: attribute_adjectives(
                encoder, triplets, templates, recipe, progress=tell
            ),
            f"Attribute {pairs}",
        )
    return pd.concat(tables, ignore_index=True) if tables else None


def _show(table: pd.DataFrame, look: Look) -> None:
    findings = adjective_findings(table)
    show_findings(findings)
    st.caption("Each pair of a triplet in each model; tick a row to open its heatmaps.")
    rows = triplet_table(table)
    chosen = choose_row(rows, "set_row", "Attributions to the adjective pairs")
    if chosen is not None:
        case = rows.iloc[chosen]
        triplet = Triplet(case["anchor"], case["synonym"], case["opposite"])
        layers = dict(zip(table["model"], table["layer"], strict=True))
        for number, (model, layer) in enumerate(layers.items(), 1):
            pairs = explained_pairs(cached_encoder(model), int(layer), case["template"], triplet)
            show_pairs(pairs, f"pair_{number}", look)
    offer_findings(findings, "all")
