"""Negation: what *not* adds to a sentence's similarity to itself without it."""

import streamlit as st

from pages._frame.compute import explained
from pages._frame.downloads import download_row, result_files
from pages._frame.links import keep, restore
from pages._frame.look import pick_look
from pages._frame.models import Chosen, by_model, pick_models
from pages._frame.say import as_typed, show_guide, told
from pages._frame.views import show_views
from pages.negation.effects import Measured, show_effects
from pages.negation.study import study
from xsb_core import Encoder, Look, TextError
from xsb_core.studies.negation.effect import negation_effect
from xsb_core.studies.negation.negations import WORDS, Negation, find_negations, more_words

DEFAULT = "The new drug is not safe for children."
_KEPT = "negation"


def page() -> None:
    """Draws the page; every error that a user can mend is one sentence, the inputs stay."""
    st.title("Does the model mind the negation?")
    with st.sidebar:
        models = pick_models()
        look = pick_look()
        words = _pick_words()
    show_views(
        {
            "One sentence": lambda: _live(models, look, words),
            "All sentences of a set": lambda: study(models, look, words),
        }
    )


def _pick_words() -> dict[str, str]:
    """What counts as a negation beside not, n't and cannot."""
    given = st.text_input(
        "More negations",
        key="negations",
        bind="query-params",
        placeholder="such as kein, nie=immer",
        help=f"Beside not, n't and cannot, these count: {', '.join(WORDS)}. Yours are added, with "
        "commas between; after an equals sign stands what takes a word's place without it.",
    )
    with told():
        return WORDS | more_words(given)
    return WORDS


@told()
def _live(models: Chosen, look: Look, words: dict[str, str]) -> None:
    """Draws the inputs, and the pair in each model."""
    negation, sentence, without = _pick_pair(words)
    show_guide("negation")
    if negation is None:
        raise TextError(
            f"There is no negation in this sentence; type one with not, n't, cannot, "
            f"{', '.join(words)}, or add a word under More negations."
            if sentence.strip()
            else "The sentence is empty; type one with a negation, such as not or never."
        )

    def measure(encoder: Encoder, layer: int) -> Measured:
        result = explained(encoder, sentence, without, layer)
        return Measured(result, negation_effect(result, negation))

    if measured := list(by_model(models, measure).values()):
        show_effects(measured, negation, "negation", look)
        _downloads(measured, negation, look)


def _pick_pair(words: dict[str, str]) -> tuple[Negation | None, str, str]:
    """The negation, its sentence, and the sentence without it; no negation where there is none."""
    restore(_KEPT, ("sentence", "without"))
    left, right = st.columns(2)
    with left:
        sentence = st.text_area(
            "Sentence with a negation", DEFAULT, key="sentence", bind="query-params", height=80
        )
        negation = _pick_negation(sentence, words)
    _fill_in(sentence, negation)
    with right:
        without = st.text_area(
            "The same without it",
            key="without",
            bind="query-params",
            height=80,
            help="Made by rule when the sentence changes; change it as you like.",
        )
    keep(_KEPT, {"sentence": sentence, "without": without})
    return negation, sentence, without


def _pick_negation(sentence: str, words: dict[str, str]) -> Negation | None:
    found = find_negations(sentence, words)
    if len(found) < 2:
        return found[0] if found else None
    labels = [f"{one.shown}, character {one.start + 1}" for one in found]
    chosen = st.selectbox("Negation to measure", labels, key="which", bind="query-params")
    st.caption(as_typed(f"This sentence has {len(found)} negations; choose one, the rest stay."))
    return found[labels.index(chosen)]


def _fill_in(sentence: str, negation: Negation | None) -> None:
    """Writes the sentence without its negation, once a sentence; a link may bring its own."""
    made_of = (sentence, negation and negation.start)
    first = "_negation_of" not in st.session_state
    brought = first and "without" in st.query_params
    changed = first or st.session_state["_negation_of"] != made_of
    if negation is not None and changed and not brought:
        st.session_state["without"] = negation.without
    st.session_state["_negation_of"] = made_of


def _downloads(measured: list[Measured], negation: Negation, look: Look) -> None:
    said = [
        {
            "negation": negation.shown,
            "rows": effect.rows,
            "total": effect.total,
            "border": effect.border,
        }
        for _, effect in measured
    ]
    files = result_files("xsb-negation", [result for result, _ in measured], said, look)
    charts = {
        f"PNG of {result.model}": f"negation_{number}"
        for number, (result, _) in enumerate(measured, 1)
    }
    download_row(files, charts)
