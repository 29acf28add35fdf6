"""One pair of texts: heatmap, the score's account, tinted tokens, strongest pairs."""

import streamlit as st

from pages._frame.compute import explained
from pages._frame.downloads import File, csv_file, download_row, html_file
from pages._frame.holds import show_holds
from pages._frame.instructions import pick_instructions
from pages._frame.look import pick_look
from pages._frame.models import pick_model
from pages._frame.results import border_caption, show_account, show_heatmap
from pages._frame.say import say, say_trust, show_guide, warn_of_cuts
from pages._frame.texts import pick_texts
from pages.pair.chips import token_chips
from xsb_core import Attribution, Look, cell_table, strongest_cells
from xsb_core.attribution.numerals import share, signed
from xsb_core.figures.heatmap import heatmap
from xsb_core.figures.report import html_report


def page() -> None:
    """Draws the page; every error that a user can mend is one sentence, the inputs stay."""
    st.title("Why are these two texts similar?")
    text_a, text_b = pick_texts()
    model = pick_model()
    with st.sidebar:
        look = pick_look()
    if model is None:
        return
    encoder, layer = model
    try:
        result = explained(encoder, text_a, text_b, layer, pick_instructions(encoder))
    except ValueError as error:
        say(error)
        return
    shown = look.of(result)
    _verdict(result)
    show_guide("pair")
    tinted = st.container()
    # the answer first: it reaches the browser before the rest
    name = f"xsb-layer{layer}"
    show_heatmap(heatmap(shown, look), "heatmap", name, "Heatmap of token-pair attributions")
    if look.border:
        border_caption()
    with tinted:
        token_chips(shown, look, key="chips")
    st.subheader("The score's account")
    show_account(result, look.special)
    _pairs(shown, look)
    show_holds(encoder, result)
    st.subheader("Download")
    _downloads(result, shown, look, name)


def _verdict(result: Attribution) -> None:
    warn_of_cuts(result)
    left, right = st.columns([1, 4], vertical_alignment="center")
    left.metric("Similarity", f"{result.score:.4f}")
    with right:
        say_trust(result)


def _pairs(shown: Attribution, look: Look) -> None:
    st.subheader("Strongest pairs")
    table = strongest_cells(shown, look=look)
    st.dataframe(
        {
            "Text A": table["token_a"],
            "Text B": table["token_b"],
            "Attribution": table["value"].map(signed),
            "Share of all that raises it": table["share"].map(lambda part: share(part, 1.0)),
        },
        hide_index=True,
        alt="The strongest pairs",
    )


def _downloads(result: Attribution, shown: Attribution, look: Look, name: str) -> None:
    whole = "The whole result with its settings, at token level."
    cells = "The cells shown, one row a cell."
    files = [
        File("JSON", f"{name}.json", lambda: result.to_json() + "\n", whole),
        csv_file(name, lambda: cell_table(shown, look), cells),
        html_file(name, lambda: html_report(shown, look)),
    ]
    download_row(files, {"PNG of the heatmap": "heatmap"})
