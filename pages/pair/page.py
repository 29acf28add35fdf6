"""One pair of texts: heatmap, the score's account, tinted tokens, strongest pairs."""

import streamlit as st

from pages._frame.chips import token_chips
from pages._frame.compute import explained
from pages._frame.downloads import downloads
from pages._frame.models import pick_encoder, pick_layer
from pages._frame.results import border_caption, show_account, show_heatmap
from pages._frame.say import say, say_trust, show_guide, warn_of_cuts
from pages._frame.switches import pick_switches
from pages._frame.texts import pick_texts
from xsb_core import Attribution, strongest_cells, to_words
from xsb_core.attribution.numerals import share, signed
from xsb_core.figures.heatmap import heatmap


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
    show_guide("pair")
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
