"""Tables of which a row can be chosen."""

import pandas as pd
import streamlit as st


def choose_row(table: pd.DataFrame, key: str, alt: str) -> int | None:
    """Draws a table, numbers to four places.

    Args:
        table: What to show.
        key: Beginning of its element's key, and the name of its row in the link. Another table is
            another element, so that a choice in the old one names no wrong row.
        alt: What it shows, for people who don't see it.

    Returns:
        The place of the row that is chosen, or that the link names; None without one.
    """
    state = int(pd.util.hash_pandas_object(table).sum())
    event = st.dataframe(
        table,
        hide_index=True,
        key=f"{key}_{state}",
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            name: st.column_config.NumberColumn(format="%.4f")
            for name in table.select_dtypes("float")
        },
        alt=alt,
    )
    ticked = f"_{key}_ticked"
    if rows := event.selection.rows:
        st.session_state[ticked] = True
        st.query_params[key] = str(rows[0])
        return rows[0]
    if st.session_state.pop(ticked, False):  # it was unticked, or the table is another one
        st.query_params.pop(key, None)
    asked = st.query_params.get(key, "")
    return int(asked) if asked.isdecimal() and int(asked) < len(table) else None
