"""A pair before and after a change of words, side by side."""

import pandas as pd
import streamlit as st

from pages._frame.compute import Instructions, explained
from pages._frame.say import as_typed, told
from xsb_core import Attribution, Encoder
from xsb_core.attribution.cells import decimals
from xsb_core.attribution.numerals import signed
from xsb_core.comparison.edit import edit_table


@told()
def show_change(encoder: Encoder, layer: int, hows: Instructions, after: Attribution) -> None:
    """Pins the pair shown, in the link as ``was_a`` and ``was_b``; says what an edit changed."""
    was = (st.query_params.get("was_a"), st.query_params.get("was_b"))
    now = (after.a.text, after.b.text)
    with st.container(horizontal=True):
        if st.button("Pin this pair", help="Then change either text above, and press Explain."):
            st.query_params["was_a"], st.query_params["was_b"] = now
            st.rerun()
        if None not in was and st.button("Unpin"):
            for side in "ab":
                st.query_params.pop(f"was_{side}")
            st.rerun()
    if was[0] is None or was[1] is None:
        st.caption("Pin this pair, then change a word above: before and after stand side by side.")
        return
    if was == now:
        st.info("Pinned. Now change either text above, and press Explain.")
        return
    before = explained(encoder, was[0], was[1], layer, hows)
    table = edit_table(before, after)
    change = after.score - before.score
    for place, name, one in zip(st.columns(2), ("Before", "After"), (before, after), strict=True):
        with place:
            delta = signed(change) if one is after else None
            st.metric(name, f"{one.score:.4f}", delta)
            st.markdown(as_typed(f"A: {one.a.text}"))
            st.markdown(as_typed(f"B: {one.b.text}"))
    st.markdown(as_typed(_moved(table, change)))
    places = decimals(table["change"].to_numpy())
    numbers = ("total_before", "total_after", "change")
    order = table["change"].abs().sort_values(ascending=False, kind="stable").index
    heads = ("Text", "Word before", "Word after", "Total before", "Total after", "Change")
    shown = table.loc[order].reset_index(drop=True)
    for name in numbers:
        shown[name] = shown[name].map(lambda value: signed(value, places))
    shown.columns = heads
    st.dataframe(shown, hide_index=True, alt="Words' totals before and after")


def _moved(table: pd.DataFrame, change: float) -> str:
    parts = []
    for name, own in table.groupby("text"):
        largest = own.loc[own["change"].abs().sort_values(ascending=False).index[:3]]
        words = [
            f"{_word(row.before, row.after)} ({signed(row.change, 3)})"
            for row in largest.itertuples()
        ]
        parts.append(f"in text {name} most by {', '.join(words)}")
    said = f"The score moved by {signed(change, 3)}: {'; '.join(parts)}."
    return f"{said} Of either text, all changes add up to it."


def _word(before: str, after: str) -> str:
    return before if before == after else f"{before or 'nothing'} → {after or 'nothing'}"
