"""Many pairs at once: how much references matter, how far two models agree, and signs."""

from collections.abc import Callable, Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from pages._frame.downloads import File, download_row, png_config
from pages._frame.links import warn_of_link
from pages._frame.results import PANELS_WIDTH, scroll_below
from pages._frame.say import as_typed, say, show_guide
from pages._frame.studies import Opened, open_study
from pages._frame.study_pair import show_pair
from xsb_core import DataError, to_csv
from xsb_core.figures.findings import HEADS, study_page
from xsb_core.figures.layer_agreement import layer_agreement
from xsb_core.figures.reference_histograms import reference_histograms
from xsb_core.figures.score_scatter import score_scatter
from xsb_core.figures.sign_scatter import sign_scatter
from xsb_core.studies.agreement.by_layer import ByLayer, agreement_by_layer
from xsb_core.studies.agreement.by_score import ByScore, between, spearman_by_score
from xsb_core.studies.findings import Beside
from xsb_core.studies.references import References, reference_terms
from xsb_core.studies.signs import Signs, sign_sums, treatments

# What the paper compares.
_PREFERRED = ("tuned", "exact")


def page() -> None:
    """Draws the page; every error that a user can mend is one sentence, the inputs stay."""
    st.title("How far can attributions be trusted?")
    try:
        opened = open_study()
    except ValueError as error:
        say(error)
        return
    if opened is None:
        return
    show_guide("references")
    for draw in (_references, _agreement, _signs):
        try:
            draw(opened)
        except ValueError as error:
            say(error)


def _references(opened: Opened) -> None:
    st.subheader("Reference terms")
    runs = opened.study.runs()
    measures = opened.study.measures
    plain = measures.loc[~measures["shifted"], "run"].unique().tolist()
    run = _pick("Model", runs, (plain or runs)[0], "references_of")
    found = reference_terms(measures, run)
    figure = reference_histograms(found)
    _figure(figure, "references", "Histograms of the reference terms")
    _words(found.beside(), found.notes, "Reference terms beside the paper's")
    _offer("references", found.table, {run: figure}, [found])


def _agreement(opened: Opened) -> None:
    st.subheader("Agreement of two models")
    runs = opened.study.runs()
    if len(runs) < 2:
        raise DataError(
            "Agreement takes the results of two models over the same pairs, and there is one; give "
            "another file."
        )
    agreements = opened.study.agreements
    first_by_default, second_by_default = _PREFERRED if set(_PREFERRED) <= set(runs) else runs[:2]
    columns = st.columns(4)
    with columns[0]:
        first = _pick("Model 1", runs, first_by_default, "run_1")
    others = [run for run in runs if run != first]
    with columns[1]:
        default = second_by_default if second_by_default in others else others[0]
        second = _pick("Model 2", others, default, "run_2")
    own = between(agreements, first, second)
    layers = sorted(own["layer"].unique().tolist())
    with columns[2]:
        layer = _pick("Layer of the scatter", layers, layers[-1], "depth")
    with columns[3]:
        above = _pick_least()
    by_score = spearman_by_score(agreements, first, second, layer)
    scatter = score_scatter(by_score)
    _figure(scatter, "agreement", "Spearman against the mean predicted score", chosen=True)
    _words(by_score.beside(), by_score.notes, "Agreement by score beside the paper's")
    name = st.text_input(
        "Pair",
        key="pair",
        bind="query-params",
        placeholder="Choose a point, or type a pair's id",
    ).strip()
    if name:
        at_layer = own[own["layer"] == layer].iloc[0]
        show_pair(opened, name, {first: layer, second: int(at_layer["layer_2"])})
    by_layer = agreement_by_layer(agreements, first, second, above)
    layers_figure = layer_agreement(by_layer)
    _figure(layers_figure, "by_layer", "Agreement by layer")
    _words(by_layer.beside(), by_layer.notes, "Agreement by layer beside the paper's")
    _offer(
        "agreement",
        lambda: own,
        {"By score": scatter, "By layer": layers_figure},
        [by_score, by_layer],
    )


def _signs(opened: Opened) -> None:
    st.subheader("Positive and negative cells")
    # the deepest model's layers; the others' are those that leave as many blocks
    blocks = int(opened.study.measures["blocks"].max())
    measures = opened.study.measures.assign(
        place=lambda table: table["layer"] + blocks - table["blocks"]
    )
    places = sorted(measures["place"].unique().tolist())
    usual = 3 * blocks // 4  # the paper's choice of layer, 9 of 12
    default = usual if usual in places else places[-1]
    place = _pick("Layer of the signs", places, default, "signs_layer")
    if measures["blocks"].nunique() > 1:
        st.caption(
            f"Layers are counted in {blocks} blocks; models of fewer blocks are shown at the layer "
            "that leaves as many."
        )
    measures = measures[measures["place"] == place]
    answers = [both.answer() for both in treatments(measures)]
    for answer in answers:
        st.info(as_typed(answer))
    there = measures.drop_duplicates(["run", "layer"]).set_index("run")["layer"]
    runs = [run for run in opened.study.runs() if run in there]
    for run in opened.study.runs():
        if run not in there:
            others = opened.study.measures.query("run == @run")["layer"].unique()
            layers = ", ".join(map(str, sorted(others)))
            st.caption(as_typed(f"{run} has no results at this layer, only at {layers}."))
    found = [sign_sums(measures, run, int(there[run])) for run in runs]
    figure = sign_scatter(found)
    _figure(figure, "signs", "Sums of positive against sums of negative cells")
    notes = [note for one in found for note in one.notes]
    _words([line for one in found for line in one.beside()], notes, "Signs beside the paper's")
    _offer(
        "signs",
        lambda: pd.concat([one.table for one in found], ignore_index=True),
        {f"Layer {place}": figure},
        found,
        answers,
    )


def _pick(label: str, options: list, default: object, key: str) -> object:
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


def _figure(figure: go.Figure, key: str, alt: str, chosen: bool = False) -> None:
    scroll_below(PANELS_WIDTH, f"figure_{key}")
    with st.container(key=f"figure_{key}"):
        options = {"theme": None, "config": png_config(f"xsb-{key}"), "alt": alt}
        if chosen:
            st.plotly_chart(
                figure, key=key, on_select=_open_chosen, selection_mode="points", **options
            )
        else:
            st.plotly_chart(figure, **options)


def _open_chosen() -> None:
    points = st.session_state["agreement"]["selection"]["points"]
    if points:
        name = points[0]["customdata"]
        st.session_state["pair"] = name[0] if isinstance(name, list) else str(name)


def _words(lines: Sequence[Beside], notes: Sequence[str], alt: str) -> None:
    """The paper's values and these, and what limits them."""
    if lines:
        columns = zip(*((line.what, line.paper, line.here) for line in lines), strict=True)
        st.dataframe(
            dict(zip(("Figure", *HEADS[1:]), columns, strict=True)), hide_index=True, alt=alt
        )
    for note in notes:
        st.caption(as_typed(note))


def _offer(
    name: str,
    table: Callable[[], pd.DataFrame],
    figures: Mapping[str, go.Figure],
    found: Sequence[References | ByScore | ByLayer | Signs],
    answers: Sequence[str] = (),
) -> None:
    """Downloads of a section: its data, its figures as a page, a picture."""
    files = [
        File("CSV", f"xsb-{name}.csv", lambda: to_csv(table()), "One row a pair."),
        File(
            "HTML",
            f"xsb-{name}.html",
            lambda: study_page(
                name.capitalize(),
                [*answers, *(note for one in found for note in one.notes)],
                figures,
                [line for one in found for line in one.beside()],
            ),
            "A page with the figures that opens anywhere, without a network.",
        ),
    ]
    with st.container(key=f"downloads_{name}"):
        download_row(files, {"PNG": f"figure_{name}"})
