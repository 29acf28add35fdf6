"""Tables of which a row can be chosen."""

import re
from typing import Any

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
        column_config=columns_shown(table),
        alt=alt,
    )
    ticked = f"_{key}_ticked"
    if rows := event.selection.rows:
        st.session_state[ticked] = True
        st.query_params[key] = str(rows[0])
        return rows[0]
    if st.session_state.pop(ticked, False):  # it was unticked, or the table is another one
        st.query_params.pop(key, None)
    linked = f"_{key}_linked"
    asked = st.query_params.get(key, "")
    if not asked.isdecimal():
        st.session_state.pop(linked, None)
        return None
    if st.session_state.setdefault(linked, state) != state:  # the link's row was another table's
        del st.session_state[linked], st.query_params[key]
        return None
    return int(asked) if int(asked) < len(table) else None


def columns_shown(table: pd.DataFrame) -> dict[str, Any]:
    """How to show a table: heads as people write, numbers to four places, shares in percent."""
    return {name: _column(name, number=table[name].dtype.kind == "f") for name in table}


def _column(name: str, *, number: bool) -> Any:
    head = name
    if ": " not in name:  # what stands before it is a model's name
        head = re.sub("_([ab])$", lambda end: f" of {end[1].upper()}", name).replace("_", " ")
    if not number:
        return st.column_config.Column(head)
    return st.column_config.NumberColumn(head, format="percent" if name == "share" else "%.4f")
