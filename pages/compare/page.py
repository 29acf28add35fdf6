"""Two models on one pair: heatmaps, their difference, their agreement, both accounts."""

from math import isnan

import plotly.graph_objects as go
import streamlit as st

from pages._frame.compute import explained
from pages._frame.downloads import File, download_row
from pages._frame.one_or_two import DEFAULTS, about_model, pick_encoders, pick_layers
from pages._frame.ready import ready_models
from pages._frame.results import (
    account_terms,
    border_caption,
    settings_line,
    show_heatmap,
    show_waterfall,
)
from pages._frame.say import as_typed, say, say_trust, show_guide, warn_of_cuts
from pages._frame.side_by_side import Shown, heatmaps_side_by_side, places
from pages._frame.switches import pick_switches
from pages._frame.texts import pick_texts
from xsb_core import to_csv
from xsb_core.comparison.agreement import agreement
from xsb_core.comparison.models import Comparison, compare, comparison_table
from xsb_core.comparison.verdict import agreement_verdict, notes, sums_sentences
from xsb_core.figures.comparison_report import comparison_report
from xsb_core.figures.heatmap import difference_heatmap, heatmap
from xsb_core.figures.style import TITLE_UNITS, color_limit, shorten
from xsb_core.figures.waterfall import waterfall, waterfall_range

_METRICS = {
    "Spearman": (
        "spearman",
        "Rank correlation of all cells, −1 to 1. Small cells, which may be noise, count as much as "
        "large ones.",
    ),
    "Pearson": (
        "pearson",
        "Linear correlation of all cells, −1 to 1. Large cells weigh most.",
    ),
    "Jaccard, top 3": (
        "jaccard_3",
        "Of the three largest cells of each model: how many are in both, divided by how many are "
        "in either. 1: the same three; 0: none in common.",
    ),
    "Jaccard, top 10": (
        "jaccard_10",
        "The same for the ten largest cells of each model.",
    ),
}


def page() -> None:
    """Draws the page; every error that a user can mend is one sentence, the inputs stay."""
    st.title("Do two models agree on this pair?")
    text_a, text_b = pick_texts()
    with st.sidebar:
        encoders, problems = pick_encoders(len(DEFAULTS))
        layers = [] if problems else pick_layers(encoders)
        words, special, border = pick_switches()
        one_range = st.toggle(
            "One colour range",
            True,
            key="one_range",
            bind="query-params",
            help="Equal colours are equal numbers in both heatmaps, and both accounts have one "
            "axis.",
        )
    for problem in problems:
        say(problem)
    if problems:
        return
    results = []
    try:
        for number, (encoder, layer) in enumerate(zip(encoders, layers, strict=True), 1):
            with about_model(number):
                results.append(explained(encoder, text_a, text_b, layer))
    except ValueError as error:
        say(error)
        return
    comparison = compare(*results, words)
    _verdicts(comparison)
    show_guide("compare")
    ready_models()
    _heatmaps(comparison, special, border, one_range)
    _agreement(comparison, special)
    _accounts(comparison, special, one_range)
    st.subheader("Download")
    _downloads(comparison, special, border, one_range)


def _verdicts(comparison: Comparison) -> None:
    results = (comparison.first, comparison.second)
    for number, (result, place) in enumerate(zip(results, places(len(DEFAULTS)), strict=True), 1):
        with place:
            warn_of_cuts(result, f"model {number}")
            st.subheader(f"Model {number}: {as_typed(result.model)}")
            kind = "Dot product" if result.similarity == "dot" else "Cosine similarity"
            st.metric(kind, f"{result.score:.4f}")
            say_trust(result)
    for sentence in notes(comparison):
        st.info(as_typed(sentence))


def _heatmaps(comparison: Comparison, special: bool, border: bool, one_range: bool) -> None:
    cells = (comparison.first_cells, comparison.second_cells)
    limit = color_limit(*cells, special=special) if one_range else None
    titles = [shorten(f"Model {n}: {r.model}", TITLE_UNITS) for n, r in enumerate(cells, 1)]
    look = {"special": special, "border": border, "limit": limit}

    def draw(side: int) -> list[go.Figure]:
        return [heatmap(r, title=t, side=side, **look) for r, t in zip(cells, titles, strict=True)]

    numbers = range(1, 1 + len(cells))
    heatmaps_side_by_side(
        draw,
        [Shown(f"heatmap_{n}", f"xsb-model{n}", f"Heatmap of model {n}") for n in numbers],
    )
    if border:
        border_caption()
    st.subheader("Difference")
    show_heatmap(
        difference_heatmap(*cells, special=special, border=border, title="Model 2 − model 1"),
        "difference",
        "xsb-difference",
        "Heatmap of the difference, model 2 minus model 1",
    )


def _agreement(comparison: Comparison, special: bool) -> None:
    st.subheader("Agreement")
    agreed = agreement(comparison.first_cells, comparison.second_cells, special)
    with st.container(horizontal=True, gap="large"):
        for label, (name, meaning) in _METRICS.items():
            value = getattr(agreed, name)
            text = "–" if isnan(value) else f"{value:.2f}"
            st.metric(label, text, help=meaning, width="content")
    st.markdown(as_typed(agreement_verdict(agreed)))
    st.markdown(as_typed(sums_sentences(comparison.first, comparison.second)))


def _accounts(comparison: Comparison, special: bool, one_range: bool) -> None:
    st.subheader("Both scores' accounts")
    results = {"Model 1": comparison.first, "Model 2": comparison.second}
    reach = waterfall_range(*results.values(), special=special) if one_range else None
    for place, (name, result) in zip(places(len(DEFAULTS)), results.items(), strict=True):
        with place:
            st.markdown(f"**{name}**")
            show_waterfall(waterfall(result, special, reach), f"Account of {name}")
    terms = {name: account_terms(result) for name, result in results.items()}
    st.dataframe(
        {"Term": list(terms["Model 1"])}
        | {name: list(values.values()) for name, values in terms.items()},
        hide_index=True,
        alt="The terms of both accounts",
    )
    for name, result in results.items():
        st.caption(as_typed(f"{name}: {settings_line(result)}"))


def _downloads(comparison: Comparison, special: bool, border: bool, one_range: bool) -> None:
    files = [
        File(
            "JSON",
            "xsb-comparison.json",
            lambda: comparison.to_json() + "\n",
            "Both results with their settings, at token level, and their agreement.",
        ),
        File(
            "CSV",
            "xsb-comparison.csv",
            lambda: to_csv(comparison_table(comparison, special)),
            "The cells shown of both models and their difference, one row a cell.",
        ),
        File(
            "HTML",
            "xsb-comparison.html",
            lambda: comparison_report(
                comparison, special=special, border=border, one_range=one_range
            ),
            "A page with the figures that opens anywhere, without a network.",
        ),
    ]
    download_row(files, {})
    charts = {"model 1": "heatmap_1", "model 2": "heatmap_2", "the difference": "difference"}
    download_row([], {f"PNG of {name}": chart for name, chart in charts.items()})
