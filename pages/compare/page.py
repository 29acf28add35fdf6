"""Two models on one pair: heatmaps, their difference, their agreement, both accounts."""

import streamlit as st

from pages._frame.compute import explained
from pages._frame.downloads import File, csv_file, download_row, html_file
from pages._frame.look import pick_look
from pages._frame.models import by_model, pick_encoders, pick_layer_of_each
from pages._frame.results import (
    Panel,
    account_terms,
    heatmaps_side_by_side,
    places,
    settings_line,
    show_heatmap,
    show_plain,
)
from pages._frame.say import as_typed, contents, say_trust, show_guide, told, warn_of_cuts
from pages._frame.texts import pick_texts
from xsb_core import Attribution, Look, answer, ready_evaluation
from xsb_core.attribution.result import SIMILARITIES
from xsb_core.comparison.agreement import MEASURES, Agreement, agreement
from xsb_core.comparison.models import Comparison, compare, comparison_table
from xsb_core.comparison.verdict import agreement_verdict, notes, sums_sentences
from xsb_core.encoders.ready import PAPER_EVALUATION
from xsb_core.figures.comparison_report import comparison_report
from xsb_core.figures.heatmap import difference_heatmap
from xsb_core.figures.waterfall import waterfall, waterfall_range

_PARTS = ("Difference", "Agreement", "How both scores add up")
_MEANINGS = {
    "spearman": "Rank correlation of all cells, −1 to 1. Small cells, which may be noise, count as "
    "much as large ones.",
    "pearson": "Linear correlation of all cells, −1 to 1. Large cells weigh most.",
    "jaccard_3": "Of the three largest cells of each model: how many are in both, divided by how "
    "many are in either. 1: the same three; 0: none in common.",
    "jaccard_10": "The same for the ten largest cells of each model.",
}


@told()
def page() -> None:
    """Draws the page; every error that a user can mend is one sentence, the inputs stay."""
    st.title("Do two models agree on this pair?")
    text_a, text_b = pick_texts()
    encoders = pick_encoders(2)
    with st.sidebar:
        layers = pick_layer_of_each(encoders) if len(encoders) == 2 else []
        look = pick_look()
        one_range = st.toggle(
            "One colour range",
            True,
            key="one_range",
            bind="query-params",
            help="Equal colours are equal numbers in both heatmaps, and both accounts have one "
            "axis.",
        )
    if not layers:
        return
    models = list(zip(encoders, layers, strict=True))
    found = by_model(models, lambda encoder, layer: explained(encoder, text_a, text_b, layer))
    results = list(found.values())
    comparison = compare(*results, words=look.words)
    agreed = agreement(comparison.first_cells, comparison.second_cells, look)
    st.markdown(as_typed(agreement_verdict(agreed)))
    _verdicts(results)
    contents(*_PARTS)
    for sentence in notes(comparison):
        st.info(as_typed(sentence))
    show_guide("compare")
    _ready_models()
    _heatmaps(comparison, look, one_range=one_range)
    _agreement(comparison, agreed, look)
    _accounts(results, look, one_range=one_range)
    st.subheader("Download")
    _downloads(comparison, look, one_range=one_range)


def _ready_models() -> None:
    """A folded table: the ready models on STS-B test, beside the paper's."""
    rows = [row for row in ready_evaluation() if "spearman" in row]
    with st.expander("How good are the ready models?"):
        st.dataframe(
            {
                "Model": [row["model"] for row in rows],
                "Shift": ["yes" if row["shift"] else "no" for row in rows],
                "Fine-tuned": ["yes" if row["trained"] else "no" for row in rows],
                "Attributions": [row["attribution"] for row in rows],
                "Spearman × 100": [f"{row['spearman']:.2f}" for row in rows],
                "The paper's, of all-mpnet-base-v2": [
                    f"{PAPER_EVALUATION[row['model']]}" for row in rows
                ],
            },
            hide_index=True,
            alt="The ready models on STS-B test",
        )
        st.caption(
            f"Rank correlation of similarity and human scores on the {rows[0]['pairs']:,} pairs of "
            "STS-B test. The ready models are variants of all-MiniLM-L6-v2, which has half the "
            "blocks and half the width of the paper's model."
        )


def _verdicts(results: list[Attribution]) -> None:
    for number, (result, place) in enumerate(zip(results, places(2), strict=True), 1):
        with place:
            warn_of_cuts(result, f"model {number}")
            st.subheader(f"Model {number}: {as_typed(result.model)}")
            measure = SIMILARITIES[result.similarity]
            st.metric(measure[0].upper() + measure[1:], f"{result.score:.4f}")
            st.markdown(as_typed(answer(result)))
            say_trust(result)


def _heatmaps(comparison: Comparison, look: Look, *, one_range: bool) -> None:
    cells = (comparison.first_cells, comparison.second_cells)
    panels = [
        Panel(
            result,
            f"Model {number}: {result.model}",
            f"heatmap_{number}",
            f"xsb-model{number}",
            f"Heatmap of model {number}",
        )
        for number, result in enumerate(cells, 1)
    ]
    heatmaps_side_by_side(panels, look, one_range=one_range)
    st.subheader(_PARTS[0])
    show_heatmap(
        difference_heatmap(*cells, look, title="Model 2 − model 1"),
        "difference",
        "xsb-difference",
        "Heatmap of the difference, model 2 minus model 1",
    )


def _agreement(comparison: Comparison, agreed: Agreement, look: Look) -> None:
    st.subheader(_PARTS[1])
    with st.container(horizontal=True, gap="large"):
        for measure, label in MEASURES.items():
            st.metric(label, agreed.written(measure), help=_MEANINGS[measure], width="content")
    st.markdown(as_typed(sums_sentences(comparison.first, comparison.second, look)))


def _accounts(results: list[Attribution], look: Look, *, one_range: bool) -> None:
    st.subheader(_PARTS[2])
    named = dict(zip(("Model 1", "Model 2"), results, strict=True))
    reach = waterfall_range(*results, special=look.special) if one_range else None
    for place, (name, result) in zip(places(2), named.items(), strict=True):
        with place:
            st.markdown(f"**{name}**")
            show_plain(waterfall(result, special=look.special, reach=reach), f"Account of {name}")
    terms = {name: account_terms(result) for name, result in named.items()}
    st.dataframe(
        {"Term": list(terms["Model 1"])}
        | {name: list(values.values()) for name, values in terms.items()},
        hide_index=True,
        alt="The terms of both accounts",
    )
    for name, result in named.items():
        st.caption(as_typed(f"{name}: {settings_line(result)}"))


def _downloads(comparison: Comparison, look: Look, *, one_range: bool) -> None:
    name = "xsb-comparison"
    whole = "Both results with their settings, at token level, and their agreement."
    cells = "The cells shown of both models and their difference, one row a cell."
    files = [
        File("JSON", f"{name}.json", lambda: comparison.to_json() + "\n", whole),
        csv_file(name, lambda: comparison_table(comparison, look), cells),
        html_file(name, lambda: comparison_report(comparison, look, one_range=one_range)),
    ]
    download_row(files, {})
    charts = {"model 1": "heatmap_1", "model 2": "heatmap_2", "the difference": "difference"}
    download_row([], {f"PNG of {what}": chart for what, chart in charts.items()})
