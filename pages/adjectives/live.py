"""One triplet in one template."""

import json

import pandas as pd
import streamlit as st

from pages._frame.downloads import File, download_row
from pages._frame.links import keep, restore
from pages._frame.models import Chosen, about_model
from pages._frame.say import say, show_guide
from pages.adjectives.pairs import AdjectivePair, explained_pairs, show_pairs
from xsb_core import Look, cell_table, to_csv
from xsb_core.studies.adjectives.triplets import (
    DEFAULT_TEMPLATE,
    ROLES,
    check_templates,
    check_triplet,
)

DEFAULT = {
    "template": DEFAULT_TEMPLATE,
    "anchor": "beautiful",
    "synonym": "pretty",
    "opposite": "ugly",
}
_KEPT = "adjectives"


def live(models: Chosen, look: Look) -> None:
    """Draws the inputs, and both pairs in each model."""
    st.subheader("One triplet")
    given = _pick_triplet()
    show_guide("adjectives")
    found: list[list[AdjectivePair]] = []
    try:
        (template,) = check_templates([given["template"]])
        triplet = check_triplet([given[role] for role in ROLES])
        for number, (encoder, layer) in enumerate(models, 1):
            with about_model(number, len(models)):
                found.append(explained_pairs(encoder, layer, template, triplet))
    except ValueError as error:
        say(error)
        return
    for number, pairs in enumerate(found, 1):
        show_pairs(pairs, f"triplet_{number}", look)
    if found:
        _downloads(found, look)


def _pick_triplet() -> dict[str, str]:
    """Template and adjectives as typed."""
    restore(_KEPT, DEFAULT)
    given = {}
    for column, (key, text) in zip(st.columns([2, 1, 1, 1]), DEFAULT.items(), strict=True):
        given[key] = column.text_input(key.capitalize(), text, key=key, bind="query-params")
    keep(_KEPT, given)
    return given


def _downloads(found: list[list[AdjectivePair]], look: Look) -> None:
    pairs = [pair for of_model in found for pair in of_model]

    def everything() -> str:
        values = [
            {"kind": pair.kind, "attribution": pair.attribution, "result": pair.result.to_dict()}
            for pair in pairs
        ]
        return json.dumps(values, ensure_ascii=False) + "\n"

    def cells() -> str:
        tables = [
            cell_table(pair.result, look).assign(model=pair.result.model, kind=pair.kind)
            for pair in pairs
        ]
        return to_csv(pd.concat(tables))

    charts = {
        f"PNG, {pair.kind}, {pair.result.model}": f"triplet_{number}_{pair.kind}"
        for number, of_model in enumerate(found, 1)
        for pair in of_model
    }
    download_row(
        [
            File("JSON", "xsb-triplet.json", everything, "All results, and the attributions."),
            File("CSV", "xsb-triplet.csv", cells, "The cells shown of all results."),
        ],
        charts,
    )
