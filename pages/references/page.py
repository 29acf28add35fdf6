"""Many pairs at once: how much references matter, how far two models agree, and signs."""

from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages._frame.findings import (
    offer_findings,
    show_beside,
    show_chart,
    show_charts,
    show_findings,
)
from pages._frame.links import warn_of_link
from pages._frame.say import as_typed, contents, show_guide, told
from pages.references.measured import Opened, open_measurements
from pages.references.pair import show_measured_pair
from xsb_core import DataError
from xsb_core.studies.agreement.findings import agreement_findings, shared_layers
from xsb_core.studies.reference_terms import reference_findings
from xsb_core.studies.signs import at_one_depth, sign_findings

T = TypeVar("T")

_PARTS = (
    "What an empty text adds",
    "Does a model with exact cells agree?",
    "How much raises and lowers the score",
)
# What the paper compares.
_PREFERRED = ("tuned", "exact")


@told()
def page() -> None:
    """Draws the page; every error that a user can mend is one sentence, the inputs stay."""
    st.title("How far can attributions be trusted?")
    opened = open_measurements()
    if opened is None:
        return
    said = st.container()
    contents(*_PARTS)
    show_guide("references")
    for draw in (_references, _agreement, _signs):
        with told():
            draw(opened, said)


def _references(opened: Opened, said: DeltaGenerator) -> None:
    st.subheader(_PARTS[0])
    measures, runs = opened.measured.measures, opened.measured.runs()
    plain = measures.loc[~measures["shifted"], "run"].unique().tolist()
    run = _pick("Model", runs, (plain or runs)[0], "references_of")
    findings = reference_findings(measures, [run])
    said.markdown(as_typed(" ".join(findings.answers)))
    show_charts(findings)
    show_beside(findings)
    offer_findings(findings)


def _agreement(opened: Opened, said: DeltaGenerator) -> None:
    st.subheader(_PARTS[1])
    runs = opened.measured.runs()
    if len(runs) < 2:
        raise DataError(
            "Agreement takes the results of two models over the same pairs, and there is one; give "
            "another file."
        )
    agreements = opened.measured.agreements
    first_by_default, second_by_default = _PREFERRED if set(_PREFERRED) <= set(runs) else runs[:2]
    columns = st.columns(4)
    with columns[0]:
        first = _pick("Model 1", runs, first_by_default, "run_1")
    others = [run for run in runs if run != first]
    with columns[1]:
        default = second_by_default if second_by_default in others else others[0]
        second = _pick("Model 2", others, default, "run_2")
    layers = shared_layers(agreements, first, second)
    with columns[2]:
        layer = _pick("Layer of the scatter", list(layers), max(layers), "depth")
    with columns[3]:
        above = _pick_least()
    findings = agreement_findings(agreements, first, second, layer, above)
    said.markdown(as_typed(" ".join(findings.answers)))
    show_chart(findings, "by_score", chosen=_open_chosen)
    name = st.text_input(
        "Pair",
        key="pair",
        bind="query-params",
        placeholder="Choose a point, or type a pair's id",
    ).strip()
    if name:
        show_measured_pair(opened, name, {first: layer, second: layers[layer]})
    show_chart(findings, "by_layer")
    show_beside(findings)
    offer_findings(findings)


def _signs(opened: Opened, _: DeltaGenerator) -> None:
    st.subheader(_PARTS[2])
    blocks, measures = at_one_depth(opened.measured.measures)
    places = sorted(measures["place"].unique().tolist())
    usual = 3 * blocks // 4  # the paper's choice of layer, 9 of 12
    default = usual if usual in places else places[-1]
    place = _pick("Layer of the signs", places, default, "signs_layer")
    if measures["blocks"].nunique() > 1:
        st.caption(
            f"Layers are counted in {blocks} blocks; models of fewer blocks are shown at the layer "
            "that leaves as many."
        )
    there = measures[measures["place"] == place]
    for run, own in measures.groupby("run", sort=False):
        if run not in set(there["run"]):
            layers = ", ".join(map(str, sorted(own["layer"].unique())))
            st.caption(as_typed(f"{run} has no results at this layer, only at {layers}."))
    own = there[["run", "layer"]].drop_duplicates()
    findings = sign_findings(there, own.itertuples(index=False))
    show_findings(findings)
    offer_findings(findings)


def _pick(label: str, options: list[T], default: T, key: str) -> T:
    """A choice that is in the URL, and falls back where what was chosen is no longer offered."""
    warn_of_link(key, label, lambda asked: asked in map(str, options), default)
    if st.session_state.get(key) not in options:
        st.session_state.pop(key, None)
    return st.selectbox(label, options, index=options.index(default), key=key, bind="query-params")


def _pick_least() -> float:
    label, default, most = "Least score of the means by layer", 0.5, 0.95

    def fits(asked: str) -> bool:
        try:
            return 0 <= float(asked) <= most
        except ValueError:
            return False

    warn_of_link("above", label, fits, default)
    return st.slider(label, 0.0, most, default, 0.05, key="above", bind="query-params")


def _open_chosen() -> None:
    points = st.session_state["by_score_points"]["selection"]["points"]
    if points:
        name = points[0]["customdata"]
        st.session_state["pair"] = name[0] if isinstance(name, list) else str(name)
