"""All triplets in all templates."""

import hashlib

import pandas as pd
import streamlit as st

from pages._frame.downloads import File, download_row, png_config
from pages._frame.made import made, model_by_model
from pages._frame.models import cached_encoder
from pages._frame.one_or_two import Chosen
from pages._frame.say import as_typed, say
from pages._frame.tables import choose_row
from pages.adjectives.inputs import pick_study
from pages.adjectives.pairs import explained_pairs, show_pairs
from xsb_core import to_csv
from xsb_core.figures.adjectives import adjective_histogram
from xsb_core.figures.findings import study_page
from xsb_core.studies.adjectives.pairs import (
    adjective_sentences,
    attribute_adjectives,
    shipped_adjectives,
)
from xsb_core.studies.adjectives.triplets import DEFAULT_TEMPLATE, Triplet, paper_triplets

_PLACE = ["template", "triplet"]


def study(models: Chosen, words: str | None, special: bool, border: bool) -> None:
    """Draws the study that ships, or one of the user's triplets, templates and models."""
    st.subheader("All triplets")
    try:
        triplets, templates = pick_study()
        if not models:
            return
        table = _found(models, triplets, templates)
        if table is not None:
            _show(table, words, special, border)
    except ValueError as error:
        say(error)


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
    state = repr((triplets, templates, asked))
    key = f"adjectives {hashlib.sha256(state.encode()).hexdigest()}"

    work = model_by_model(
        list(distinct.values()),
        lambda encoder, layer, tell: attribute_adjectives(
            encoder, triplets, templates, layer, progress=tell
        ),
    )
    count = 2 * len(triplets) * len(templates)
    return made(
        key, f"Attributing {count} adjective pairs", f"Attribute {count} adjective pairs", work
    )


def _show(table: pd.DataFrame, words: str | None, special: bool, border: bool) -> None:
    sentences = adjective_sentences(table)
    for sentence in sentences:
        st.markdown(as_typed(sentence))
    figures = {name: adjective_histogram(table, name) for name in table["model"].unique()}
    charts = {}
    for number, (column, (model, figure)) in enumerate(
        zip(st.columns(len(figures)), figures.items(), strict=True), 1
    ):
        charts[f"PNG of {model}'s histogram"] = f"histogram_{number}"
        with column, st.container(key=f"histogram_{number}"):
            st.markdown(f"**{as_typed(model)}**")
            st.plotly_chart(
                figure,
                theme=None,
                config=png_config(f"xsb-adjectives-{number}"),
                alt=f"Attributions to synonyms and opposites, {model}",
            )
    st.caption("Each pair of a triplet in each model; tick a row to open its heatmaps.")
    wide = _wide(table)
    chosen = choose_row(wide, "set_row", "Attributions to the adjective pairs")
    if chosen is not None:
        _open(table, wide.iloc[chosen], words, special, border)
    title = "Synonyms against opposites"
    download_row(
        [
            File("CSV of all", "xsb-adjectives.csv", lambda: to_csv(table), "One row a pair."),
            File(
                "JSON of all",
                "xsb-adjectives.json",
                lambda: table.to_json(orient="records", force_ascii=False),
                "The same.",
            ),
            File(
                "HTML of all",
                "xsb-adjectives.html",
                lambda: study_page(title, sentences, figures),
                "The figures on a page that opens anywhere.",
            ),
        ],
        charts,
    )


def _wide(table: pd.DataFrame) -> pd.DataFrame:
    """One row a triplet and template, with each model's attributions."""
    first = table[table["model"] == table["model"].iloc[0]]
    anchors = first.drop_duplicates(_PLACE).set_index(_PLACE)["anchor"]
    wide = first.pivot(index=_PLACE, columns="kind", values="adjective")
    wide.insert(0, "anchor", anchors)
    wide = wide.loc[anchors.index, ["anchor", "synonym", "opposite"]]  # in the order given
    for model, rows in table.groupby("model", sort=False):
        values = rows.pivot(index=_PLACE, columns="kind", values="attribution")
        wide = wide.join(values[["synonym", "opposite"]].add_prefix(f"{model}: "))
    return wide.reset_index()


def _open(
    table: pd.DataFrame, case: pd.Series, words: str | None, special: bool, border: bool
) -> None:
    """Draws both pairs of a row in each model."""
    triplet = Triplet(case["anchor"], case["synonym"], case["opposite"])
    layers = dict(zip(table["model"], table["layer"], strict=True))
    for number, (model, layer) in enumerate(layers.items(), 1):
        pairs = explained_pairs(cached_encoder(model), int(layer), case["template"], triplet)
        show_pairs(pairs, f"pair_{number}", words, special, border)
