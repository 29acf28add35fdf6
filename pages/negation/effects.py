"""A sentence against itself without its negation: numbers and heatmaps, model by model."""

from typing import NamedTuple

import streamlit as st

from pages._frame.results import Panel, heatmaps_side_by_side, places
from pages._frame.say import as_typed, say_trust, warn_of_cuts
from xsb_core import Attribution, Look
from xsb_core.attribution.cells import matrix_of
from xsb_core.attribution.numerals import signed
from xsb_core.encoders.spans import positions_at
from xsb_core.figures.heatmap import Box
from xsb_core.studies.negation.effect import (
    HARDLY,
    SOMEWHAT,
    Negation,
    NegationEffect,
    negation_answer,
)

_SCALE = (
    f"Of the sentence with itself without the negation. From {HARDLY} on the model hardly minds "
    f"it; below {SOMEWHAT} it does."
)


class Measured(NamedTuple):
    """What one model makes of a pair.

    Attributes:
        result: The token-level attribution; the first text has the negation.
        effect: What the negation adds.
    """

    result: Attribution
    effect: NegationEffect


def show_effects(measured: list[Measured], negation: Negation, key: str, look: Look) -> None:
    """Draws a pair in each model, the negation's row boxed.

    The keys of the heatmaps' elements begin with ``key``; their number follows, from 1.
    """
    for (result, effect), place in zip(measured, places(len(measured)), strict=True):
        with place:
            st.markdown(f"**{as_typed(result.model)}**")
            warn_of_cuts(result, result.model)
            st.markdown(as_typed(negation_answer(result, negation, effect)))
            with st.container(horizontal=True, gap="large"):
                st.metric("Score", f"{result.score:.4f}", width="content", help=_SCALE)
                total = float(matrix_of(result, look)[list(effect.rows)].sum())
                st.metric("The negation's total", signed(total), width="content")
            tokens = " ".join(f"‹{result.a.tokens[row]}›" for row in effect.rows)
            st.caption(
                as_typed(f"{_tokens_said(effect)} {tokens}{_border_said(result, effect, look)}")
            )
            say_trust(result)
    panels = [
        _panel(look.of(result), negation, f"{key}_{number}")
        for number, (result, _) in enumerate(measured, 1)
    ]
    heatmaps_side_by_side(panels, look)
    if look.words:
        st.caption(
            f"Cells are words here, the {look.words} of their tokens' cells, and the box is the "
            "whole word that the negation is in; the total above is of its tokens."
        )


def _panel(result: Attribution, negation: Negation, key: str) -> Panel:
    rows = positions_at(result.a, negation.start, negation.end, result.model)
    name = f"Heatmap with the negation boxed, {result.model}"
    return Panel(result, result.model, key, f"xsb-{key}", name, (Box(rows),))


def _tokens_said(effect: NegationEffect) -> str:
    return f"The total is over all cells of {'row' if len(effect.rows) == 1 else 'rows'}"


def _border_said(result: Attribution, effect: NegationEffect, look: Look) -> str:
    if result.shifted or not look.border:
        return ", special tokens' columns included."
    whole = effect.total + effect.border
    return (
        f", special tokens' columns included. With its border, {signed(effect.border)}, the "
        f"negation's whole part of the score is {signed(whole)}."
    )
