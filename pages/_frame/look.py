"""What is shown of a result: tokens or words, special tokens, border."""

import streamlit as st

from xsb_core import Look

_CELLS = {"Tokens": None, "Words": "mean", "Word sums": "sum"}


def pick_look(cells: str = "Tokens", border: bool = True) -> Look:
    """Switches, in the URL as ``cells``, ``special`` and ``border``.

    Args:
        cells: How the first starts: "Tokens", "Words" or "Word sums".
        border: Whether the border can be had.
    """
    chosen = st.radio(
        "Cells",
        list(_CELLS),
        index=list(_CELLS).index(cells),
        key="cells",
        bind="query-params",
        help="Words: the mean of their tokens' cells, as in the paper, or the sum, which keeps "
        "the account.",
    )
    special = st.toggle(
        "Special tokens",
        True,
        key="special",
        bind="query-params",
        help="[CLS], [SEP] and the like. Off, their part stays in the account as a line.",
    )
    bordered = border and st.toggle(
        "Border",
        False,
        key="border",
        bind="query-params",
        help="Each token's share in the similarity to the other text's reference. With it, the "
        "cells add up to the score for any model.",
    )
    return Look(_CELLS[chosen], special, bordered)
