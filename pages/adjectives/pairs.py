"""A triplet's two pairs in each model: numbers and heatmaps with the adjectives' cell boxed."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from pages._frame.compute import explained
from pages._frame.results import Panel, heatmaps_side_by_side
from pages._frame.say import as_typed
from xsb_core import Attribution, Encoder, Look
from xsb_core.attribution.cells import matrix_of
from xsb_core.attribution.numerals import signed
from xsb_core.figures.heatmap import Box
from xsb_core.studies.adjectives.triplets import (
    KINDS,
    Placed,
    Triplet,
    adjective_attribution,
    adjective_cells,
    place,
)

# How much less similar an opposite makes the sentences, from which they are told apart.
_TOLD_APART = 0.1


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
    st.markdown(as_typed(_answer(pairs[0], pairs[1], look)))
    with st.container(horizontal=True, gap="large"):
        for pair in pairs:
            own = signed(_attribution(pair, look))
            st.metric(f"Attribution, {pair.kind}", own, width="content")
            st.metric(f"Score, {pair.kind}", f"{pair.result.score:.4f}", width="content")
    heatmaps_side_by_side([_panel(pair, f"{key}_{pair.kind}", look) for pair in pairs], look)


def _answer(synonym: AdjectivePair, opposite: AdjectivePair, look: Look) -> str:
    """Whether the opposite counts for less: as a sentence, and as a pair of adjectives."""
    gap = synonym.result.score - opposite.result.score
    words = [pair.b.sentence[pair.b.start : pair.b.end] for pair in (synonym, opposite)]
    own = _attribution(opposite, look)
    side = "raises the score all the same" if own > 0 else "lowers the score"
    return (
        f"{'Yes' if gap > _TOLD_APART else 'Hardly'}: with ‹{words[1]}› the sentences are "
        f"{opposite.result.score:.2f} similar, with ‹{words[0]}› {synonym.result.score:.2f}; the "
        f"pair of opposites itself {side} ({signed(own, 2)}; synonyms "
        f"{signed(_attribution(synonym, look), 2)})."
    )


def _attribution(pair: AdjectivePair, look: Look) -> float:
    cells = np.ix_(*adjective_cells(pair.result, pair.a, pair.b))
    return float(matrix_of(pair.result, look)[cells].mean())


def _panel(pair: AdjectivePair, key: str, look: Look) -> Panel:
    result = look.of(pair.result)
    name = f"Heatmap of the {pair.kind}, {result.model}, the adjectives boxed"
    boxes = (Box(*adjective_cells(result, pair.a, pair.b)),)
    return Panel(result, f"{pair.kind}, {result.model}", key, f"xsb-{key}", name, boxes)
