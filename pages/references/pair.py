"""One measured pair: its figures, and what there is of texts and heatmaps."""

import streamlit as st

from pages._frame.gathered import pick_stsb, stsb_pair
from pages._frame.links import offer_link
from pages._frame.results import Panel, heatmaps_side_by_side
from pages._frame.say import as_typed, told
from pages.references.measured import Opened
from xsb_core import Attribution, DataError
from xsb_core.comparison.models import compare

_COLUMNS = {
    "run": "Model",
    "layer": "Layer",
    "score": "Score",
    "a_rb": "f(a, r_b)",
    "b_ra": "f(b, r_a)",
    "ra_rb": "f(r_a, r_b)",
    "positive": "Sum of positive cells",
    "negative": "Sum of negative cells",
    "residual": "Residual",
}


@told()
def show_measured_pair(opened: Opened, name: str, runs: dict[str, int]) -> None:
    """Draws a pair of two runs."""
    measures = opened.measured.measures
    own = measures[measures["id"] == name]
    own = own[own["layer"] == own["run"].map(runs)]
    if own.empty:
        given = measures["id"]
        raise DataError(
            f"There is no pair {name} of {' and '.join(runs)}; ids are such as {given.iloc[0]} or "
            f"{given.iloc[-1]}."
        )
    own = own[list(_COLUMNS)].rename(columns=_COLUMNS)
    st.dataframe(own.round(4), hide_index=True, alt=f"Figures of pair {name}")
    results = [opened.pair(run, layer, name) for run, layer in runs.items() if opened.results]
    if results:
        a, b = results[0].a.text, results[0].b.text
    elif (data := pick_stsb()) is not None:
        a, b = stsb_pair(data, "test", int(name))
    else:
        return
    for label, text in (("A", a), ("B", b)):
        st.markdown(f"**{label}** {as_typed(text)}")
    if results:
        _heatmaps(results, list(runs))
    _compare_link(a, b, runs)


def _heatmaps(results: list[Attribution], runs: list[str]) -> None:
    compared = compare(results[0], results[1])
    cells = (compared.first_cells, compared.second_cells)
    heatmaps_side_by_side(
        [
            Panel(result, run, f"pair_{at}", f"xsb-pair-{at}", f"Heatmap of {run}")
            for at, (run, result) in enumerate(zip(runs, cells, strict=True), 1)
        ]
    )


def _compare_link(a: str, b: str, runs: dict[str, int]) -> None:
    # a run's name is its model's, and its treatment where that is not the usual one
    models = [run.removesuffix(" (endpoint)").removesuffix(" (through)") for run in runs]
    layers = list(runs.values())
    state = {"a": a, "b": b, "model_1": models[0], "model_2": models[1], "layer": layers[0]}
    if layers[1] != layers[0]:
        state["layer_2"] = layers[1]
    offer_link("compare", "Open in Compare models", state)
