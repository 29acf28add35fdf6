"""All triplets in all templates."""

import pandas as pd
import streamlit as st

from pages._frame.findings import offer_findings, show_findings
from pages._frame.models import Chosen, cached_encoder
from pages._frame.say import told
from pages._frame.tables import choose_row
from pages._frame.work import fingerprint, made, model_by_model
from pages.adjectives.inputs import pick_study
from pages.adjectives.pairs import explained_pairs, show_pairs
from xsb_core import Look, Recipe
from xsb_core.studies.adjectives.pairs import (
    adjective_findings,
    attribute_adjectives,
    shipped_adjectives,
    triplet_table,
)
from xsb_core.studies.adjectives.triplets import DEFAULT_TEMPLATE, Triplet, paper_triplets


@told()
def study(models: Chosen, look: Look) -> None:
    """Draws the study that ships, or one of the user's triplets, templates and models."""
    st.subheader("All triplets")
    triplets, templates = pick_study()
    table = _found(models, triplets, templates) if models else None
    if table is not None:
        _show(table, look)


def _found(
    models: Chosen, triplets: tuple[Triplet, ...], templates: tuple[str, ...]
) -> pd.DataFrame | None:
    """The study; None before it is made."""
    # the same model twice says nothing more
    distinct = {encoder.name: (encoder, layer) for encoder, layer in models}
    shipped = shipped_adjectives()
    paper = triplets == paper_triplets() and templates == (DEFAULT_TEMPLATE,)
    settings = dict(zip(shipped["model"], shipped["layer"], strict=True))
    asked = {name: layer for name, (_, layer) in distinct.items()}
    if paper and asked.items() <= settings.items():
        own = [shipped[shipped["model"] == name] for name in asked]
        return pd.concat(own, ignore_index=True)
    work = model_by_model(
        list(distinct.values()),
        lambda encoder, layer, tell: attribute_adjectives(
            encoder, triplets, templates, Recipe(layer=layer), progress=tell
        ),
    )
    pairs = f"{2 * len(triplets) * len(templates)} adjective pairs"
    weights = [fingerprint(encoder) for encoder, _ in distinct.values()]
    of = ("adjectives", triplets, templates, asked, weights)
    return made(of, f"Attributing {pairs}", work, f"Attribute {pairs}")


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
