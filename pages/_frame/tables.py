"""Tables of which a row can be chosen."""

import pandas as pd
import streamlit as st


def choose_row(table: pd.DataFrame, key: str, alt: str) -> int | None:
    """Draws a table, numbers to four places.

    Args:
        table: What to show.
        key: Key of its element.
        alt: What it shows, for people who don't see it.

    Returns:
        The place of the row that is chosen; None without one.
    """
    event = st.dataframe(
        table,
        hide_index=True,
        key=key,
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            name: st.column_config.NumberColumn(format="%.4f")
            for name in table.select_dtypes("float")
        },
        alt=alt,
    )
    rows = event.selection.rows
    return rows[0] if rows and rows[0] < len(table) else None
