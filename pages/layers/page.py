"""One pair at several layers: heatmaps, tokens' totals, agreement between layers, cost."""

from contextlib import closing

import pandas as pd
import streamlit as st

from pages._frame.compute import explained_layers
from pages._frame.downloads import File, csv_file, download_row, html_file
from pages._frame.look import pick_look
from pages._frame.models import pick_encoders, pick_layers
from pages._frame.results import show_heatmap
from pages._frame.say import as_typed, contents, show_guide, told, warn_of_cuts
from pages._frame.texts import pick_texts
from xsb_core import EMBEDDED_MODEL, Attribution, Encoder, Look
from xsb_core.comparison.agreement import MEASURES
from xsb_core.comparison.layers import (
    Depths,
    cost_table,
    depth_answer,
    depth_notes,
    depth_table,
    model_agreements,
)
from xsb_core.comparison.pair_depths import layer_rounds, pair_depths, pair_notes, partner_notes
from xsb_core.figures.findings import findings_file
from xsb_core.figures.layer_charts import (
    correlations_chart,
    layer_figures,
    models_chart,
    totals_chart,
    totals_limit,
)
from xsb_core.figures.layer_grid import layer_grid
from xsb_core.figures.layer_player import layer_player
from xsb_core.studies.findings import Findings

# The parts of the page, the last one of two models only.
_PARTS = (
    "From layer to layer",
    "Totals by layer",
    "Agreement between layers",
    "Error and cost by layer",
    "Agreement of both models by layer",
)


@told()
def page() -> None:
    """Draws the page; every error that a user can mend is one sentence, the inputs stay."""
    st.title("How do attributions change with depth?")
    text_a, text_b = pick_texts()
    with st.sidebar:
        two = st.toggle("Second model", key="second", bind="query-params")
    encoders = pick_encoders(1 + two, ("layers_model", "layers_model_2"), EMBEDDED_MODEL)
    with st.sidebar:
        layers = pick_layers(encoders[0]) if encoders else []
        look = pick_look()
    if len(encoders) < 1 + two:
        return
    if not layers:
        st.info("Choose a layer or more.")
        return
    blocks = [encoder.blocks for encoder in encoders]
    missing = partner_notes(blocks, layers)
    for note in missing:
        st.info(note)
    rounds = [
        [(encoders[number], layer) for number, layer in each]
        for each in layer_rounds(blocks, layers)
    ]
    said = st.container()
    show_guide("layers")
    models, results = _heatmaps(rounds, text_a, text_b, look)
    with said:
        for depths in models:
            st.markdown(as_typed(depth_answer(depths, look)))
        contents(*(_PARTS if len(models) > 1 else _PARTS[:-1]))
    notes = [*pair_notes(results, look.words), *depth_notes(models)]
    for note in notes:
        st.info(as_typed(note))
    st.subheader(_PARTS[0])
    alt = "Heatmaps with a slider over the layers"
    show_heatmap(layer_player(models, look=look), "player", "xsb-player", alt)
    _totals(models, look)
    _agreement(models, look)
    _cost(models)
    st.subheader("Download")
    _downloads(models, results, look, [*missing, *notes], f"grid_{len(rounds) - 1}")


def _heatmaps(
    rounds: list[list[tuple[Encoder, int]]], text_a: str, text_b: str, look: Look
) -> tuple[list[Depths], list[list[Attribution]]]:
    """The small multiples, filled round by round as results come; a round has all models' layer."""
    warnings, place = st.container(), st.empty()
    results: list[list[Attribution]] = [[] for _ in rounds[0]]
    asked = [one for each in rounds for one in each]
    with closing(explained_layers(asked, text_a, text_b)) as found:
        for number, each in enumerate(rounds):
            for own, _ in zip(results, each, strict=False):
                own.append(next(found))
            if number == 0:
                with warnings:
                    _warn_of_cuts(results)
            models = pair_depths(results, look.words)
            figure = layer_grid(models, look=look)
            with place.container():
                # for Streamlit, every round's is a chart of its own
                show_heatmap(figure, f"grid_{number}", "xsb-layers", "Heatmaps by layer")
    return models, results


def _warn_of_cuts(results: list[list[Attribution]]) -> None:
    for number, own in enumerate(results, 1):
        warn_of_cuts(own[0], f"model {number}" if len(results) > 1 else "the model")


def _totals(models: list[Depths], look: Look) -> None:
    st.subheader(_PARTS[1])
    limit = totals_limit(models, look)
    for number, depths in enumerate(models, 1):
        st.markdown(f"**{as_typed(depths.model)}**")
        figure = totals_chart(depths, look=look, limit=limit)
        key, alt = f"totals_{number}", f"Tokens' totals by layer, model {number}"
        show_heatmap(figure, key, f"xsb-{key}", alt)


def _agreement(models: list[Depths], look: Look) -> None:
    st.subheader(_PARTS[2])
    if len(models[0].results) == 1:
        st.caption("It takes two layers or more.")
    else:
        with st.container(horizontal=True):
            for number, depths in enumerate(models, 1):
                figure = correlations_chart(depths, look=look)
                with st.container(width=figure.layout.width):
                    st.markdown(f"**{as_typed(depths.model)}**")
                    alt = f"Spearman correlation between layers, model {number}"
                    name = f"xsb-between-layers-{number}"
                    show_heatmap(figure, f"correlations_{number}", name, alt)
    if len(models) < 2:
        return
    st.subheader(_PARTS[4])
    agreed = model_agreements(*models, look=look)
    alt = "Agreement of both models by layer"
    show_heatmap(models_chart(agreed), "models", "xsb-models", alt)
    rows = {
        label: [one.written(measure) for one in agreed.values()]
        for measure, label in MEASURES.items()
    }
    alt = "Agreement of both models, in figures"
    st.dataframe({"Layer": list(agreed)} | rows, hide_index=True, alt=alt)


def _cost(models: list[Depths]) -> None:
    st.subheader(_PARTS[3])
    whole = cost_table(models)
    st.dataframe(
        {
            "Model": whole["model"],
            "Layer": whole["layer"],
            "Score": whole["score"].map("{:.4f}".format),
            "ΣA": whole["sum_matrix"].map("{:.4f}".format),
            "Residual": whole["residual"].map("{:.1e}".format),
            "Nodes": whole["nodes"],
            "Seconds": whole["seconds"].map("{:.2f}".format),
        },
        hide_index=True,
        alt="Residual, nodes and seconds by layer",
    )


def _downloads(
    models: list[Depths],
    results: list[list[Attribution]],
    look: Look,
    notes: list[str],
    grid: str,
) -> None:
    pair = results[0][0]
    texts = [f"{name}: {side.text}" for name, side in (("A", pair.a), ("B", pair.b))]
    whole = "All results with their settings, at token level."
    cells = "The cells shown of all layers, one row a cell."
    cost = "Score, sum, residual, nodes and seconds of each layer."
    name = "xsb-layers"

    def json() -> str:
        return f"[{','.join(one.to_json() for own in results for one in own)}]\n"

    def html() -> str:
        said = (*texts, *notes)
        findings = Findings("layers", "One pair by layer", said, pd.DataFrame(), {})
        figures = layer_figures(models, look=look)
        return findings_file(findings, "html", figures).decode()

    files = [
        File("JSON", f"{name}.json", json, whole),
        csv_file(name, lambda: depth_table(models, look), cells),
        csv_file(f"{name}-cost", lambda: cost_table(models), cost, "Cost, CSV"),
        html_file(name, html),
    ]
    pictures = {"PNG of the heatmaps": grid}
    for number in range(1, len(models) + 1):
        whose = f"model {number}'s" if len(models) > 1 else "the"
        pictures[f"PNG of {whose} totals"] = f"totals_{number}"
    download_row(files, pictures)
