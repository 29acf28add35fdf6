"""How exact a result is, in words that need no paper."""

import streamlit as st

from pages._frame.compute import offer_more_work
from pages._frame.results import show_account
from pages._frame.say import as_typed
from xsb_core import Attribution, trust
from xsb_core.attribution.account import REFERENCE_BOUND, REFERENCE_TERM
from xsb_core.attribution.numerals import signed


def show_exactness(result: Attribution, *, special: bool) -> None:
    """What the mark of trust stands for, line by line, and the account."""
    for line in exactness_lines(result):
        st.markdown(f"- {as_typed(line)}")
    offer_more_work(result)
    st.markdown("**Where each part of the score is booked**")
    if result.kind == "dense":
        st.caption(
            "Cells measure from an empty text of the same length, the reference. What it has in "
            "common with the other text, and the two empty texts with each other, are parts of the "
            "score too. The heatmap has them shared out among the tokens; here, and under “As in "
            "the paper”, they stand apart."
        )
    show_account(result, special=special)
    st.caption(as_typed(trust(result).sentence))


def exactness_lines(result: Attribution) -> list[str]:
    """How exact a result is, a line for each reason."""
    terms = result.reference_terms
    left_over = abs(result.net_matrix.sum() - result.score)
    if result.closed:
        return [
            f"Nothing is estimated: the score is a sum over tokens as it is, which all cells "
            f"together miss by {left_over:.1g}, the rounding of {result.dtype}.",
            f"It took {result.seconds:.2f} s on {result.device}.",
        ]
    lines = []
    if result.cell_error is not None:
        lines.append(
            f"A cell is right to about ±{result.cell_error:.1g}; all cells together miss the score "
            f"by {left_over:.1g}."
        )
    if not result.converged:
        lines.append(
            f"That is less exact than was asked for ({result.tolerance:g} of the whole): read "
            "single cells with care, or take a later layer."
        )
    if result.similarity == "cosine":
        empty = (
            f"An empty text in place of B would be similar to A by {signed(terms.a_rb, 3)}, one in "
            f"place of A to B by {signed(terms.b_ra, 3)}, and the two empty texts to each other by "
            f"{signed(terms.ra_rb, 3)}."
        )
        if result.shifted:
            lines.append(f"{empty} This model is made so that they count for nothing.")
        else:
            lines.append(
                f"{empty} The first two should be within ±{REFERENCE_BOUND} and the last above "
                f"{REFERENCE_TERM}: then what is measured from an empty text tells of the words."
            )
    lines.append(
        f"It took {result.nodes_a} and {result.nodes_b} steps from the empty text to each text, "
        f"{result.seconds:.2f} s on {result.device}. Words are as the model sees them after "
        f"{result.layer} of its {result.blocks} blocks."
    )
    return lines
