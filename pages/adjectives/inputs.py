"""Triplets and templates of a study: the paper's, edited, or uploaded."""

import hashlib

import pandas as pd
import streamlit as st

from pages._frame.uploads import pick_upload, without_folder
from xsb_core.studies.adjectives.triplets import (
    DEFAULT_TEMPLATE,
    ROLES,
    Triplet,
    check_templates,
    check_triplets,
    paper_triplets,
    read_triplets,
)
from xsb_core.tables.reading import SUFFIXES


def pick_study() -> tuple[tuple[Triplet, ...], tuple[str, ...]]:
    """A field for templates, an upload and a table to edit.

    Raises:
        ValueError: If the file, a template or a row of the table can't be used.
    """
    left, right = st.columns([2, 3])
    with left:
        lines = st.text_area(
            "Templates",
            DEFAULT_TEMPLATE,
            key="templates",
            bind="query-params",
            height=120,
            help="One a line, with `___` for the adjective.",
        )
        path = pick_upload(
            "Triplets of your own: a table with the columns anchor, synonym and opposite",
            list(SUFFIXES),
            "triplets_file",
        )
    problem = None
    given = paper_triplets()
    if path is not None:
        try:
            given = read_triplets(path)
        except ValueError as error:
            problem = without_folder(error, path)
    with right:
        edited = _edited(given)
    if problem is not None:
        raise problem
    return check_triplets(edited.itertuples(index=False)), check_templates(lines.splitlines())


def _edited(given: tuple[Triplet, ...]) -> pd.DataFrame:
    """The table as the user leaves it, another page in between or not; another upload is another.

    The editor gives what it began with and the changes since; on a change of page it is forgotten,
    and then begins with what it gave last.
    """
    key = f"triplets_{hashlib.sha256(repr(given).encode()).hexdigest()[:16]}"
    begun, left = f"_{key}_begun", f"_{key}_left"
    if key not in st.session_state:
        table = pd.DataFrame(given, columns=list(ROLES))
        st.session_state[begun] = st.session_state.get(left, table)
    st.session_state[left] = st.data_editor(
        st.session_state[begun],
        num_rows="dynamic",
        hide_index=True,
        height=300,
        key=key,
        column_config={role: st.column_config.TextColumn(role.capitalize()) for role in ROLES},
        alt="The triplets, to be edited",
    )
    return st.session_state[left]
