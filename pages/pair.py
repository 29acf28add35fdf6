"""One pair of texts: heatmap, the score's account, tinted tokens, strongest pairs."""

import streamlit as st

from pages._frame.chips import token_chips
from pages._frame.compute import explained
from pages._frame.downloads import downloads, png_config
from pages._frame.examples import DEFAULT, EXAMPLES
from pages._frame.models import pick_encoder, pick_layer
from xsb_core import (
    Attribution,
    account_gap,
    strongest_cells,
    to_words,
    trust,
)
from xsb_core.figures import heatmap, waterfall

CELLS = {"Tokens": None, "Words": "mean", "Word sums": "sum"}

_GUIDE = """
- **A cell** of the heatmap is the part of the similarity that a token of text A and a token of
  text B make together: red raises it, blue lowers it.
- **The reference** of a text is as long as the text, with padding in place of its words;
  attribution measures from there. References are similar to each other, so the cells of an
  off-the-shelf model add up to about the score plus one. The **border** (each token with the other
  text's reference) and the corner (the references with each other) bring that back: everything
  together is the score, as the account below the heatmap shows.
- **The residual** is the relative error of the summing-up, reached with that many interpolation
  steps (nodes). Below one in a thousand, sums hold to about three decimals.
- Results appear when you leave a text field, or press Ctrl+Enter in it.
"""


def page() -> None:
    """Draws the page; every error that a user can mend is one sentence, the inputs stay."""
    st.title("Why are these two texts similar?")
    text_a, text_b = _texts()
    with st.sidebar:
        try:
            encoder = pick_encoder()
            layer = pick_layer(encoder)
        except ValueError as error:
            encoder, problem = None, error
        reduction, special, border = _switches()
    if encoder is None:
        _say(problem)
        return
    try:
        result = explained(encoder, text_a, text_b, layer)
    except ValueError as error:
        _say(error)
        return
    shown = to_words(result, CELLS[reduction]) if CELLS[reduction] else result
    _verdict(result)
    with st.expander("How to read this page"):
        st.markdown(_GUIDE)
    tinted = st.container()
    _heatmap(shown, special, border)  # the answer first: it reaches the browser before the rest
    with tinted:
        token_chips(shown, special, key="chips")
    _account(result, special)
    _pairs(shown, special)
    st.subheader("Download")
    downloads(result, shown, special, border, chart="heatmap")


def _texts() -> tuple[str, str]:
    st.selectbox(
        "Example",
        list(EXAMPLES),
        index=None,
        key="example",
        placeholder="Pick a telling pair, or type your own below",
        on_change=_fill_in,
    )
    default_a, default_b = EXAMPLES[DEFAULT]
    left, right = st.columns(2)
    text_a = left.text_area("Text A", default_a, key="a", bind="query-params", height=100)
    text_b = right.text_area("Text B", default_b, key="b", bind="query-params", height=100)
    return text_a, text_b


def _fill_in() -> None:
    chosen = st.session_state["example"]
    if chosen:
        st.session_state["a"], st.session_state["b"] = EXAMPLES[chosen]


def _switches() -> tuple[str, bool, bool]:
    reduction = st.radio(
        "Cells",
        list(CELLS),
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
    border = st.toggle(
        "Border",
        False,
        key="border",
        bind="query-params",
        help="Each token's share in the similarity to the other text's reference. With it, the "
        "cells add up to the score for any model.",
    )
    return reduction, special, border


def _say(error: ValueError) -> None:
    # an error's words may hold what the user typed: no Markdown in them
    st.error(_as_typed(str(error)))


def _as_typed(text: str) -> str:
    """Text for an element that reads Markdown, with nothing left to interpret."""
    return "".join(f"\\{char}" if char in "\\`*_{}[]()#+-.!|<>~:$&" else char for char in text)


def _verdict(result: Attribution) -> None:
    for name, side in (("A", result.a), ("B", result.b)):
        if side.cut:
            st.warning(
                f"Text {name} is longer than the model reads: it was cut after character "
                f"{side.read:,} of {len(side.text):,}, at the end of "
                f"“…{_as_typed(side.text[max(0, side.read - 40) : side.read])}”."
            )
    left, right = st.columns([1, 4], vertical_alignment="center")
    left.metric("Similarity", f"{result.score:.4f}")
    verdict = trust(result)
    with right:
        say = {"exact": st.success, "approximate": st.info, "inaccurate": st.warning}
        say[verdict.level](_as_typed(verdict.sentence))


def _heatmap(shown: Attribution, special: bool, border: bool) -> None:
    with st.container(key="heatmap"):
        st.plotly_chart(
            heatmap(shown, special=special, border=border),
            width="content",
            theme=None,
            config=png_config(f"xsb-layer{shown.layer}"),
            alt="Heatmap of token-pair attributions",
        )
    if border:
        st.caption(
            "The border's colours stop at the ends of the scale; point at it for its values."
        )


def _account(result: Attribution, special: bool) -> None:
    st.subheader("The score's account")
    left, right = st.columns([3, 2])
    left.plotly_chart(
        waterfall(result, special=special),
        theme=None,
        config={"displayModeBar": False},
        alt="Waterfall from the references' similarity to the prediction",
    )
    terms = result.reference_terms
    with right:
        st.dataframe(
            {
                "Term": [
                    "f(a, b), the prediction",
                    "f(a, r_b)",
                    "f(b, r_a)",
                    "f(r_a, r_b)",
                    "ΣA, all token pairs",
                    "Left over (account − score)",
                    "Residual, text A",
                    "Residual, text B",
                ],
                "Value": [
                    f"{result.score:+.4f}",
                    f"{terms.a_rb:+.4f}",
                    f"{terms.b_ra:+.4f}",
                    f"{terms.ra_rb:+.4f}",
                    f"{result.sum_matrix:+.4f}",
                    f"{-account_gap(result):+.1e}",
                    f"{result.residual_a:.1e} ({result.nodes_a} nodes)",
                    f"{result.residual_b:.1e} ({result.nodes_b} nodes)",
                ],
            },
            hide_index=True,
            alt="The terms of the account",
        )
        st.caption(
            _as_typed(
                f"{result.model}, layer {result.layer} of {result.blocks} blocks, cosine "
                f"{result.cosine or 'not used'}, {result.quadrature}, {result.seconds:.2f} s on "
                f"{result.device}"
            )
        )


def _pairs(shown: Attribution, special: bool) -> None:
    st.subheader("Strongest pairs")
    table = strongest_cells(shown, special=special)
    st.dataframe(
        {
            "Text A": table["token_a"],
            "Text B": table["token_b"],
            "Attribution": table["value"].map("{:+.4f}".format),
            "Share of the score": table["share"].map("{:+.1%}".format),
        },
        hide_index=True,
        alt="The strongest pairs",
    )


if __name__ == "__main__":
    # Streamlit runs this file alone when a cold server is first opened at its link
    from app import main

    main()
