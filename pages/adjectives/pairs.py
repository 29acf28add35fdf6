"""A triplet's two pairs in each model: numbers and heatmaps with the adjectives' cell boxed."""

from typing import NamedTuple

import streamlit as st

from pages._frame.compute import explained
from pages._frame.results import Panel, heatmaps_side_by_side
from pages._frame.say import as_typed
from xsb_core import Attribution, Encoder, Look
from xsb_core.attribution.numerals import signed
from xsb_core.figures.heatmap import Box
from xsb_core.studies.adjectives.triplets import (
    KINDS,
    Placed,
    Triplet,
    adjective_answer,
    adjective_attribution,
    adjective_cells,
    place,
)


class AdjectivePair(NamedTuple):
    """One pair of a triplet in one model.

    Attributes:
        kind: "synonym" or "opposite".
        a: The anchor in its sentence.
        b: The other adjective in its sentence.
        result: The token-level attribution.
        attribution: The mean of the adjective pair's token cells.
    """

    kind: str
    a: Placed
    b: Placed
    result: Attribution
    attribution: float


def explained_pairs(
    encoder: Encoder, layer: int, template: str, triplet: Triplet
) -> list[AdjectivePair]:
    """Both pairs of a triplet.

    Raises:
        ValueError: What ``attribute`` raises, or where the adjective isn't read.
    """
    pairs = []
    a = place(template, triplet.anchor)
    for kind in KINDS:
        b = place(template, getattr(triplet, kind))
        result = explained(encoder, a.sentence, b.sentence, layer)
        pairs.append(AdjectivePair(kind, a, b, result, adjective_attribution(result, a, b)))
    return pairs


def show_pairs(pairs: list[AdjectivePair], key: str, look: Look) -> None:
    """Draws both pairs of a triplet in one model, side by side, in one colour range.

    The keys of the heatmaps' elements begin with ``key``; the pair's kind follows.
    """
    st.markdown(f"**{as_typed(pairs[0].result.model)}**")
    values = [adjective_attribution(one.result, one.a, one.b, look.cells) for one in pairs]
    words = [one.b.sentence[one.b.start : one.b.end] for one in pairs]
    scores = [one.result.score for one in pairs]
    st.markdown(as_typed(adjective_answer(words, scores, values)))
    with st.container(horizontal=True, gap="large"):
        for pair, own in zip(pairs, values, strict=True):
            st.metric(f"Attribution, {pair.kind}", signed(own), width="content")
            st.metric(f"Score, {pair.kind}", f"{pair.result.score:.4f}", width="content")
    heatmaps_side_by_side([_panel(pair, f"{key}_{pair.kind}", look) for pair in pairs], look)


def _panel(pair: AdjectivePair, key: str, look: Look) -> Panel:
    result = look.of(pair.result)
    name = f"Heatmap of the {pair.kind}, {result.model}, the adjectives boxed"
    boxes = (Box(*adjective_cells(result, pair.a, pair.b)),)
    return Panel(result, f"{pair.kind}, {result.model}", key, f"xsb-{key}", name, boxes)
