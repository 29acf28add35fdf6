"""What is shown of a result: tokens or words, special tokens, net cells or the paper's."""

import streamlit as st

from xsb_core import Look
from xsb_core.figures.style import COLOR_LIMIT

_UNITS = {"Tokens": None, "Words": "mean", "Word sums": "sum"}


def pick_look(units: str = "Tokens") -> Look:
    """Switches, in the URL as ``cells``, ``special`` and ``paper``."""
    chosen = st.radio(
        "Cells",
        list(_UNITS),
        index=list(_UNITS).index(units),
        key="cells",
        bind="query-params",
        help="What a row or a column is. Words: the mean of their tokens' cells, or the sum.",
    )
    special = st.toggle(
        "Special tokens",
        True,
        key="special",
        bind="query-params",
        help="[CLS], [SEP] and the like, which the model adds to each text.",
    )
    cells = pick_cells()
    stretch = st.toggle(
        "Stretch colours",
        False,
        key="stretch",
        bind="query-params",
        help="Off, equal colours are equal numbers on all pairs: full colour is a cell of "
        f"{COLOR_LIMIT}. On, the largest cell of this pair has full colour.",
    )
    return Look(_UNITS[chosen], special, cells, stretch)


def pick_cells() -> str:
    """A switch between net cells and the paper's, in the URL as ``paper``; as ``Look.cells``."""
    paper = st.toggle(
        "As in the paper",
        False,
        key="paper",
        bind="query-params",
        help="Cells as the paper has them: measured from an empty text of the same length, whose "
        "part (ref. A and ref. B, the border) stands beside them. Off, that part is shared out "
        "among the tokens, so that all cells add up to the score and zero means zero.",
    )
    return "paper" if paper else "net"
