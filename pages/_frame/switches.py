"""What is shown of a result: tokens or words, special tokens, border."""

import streamlit as st

CELLS = {"Tokens": None, "Words": "mean", "Word sums": "sum"}


def pick_switches(cells: str = "Tokens") -> tuple[str | None, bool, bool]:
    """Three switches, in the URL as ``cells``, ``special`` and ``border``.

    Args:
        cells: How the first starts, one of ``CELLS``.

    Returns:
        How cells become words (None: not at all), and whether special tokens and border are shown.
    """
    words, special = pick_cells(cells), pick_special()
    border = st.toggle(
        "Border",
        False,
        key="border",
        bind="query-params",
        help="Each token's share in the similarity to the other text's reference. With it, the "
        "cells add up to the score for any model.",
    )
    return words, special, border


def pick_cells(default: str = "Tokens") -> str | None:
    """How cells become words: "mean", "sum", or None for tokens; in the URL as ``cells``.

    Args:
        default: How it starts, one of ``CELLS``.
    """
    chosen = st.radio(
        "Cells",
        list(CELLS),
        index=list(CELLS).index(default),
        key="cells",
        bind="query-params",
        help="Words: the mean of their tokens' cells, as in the paper, or the sum, which keeps "
        "the account.",
    )
    return CELLS[chosen]


def pick_special() -> bool:
    """Whether special tokens are shown; in the URL as ``special``."""
    return st.toggle(
        "Special tokens",
        True,
        key="special",
        bind="query-params",
        help="[CLS], [SEP] and the like. Off, their part stays in the account as a line.",
    )
