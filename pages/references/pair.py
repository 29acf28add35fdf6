"""One measured pair: its figures, and what there is of texts and heatmaps."""

from urllib.parse import urlencode

import streamlit as st

from pages._frame.gathered import NO_SENTENCES
from pages._frame.results import Panel, heatmaps_side_by_side
from pages._frame.say import as_typed, told
from pages._frame.settings import settings
from pages.references.measured import Opened, stsb_texts
from xsb_core import DataError
from xsb_core.comparison.models import compare

_HELP = (
    "The shipped results are figures only. Give the path of stsb-en-test.csv on the server's "
    "machine, or “stsb” to load it through the datasets library, which takes a network."
)

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
    if opened.results:
        _heatmaps(opened, name, runs)
    else:
        _link(name, runs)


def _heatmaps(opened: Opened, name: str, runs: dict[str, int]) -> None:
    results = [opened.pair(run, layer, name) for run, layer in runs.items()]
    a, b = results[0].a.text, results[0].b.text
    _texts(a, b)
    compared = compare(results[0], results[1])
    cells = (compared.first_cells, compared.second_cells)
    heatmaps_side_by_side(
        [
            Panel(result, run, f"pair_{at}", f"xsb-pair-{at}", f"Heatmap of {run}")
            for at, (run, result) in enumerate(zip(runs, cells, strict=True), 1)
        ]
    )
    _compare_link(a, b, runs)


def _link(name: str, runs: dict[str, int]) -> None:
    if settings().public:
        raise DataError(NO_SENTENCES)
    source = st.text_input("STS-B test", key="stsb", bind="query-params", help=_HELP)
    if not source:
        st.caption(_HELP)
        return
    a, b = stsb_texts(source.strip(), name)
    _texts(a, b)
    _compare_link(a, b, runs)


def _texts(a: str, b: str) -> None:
    for label, text in (("A", a), ("B", b)):
        st.markdown(f"**{label}** {as_typed(text)}")


def _compare_link(a: str, b: str, runs: dict[str, int]) -> None:
    # a run's name is its model's, and its treatment where that is not the usual one
    models = [run.removesuffix(" (endpoint)").removesuffix(" (through)") for run in runs]
    layers = list(runs.values())
    state = {"a": a, "b": b, "model_1": models[0], "model_2": models[1], "layer": layers[0]}
    if layers[1] != layers[0]:
        state["layer_2"] = layers[1]
    st.link_button("Open in Compare models", f"compare?{urlencode(state)}")
