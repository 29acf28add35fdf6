"""One pair of texts: the answer, its picture, how sure it is, and what else can be asked."""

from collections.abc import Callable

import streamlit as st

from pages._frame.downloads import File, csv_file, download_row, html_file
from pages._frame.holds import show_holds
from pages._frame.instructions import pick_instructions
from pages._frame.look import pick_look
from pages._frame.models import pick_model
from pages._frame.results import show_answer
from pages._frame.say import guide, told, warn_of_cuts
from pages._frame.texts import pick_texts
from pages._frame.views import show_views
from pages.pair.change import show_change
from pages.pair.exactness import show_exactness
from pages.pair.linked import linked_views
from pages.pair.passage import explained_closely
from xsb_core import Attribution, Look, cell_table
from xsb_core.figures.report import html_report
from xsb_core.figures.tables import latex_table


@told()
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
    with st.sidebar:
        hows = pick_instructions(encoder)
    result = explained_closely(encoder, (text_a, text_b), layer, hows)
    shown = look.of(result)
    name = f"xsb-layer{layer}"
    warn_of_cuts(result)
    show_answer(result)
    linked_views(shown, look, name)
    # opening a view leaves the rest of the page alone
    st.fragment(show_views)(
        {
            "How exact is this?": lambda: show_exactness(result, special=look.special),
            "Change a word": lambda: _of_tokens(
                result, lambda: show_change(encoder, layer, hows, result)
            ),
            "Does it hold?": lambda: _of_tokens(result, lambda: show_holds(encoder, result)),
            "Download": lambda: _downloads(result, shown, look, name),
            "How to read this page": lambda: st.markdown(guide("pair")),
        }
    )


def _of_tokens(result: Attribution, draw: Callable[[], None]) -> None:
    """Draws what takes every token, or says how to have it."""
    if result.words:
        st.caption("For long texts this takes every token: press “Every token” above first.")
    else:
        draw()


def _downloads(result: Attribution, shown: Attribution, look: Look, name: str) -> None:
    whole = "The whole result with its settings, at token level."
    cells = "The cells shown, one row a cell."
    files = [
        File("JSON", f"{name}.json", lambda: result.to_json() + "\n", whole),
        csv_file(name, lambda: cell_table(shown, look), cells),
        html_file(name, lambda: html_report(shown, look)),
        File("LaTeX", f"{name}.tex", lambda: latex_table(shown, look), "The cells shown, a table."),
    ]
    download_row(files, {"PNG of the heatmap": "heatmap", "SVG of the heatmap": "heatmap"})
