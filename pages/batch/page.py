"""Many pairs: a table in, every pair's attribution out."""

import dataclasses
from itertools import islice

import pandas as pd
import streamlit as st

from pages._frame.jobs import watch
from pages._frame.look import pick_look
from pages._frame.models import cached_encoder, pick_model
from pages._frame.say import as_typed, told
from pages._frame.uploads import (
    keep_file,
    megabytes_allowed,
    own_names,
    pairs_allowed,
    pick_upload,
)
from pages._frame.work import fingerprint
from pages.batch.results import show_results
from pages.batch.runs import Run, find_run
from xsb_core import Encoder, Look
from xsb_core.encoders.ready import ASSETS
from xsb_core.tables.reading import SUFFIXES, PairSource, open_pairs
from xsb_core.tables.rows import Pair
from xsb_core.tables.text_files import garbled

SAMPLE = ASSETS / "sample-pairs.csv"
SOURCES = ("Sample of 20 pairs", "Upload", "Paste")
TYPES = [suffix.removeprefix(".") for suffix in SUFFIXES]
ENCODINGS = ("automatic", "utf-8", "latin-1", "cp1252", "utf-16")
PREVIEWED = 5
_PARTS = ("text A", "text B", "instruction A", "instruction B")


def page() -> None:
    """Draws the page; every error that a user can mend is one sentence, the inputs stay."""
    st.title("Why are these pairs similar?")
    model = pick_model()
    with st.sidebar:
        look = pick_look()
    if model is None:
        return
    with st.expander("Which pairs", expanded="run" not in st.query_params), told():
        run = _pick_run(*model)
        if run is not None:
            _offer(run, model[0])
    if (key := st.query_params.get("run")) is not None:
        with told():
            _show(find_run(key), look)


def _pick_run(encoder: Encoder, layer: int) -> Run | None:
    """The table and its columns; None before there is a table.

    Raises:
        ValueError: If the table can't be used.
    """
    pairs = pairs_allowed()
    source = st.segmented_control(
        "Pairs", SOURCES, default=SOURCES[0], required=True, key="source", bind="query-params"
    )
    if source == SOURCES[0]:
        path, encoding = SAMPLE, None
    elif source == SOURCES[2]:
        pasted = st.text_area(
            "Two texts a line, with a tab, a comma or a semicolon between them, or a spreadsheet's "
            "cells; the first line may name the columns",
            height=140,
            key="pasted",
        )
        if not pasted.strip():
            return None
        path, encoding = keep_file("pasted.csv", pasted.encode("utf-8", "replace")), None
    else:
        st.caption(
            f"CSV, TSV, JSON Lines or Parquet, up to {megabytes_allowed()} MB. Of a table with "
            f"more than {pairs:,} rows the first {pairs:,} are taken; xsb batch "
            "takes all, and has no limits."
        )
        left, right = st.columns([4, 1])
        with right:
            chosen = st.selectbox("Encoding", ENCODINGS, key="encoding", bind="query-params")
        with left:
            path = pick_upload("A file with two columns of texts", TYPES, "upload")
        if path is None:
            return None
        encoding = None if chosen == ENCODINGS[0] else chosen
    with own_names(path):
        columns = _pick_columns(open_table(str(path), None, encoding))
        table = open_table(str(path), columns, encoding)
    _preview(table)
    if table.total is not None and table.total > pairs:
        st.warning(
            f"The table has {table.total:,} rows; the first {pairs:,} will be attributed. "
            "xsb batch takes all of them."
        )
    return Run(str(path), columns, encoding, pairs, encoder.name, layer, fingerprint(encoder))


@st.cache_resource(max_entries=16, show_spinner="Reading the table …")
def open_table(path: str, columns: tuple[str, ...] | None, encoding: str | None) -> PairSource:
    """A table, gone through once."""
    return open_pairs(path, columns=columns, encoding=encoding)


def _pick_columns(table: PairSource) -> tuple[str, ...]:
    columns = table.columns
    taken = (columns.a, columns.b, columns.id, *columns.prompts)
    names = [*dict.fromkeys(filter(None, taken)), *columns.extra]
    places = st.columns(4)
    picked = [
        place.selectbox(f"Column of text {letter}", names, index=index, key=f"column_{letter}")
        for index, (place, letter) in enumerate(zip(places[:2], "AB", strict=True))
    ]
    if picked[0] == picked[1]:
        raise ValueError(
            f"Both texts come from the column {picked[0]!r}; choose two different columns."
        )
    for place, letter, known in zip(places[2:], "AB", columns.prompts, strict=True):
        offered = ["", *(name for name in names if name not in picked[:2])]
        picked.append(
            place.selectbox(
                f"Column of instruction {letter}",
                offered,
                index=offered.index(known) if known in offered else 0,
                format_func=lambda name: name or "none",
                key=f"column_prompt_{letter}",
                help="What each row puts before its text: an instruction, or the name of one of "
                "the model's prompts. An empty cell leaves it to the model.",
            )
        )
    return tuple(picked)


def _preview(table: PairSource) -> None:
    rows = list(islice(table.rows(), PREVIEWED))
    shown = [
        (row.line, row.a, row.b, *(row.prompts or ("", "")), "")
        if isinstance(row, Pair)
        else (row.line, "", "", "", "", row.reason)
        for row in rows
    ]
    names = ["Line", "Text A", "Text B", "Instruction A", "Instruction B", "Can't be used, because"]
    frame = pd.DataFrame(shown, columns=names).fillna("")
    frame = frame.drop(columns=[name for name in names[3:] if not frame[name].any()])
    st.caption(
        as_typed(f"The first {len(rows)} of {table.total:,} rows, read as {table.encoding}:")
    )
    st.dataframe(frame, hide_index=True, alt="Preview of the pairs")
    for text in (text for row in rows if isinstance(row, Pair) for text in (row.a, row.b)):
        if meant := garbled(text):
            st.warning(
                as_typed(
                    f"The texts look garbled: “{text[:40]}” was probably “{meant[:40]}”, which is "
                    "UTF-8 that was read as another encoding when the file was made. Choose "
                    "another encoding, or save the file as UTF-8 again."
                )
            )
            break


def _offer(run: Run, encoder: Encoder) -> None:
    job, found = run.job, run.results()
    if job is not None and job.active:
        label = "Show"
    elif found is None:
        label = "Attribute all pairs"
    else:
        label = "Show" if found.manifest.finished else "Go on"
    if label == "Show" and found is not None:
        st.caption("These pairs were attributed before: nothing is computed again.")
    if st.button(label, type="primary", key="run_button"):
        if label != "Show":
            run.start(encoder)
        st.query_params["run"] = run.key
        st.query_params.pop("row", None)


def _show(run: Run, look: Look) -> None:
    st.header(as_typed(f"Results: {run.name}"))
    st.caption(
        as_typed(
            f"{run.model}, layer {run.layer}"
            + "".join(
                f"; {part}: {name}" for part, name in zip(_PARTS, run.columns, strict=False) if name
            )
        )
    )
    job = run.job
    if job is not None:
        watch(job)
        if job.active:  # asked anew: a job that ends in between leaves no progress that reruns
            return
    if job is not None and job.error is not None:
        # what is done stays in sight, and the run can go on
        with told(), own_names(run.folder):
            raise job.error
    if job is not None and job.said:
        st.info(job.said)
    results = run.results()
    if results is None or not results.manifest.finished:
        done = 0 if results is None else len(results)
        st.info(
            f"The run was stopped. {done:,} pairs are done and kept; it can go on from there, or "
            "starts anew where the model's weights or the libraries have changed since."
        )
        if st.button("Go on with this run", key="resume"):
            encoder = cached_encoder(run.model)
            run = dataclasses.replace(run, fingerprint=fingerprint(encoder))
            run.start(encoder)
            st.query_params["run"] = run.key
            st.rerun()
    if results is not None:
        show_results(run, results, look)
