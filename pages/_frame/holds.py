"""“Does it hold?”: the pair at hand, with words deleted, beside what chance gives."""

import streamlit as st

from pages._frame.compute import check_request
from pages._frame.results import show_heatmap
from pages._frame.say import as_typed, say
from pages._frame.work import made
from xsb_core import Attribution, Encoder, PairEvidence, pair_evidence
from xsb_core.evidence.deletion import HOWS
from xsb_core.evidence.pair import ORDERS
from xsb_core.figures.evidence import curves_figure

_MEANS = {
    "comprehensiveness": "How much the score falls, words of the highest totals deleted first",
    "sufficiency": "How much it falls where only these are kept (less is better)",
    "leave-one-out": "Do totals rank words as deleting each alone does? (1: the same order)",
    "interaction": "Do cells rank pairs of words as deleting both does?",
    "infidelity": "Part of these joint effects that the cells don't account for (0 is best)",
}


def show_holds(encoder: Encoder, result: Attribution) -> None:
    """Draws the section; it is computed when it is asked for.

    Args:
        encoder: The encoder that the result is of.
        result: The pair's attribution, at token level.
    """
    st.subheader("Does it hold?")
    st.caption(
        "Words are really deleted, and the model is asked again. If the attribution tells the "
        "truth about the model, the score falls fast where its strongest words go first."
    )
    how = st.segmented_control("Words are", HOWS, default=HOWS[0], key="deleted", required=True)
    longest = max(len(result.a.tokens), len(result.b.tokens))
    try:
        check_request(
            [(encoder, 0)], {"A": result.a.text, "B": result.b.text}, times=ORDERS * longest
        )
    except ValueError as error:
        say(error)
        return
    of = ("evidence", encoder.name, result.layer, result.a.text, result.b.text, result.score, how)
    found = made(
        of,
        "Deleting words",
        lambda job: pair_evidence(encoder, result, how, job.tell),
        "Try it",
    )
    if found is not None:
        _show(found)


def _show(found: PairEvidence) -> None:
    st.markdown(as_typed(found.sentence))
    show_heatmap(
        curves_figure(found.curves, found.score),
        "deletion",
        "xsb-deletion",
        "The score while words are deleted",
    )
    rows = found.figures
    st.dataframe(
        {
            "Figure": rows["what"],
            "What it says": rows["what"].map(_MEANS),
            "Here": rows["value"].map("{:.3f}".format),
            "By chance (95%)": [
                f"{low:.3f} to {high:.3f}"
                for low, high in zip(rows["low"], rows["high"], strict=True)
            ],
            "Better than chance": rows["better"].map({True: "yes", False: "not clearly"}),
        },
        hide_index=True,
        alt="Does it hold, in figures",
    )
