"""One pair at several layers: heatmaps, tokens' totals, agreement between layers, cost."""

from contextlib import closing
from math import isnan

import plotly.graph_objects as go
import streamlit as st

from pages._frame.compute import explained_layers
from pages._frame.downloads import File, download_row, png_config
from pages._frame.models import pick_layers
from pages._frame.one_or_two import pick_encoders
from pages._frame.results import PANELS_WIDTH, scroll_below, show_heatmap
from pages._frame.say import as_typed, say, show_guide, warn_of_cuts
from pages._frame.switches import pick_cells, pick_special
from pages._frame.texts import pick_texts
from xsb_core import Attribution, Encoder, to_csv
from xsb_core.comparison.agreement import MEASURES
from xsb_core.comparison.layers import (
    Depths,
    cost_table,
    depth_notes,
    depth_table,
    model_agreements,
)
from xsb_core.comparison.pair_depths import pair_depths, pair_notes, partner_layers, partner_notes
from xsb_core.figures.findings import study_page
from xsb_core.figures.layer_charts import (
    correlations_chart,
    layer_figures,
    models_chart,
    totals_chart,
    totals_limit,
)
from xsb_core.figures.layer_grid import layer_grid
from xsb_core.figures.layer_player import layer_player


def page() -> None:
    """Draws the page; every error that a user can mend is one sentence, the inputs stay."""
    st.title("How do attributions change with depth?")
    text_a, text_b = pick_texts()
    with st.sidebar:
        two = st.toggle("Second model", key="second", bind="query-params")
        encoders, problems = pick_encoders(1 + two, ("layers_model", "layers_model_2"))
        layers = pick_layers(encoders[0]) if encoders else []
        words, special = pick_cells(), pick_special()
    for problem in problems:
        say(problem)
    if problems:
        return
    if not layers:
        st.info("Choose a layer or more.")
        return
    show_guide("layers")
    partners = [partner_layers(encoders[0].blocks, encoder.blocks, layers) for encoder in encoders]
    missing = partner_notes(encoders[0].blocks, encoders[-1].blocks, layers)
    for note in missing:
        st.info(note)
    rounds = [
        [
            (encoder, own[layer])
            for encoder, own in zip(encoders, partners, strict=True)
            if layer in own
        ]
        for layer in reversed(layers)
    ]
    try:
        models, results = _heatmaps(rounds, text_a, text_b, words, special)
    except ValueError as error:
        say(error)
        return
    notes = [*pair_notes(results, words), *depth_notes(models)]
    for note in notes:
        st.info(as_typed(note))
    _player(models, special)
    _totals(models, special)
    _agreement(models, special)
    _cost(models)
    st.subheader("Download")
    _downloads(models, results, special, [*missing, *notes], f"grid_{len(rounds) - 1}")


def _heatmaps(
    rounds: list[list[tuple[Encoder, int]]],
    text_a: str,
    text_b: str,
    words: str | None,
    special: bool,
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
            models = pair_depths(results, words)
            figure = layer_grid(models, special=special)
            with place.container():
                # for Streamlit, every round's is a chart of its own
                show_heatmap(figure, f"grid_{number}", "xsb-layers", "Heatmaps by layer")
    return models, results


def _warn_of_cuts(results: list[list[Attribution]]) -> None:
    for number, own in enumerate(results, 1):
        warn_of_cuts(own[0], f"model {number}" if len(results) > 1 else "the model")


def _player(models: list[Depths], special: bool) -> None:
    st.subheader("From layer to layer")
    alt = "Heatmaps with a slider over the layers"
    show_heatmap(layer_player(models, special=special), "player", "xsb-player", alt)


def _totals(models: list[Depths], special: bool) -> None:
    st.subheader("Each token's total by layer")
    limit = totals_limit(models, special)
    for number, depths in enumerate(models, 1):
        st.markdown(f"**{as_typed(depths.model)}**")
        alt = f"Tokens' totals by layer, model {number}"
        _chart(totals_chart(depths, special=special, limit=limit), f"totals_{number}", alt)


def _agreement(models: list[Depths], special: bool) -> None:
    st.subheader("Agreement between layers")
    if len(models[0].results) == 1:
        st.caption("It takes two layers or more.")
    else:
        with st.container(horizontal=True):
            for number, depths in enumerate(models, 1):
                figure = correlations_chart(depths, special=special)
                with st.container(width=figure.layout.width):
                    st.markdown(f"**{as_typed(depths.model)}**")
                    alt = f"Spearman correlation between layers, model {number}"
                    name = f"xsb-between-layers-{number}"
                    show_heatmap(figure, f"correlations_{number}", name, alt)
    if len(models) < 2:
        return
    st.subheader("Agreement of both models by layer")
    agreed = model_agreements(*models, special)
    _chart(models_chart(agreed), "models", "Agreement of both models by layer")
    rows = {
        "Layer": list(agreed),
        **{
            name: [_shown(getattr(one, measure)) for one in agreed.values()]
            for measure, name in MEASURES.items()
        },
    }
    st.dataframe(rows, hide_index=True, alt="Agreement of both models, in figures")


def _shown(value: float) -> str:
    return "–" if isnan(value) else f"{value:.2f}"


def _cost(models: list[Depths]) -> None:
    st.subheader("Error and cost by layer")
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


def _chart(figure: go.Figure, key: str, alt: str) -> None:
    scroll_below(PANELS_WIDTH, key)
    with st.container(key=key):
        st.plotly_chart(figure, theme=None, config=png_config(f"xsb-{key}"), alt=alt)


def _downloads(
    models: list[Depths],
    results: list[list[Attribution]],
    special: bool,
    notes: list[str],
    grid: str,
) -> None:
    pair = results[0][0]
    texts = [f"{name}: {side.text}" for name, side in (("A", pair.a), ("B", pair.b))]
    files = [
        File(
            "JSON",
            "xsb-layers.json",
            lambda: f"[{','.join(one.to_json() for own in results for one in own)}]\n",
            "All results with their settings, at token level.",
        ),
        File(
            "CSV",
            "xsb-layers.csv",
            lambda: to_csv(depth_table(models, special)),
            "The cells shown of all layers, one row a cell.",
        ),
        File(
            "Cost, CSV",
            "xsb-layers-cost.csv",
            lambda: to_csv(cost_table(models)),
            "Score, sum, residual, nodes and seconds of each layer.",
        ),
        File(
            "HTML",
            "xsb-layers.html",
            lambda: study_page(
                "One pair by layer", [*texts, *notes], layer_figures(models, special=special)
            ),
            "A page with the figures that opens anywhere, without a network.",
        ),
    ]
    pictures = {"PNG of the heatmaps": grid}
    for number in range(1, len(models) + 1):
        whose = f"model {number}'s" if len(models) > 1 else "the"
        pictures[f"PNG of {whose} totals"] = f"totals_{number}"
    download_row(files, pictures)
