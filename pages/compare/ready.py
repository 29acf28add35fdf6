"""How good the ready models are, for who has to choose one."""

import streamlit as st

from xsb_core import ready_evaluation

# The paper's Table 1: all-mpnet-base-v2 and its variants on the same test set.
PAPER = {"shelf": 83.4, "tuned": 87.8, "exact": 87.5, "orig": 86.0}


def ready_models() -> None:
    """A folded table: the ready models on STS-B test, beside the paper's."""
    rows = [row for row in ready_evaluation() if "spearman" in row]
    with st.expander("How good are the ready models?"):
        st.dataframe(
            {
                "Model": [row["model"] for row in rows],
                "Shift": ["yes" if row["shift"] else "no" for row in rows],
                "Fine-tuned": ["yes" if row["trained"] else "no" for row in rows],
                "Attributions": [row["attribution"] for row in rows],
                "Spearman × 100": [f"{row['spearman']:.2f}" for row in rows],
                "The paper's, of all-mpnet-base-v2": [f"{PAPER[row['model']]}" for row in rows],
            },
            hide_index=True,
            alt="The ready models on STS-B test",
        )
        st.caption(
            f"Rank correlation of similarity and human scores on the {rows[0]['pairs']:,} pairs of "
            "STS-B test. The ready models are variants of all-MiniLM-L6-v2, which has half the "
            "blocks and half the width of the paper's model."
        )
