"""Adjectives: what a synonym adds to the score of two sentences, and what an opposite does."""

import streamlit as st

from pages._frame.downloads import download_row, result_files
from pages._frame.links import keep, restore
from pages._frame.look import pick_look
from pages._frame.models import Chosen, by_model, pick_models
from pages._frame.say import show_guide, told
from pages._frame.views import show_views
from pages.adjectives.pairs import AdjectivePair, explained_pairs, show_pairs
from pages.adjectives.study import study
from xsb_core import Look
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


def page() -> None:
    """Draws the page; every error that a user can mend is one sentence, the inputs stay."""
    st.title("Does the model tell opposites from synonyms?")
    with st.sidebar:
        models = pick_models()
        look = pick_look("Words")
    show_views(
        {
            "One triplet": lambda: _live(models, look),
            "All triplets": lambda: study(models, look),
        }
    )


@told()
def _live(models: Chosen, look: Look) -> None:
    """Draws the inputs, and both pairs in each model."""
    given = _pick_triplet()
    show_guide("adjectives")
    (template,) = check_templates([given["template"]])
    triplet = check_triplet([given[role] for role in ROLES])
    found = by_model(
        models, lambda encoder, layer: explained_pairs(encoder, layer, template, triplet)
    )
    for number, pairs in enumerate(found.values(), 1):
        show_pairs(pairs, f"triplet_{number}", look)
    if found:
        _downloads(list(found.values()), look)


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
    files = result_files(
        "xsb-triplet",
        [pair.result for pair in pairs],
        [{"kind": pair.kind, "attribution": pair.attribution} for pair in pairs],
        look,
        {"kind": [pair.kind for pair in pairs]},
    )
    charts = {
        f"PNG, {pair.kind}, {pair.result.model}": f"triplet_{number}_{pair.kind}"
        for number, of_model in enumerate(found, 1)
        for pair in of_model
    }
    download_row(files, charts)
