"""One pair of texts: heatmap, the score's account, tinted tokens, strongest pairs."""

import streamlit as st

from pages._frame.chips import token_chips
from pages._frame.compute import explained
from pages._frame.downloads import downloads
from pages._frame.models import pick_encoder, pick_layer
from pages._frame.results import border_caption, show_account, show_heatmap
from pages._frame.say import say, say_trust, warn_of_cuts
from pages._frame.switches import pick_switches
from pages._frame.texts import pick_texts
from xsb_core import Attribution, strongest_cells, to_words
from xsb_core.attribution.numerals import share, signed
from xsb_core.figures.heatmap import heatmap

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
    text_a, text_b = pick_texts()
    with st.sidebar:
        try:
            encoder = pick_encoder()
            layer = pick_layer(encoder)
        except ValueError as error:
            encoder, problem = None, error
        words, special, border = pick_switches()
    if encoder is None:
        say(problem)
        return
    try:
        result = explained(encoder, text_a, text_b, layer)
    except ValueError as error:
        say(error)
        return
    shown = to_words(result, words) if words else result
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


def _verdict(result: Attribution) -> None:
    warn_of_cuts(result)
    left, right = st.columns([1, 4], vertical_alignment="center")
    left.metric("Similarity", f"{result.score:.4f}")
    with right:
        say_trust(result)


def _heatmap(shown: Attribution, special: bool, border: bool) -> None:
    figure = heatmap(shown, special=special, border=border)
    name = f"xsb-layer{shown.layer}"
    show_heatmap(figure, "heatmap", name, "Heatmap of token-pair attributions")
    if border:
        border_caption()


def _account(result: Attribution, special: bool) -> None:
    st.subheader("The score's account")
    show_account(result, special)


def _pairs(shown: Attribution, special: bool) -> None:
    st.subheader("Strongest pairs")
    table = strongest_cells(shown, special=special)
    st.dataframe(
        {
            "Text A": table["token_a"],
            "Text B": table["token_b"],
            "Attribution": table["value"].map(signed),
            "Share of the score": table["share"].map(lambda part: share(part, 1.0)),
        },
        hide_index=True,
        alt="The strongest pairs",
    )


if __name__ == "__main__":
    # Streamlit runs this file alone when a cold server is first opened at its link
    from app import main

    main()
