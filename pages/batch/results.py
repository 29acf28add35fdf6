"""What a run found: its rejects, plots, a table to sort and filter, the chosen pair's heatmap."""

import tempfile
from pathlib import Path

import pandas as pd
import streamlit as st

from pages._frame.downloads import File, csv_file, download_row
from pages._frame.links import open_on_pair
from pages._frame.results import (
    border_caption,
    places,
    show_account,
    show_answer,
    show_heatmap,
    show_plain,
)
from pages._frame.say import as_typed
from pages._frame.views import show_views
from pages.batch.runs import Run, find_run
from pages.batch.whole import show_gold, show_words
from xsb_core import DataError, Look
from xsb_core.corpus.export import json_lines, summary_table, write_parquet
from xsb_core.corpus.results import Results
from xsb_core.corpus.whole_file import kinds_of, other_columns
from xsb_core.figures.heatmap import heatmap
from xsb_core.figures.histogram import histogram

# What can be filtered by its size, as the table calls it.
NUMBERS = {
    "Score": "score",
    "f(a, r_b)": "a_rb",
    "f(b, r_a)": "b_ra",
    "f(r_a, r_b)": "ra_rb",
    "ΣA": "sum_matrix",
    "Residual": "residual",
    "Strongest value": "strongest",
}
_TEXTS = ["id", "text_a", "text_b", "strongest_a", "strongest_b", "extra"]
# Pixels: text columns that leave the figures in sight.
_NARROW = st.column_config.Column(width=60)
_WIDE = st.column_config.Column(width=260)
_KINDS = 220
_ERROR = (
    "How far the cells of the least exact pair are from adding up as they should (its residual): "
    "1.0e-03 is a thousandth of the score's scale."
)
_FORMATS = {"Residual": "%.1e"}


def show_results(run: Run, results: Results, look: Look) -> None:
    """Draws everything that a run found so far."""
    table = _table(run.key, len(results))
    _totals(results, table)
    if table.empty:
        st.warning("No pair could be attributed; the rows above say why.")
        return
    others = other_columns(table)
    row = _pick_row(table, others)
    shown = row is not None and _pair(results, row, look)
    show_views(
        {
            "Which words matter": lambda: show_words(run, results),
            "Against a column": lambda: show_gold(table, others),
            "Distributions": lambda: _plots(table),
        }
    )
    st.subheader("Download")
    _downloads(run, results, table, {"PNG of the heatmap": "heatmap"} if shown else {})


@st.cache_data(max_entries=8, show_spinner="Reading the results …")
def _table(key: str, pairs: int) -> pd.DataFrame:  # noqa: ARG001 - part of what it is kept by
    """The summary of a run with so many pairs done."""
    results = find_run(key).results()
    assert results is not None  # as who asks has opened them
    return summary_table(results)


def _totals(results: Results, table: pd.DataFrame) -> None:
    rejects = pd.DataFrame(results.rejects(), columns=["row", "line", "reason"])
    with st.container(horizontal=True, gap="large"):
        st.metric("Pairs", f"{len(table):,}", width="content")
        st.metric("Rows left out", f"{len(rejects):,}", width="content")
        if not table.empty:
            st.metric("Mean score", f"{table['score'].mean():.3f}", width="content")
            worst = f"{table['residual'].max():.1e}"
            st.metric("Largest error", worst, width="content", help=_ERROR)
    if not table.empty and not table["converged"].all():
        st.warning(
            f"{(~table['converged']).sum():,} pairs did not reach the tolerance; their residual "
            "says how far off they are."
        )
    if not rejects.empty:
        with st.expander("Rows left out, and why", expanded=table.empty):
            st.dataframe(
                rejects[["line", "reason"]].rename(columns={"line": "Line", "reason": "Reason"}),
                hide_index=True,
                alt="Rows left out",
            )


def _plots(table: pd.DataFrame) -> None:
    terms = {name: NUMBERS[name] for name in ("f(a, r_b)", "f(b, r_a)", "f(r_a, r_b)")}
    figures = {
        "Scores": histogram({"Score": table["score"].to_numpy()}, "score"),
        "Reference terms": histogram(
            {name: table[column].to_numpy() for name, column in terms.items()}, "similarity"
        ),
        "Residuals": histogram(
            {"Residual": table["residual"].to_numpy()}, "relative residual", exponents=True
        ),
    }
    for place, (name, figure) in zip(st.columns(3), figures.items(), strict=True):
        with place:
            st.markdown(f"**{name}**")
            show_plain(figure, f"Histogram: {name.lower()}")


def _pick_row(table: pd.DataFrame, others: pd.DataFrame) -> int | None:
    """The filtered table; the row chosen in it, or named in the link."""
    found = _filtered(table, others)
    if found.empty:
        st.info("No pair passes the filter; widen it.")
        return None
    shown = pd.DataFrame(
        {
            "Row": found["row"],
            "Id": found["id"],
            "Text A": found["text_a"],
            "Text B": found["text_b"],
            "Score": found["score"],
            "Strongest pair": found["strongest_a"] + " – " + found["strongest_b"],
        }
        | {name: others.loc[found.index, name] for name in others}
        | {name: found[column] for name, column in NUMBERS.items() if name != "Score"}
    )
    event = st.dataframe(
        shown,
        hide_index=True,
        # another selection of rows is another table: a choice in the old one would name a wrong row
        key=f"pairs_{pd.util.hash_pandas_object(found['row']).sum()}",
        on_select="rerun",
        selection_mode="single-row",
        column_config={"Row": _NARROW, "Id": _NARROW, "Text A": _WIDE, "Text B": _WIDE}
        | {
            name: st.column_config.NumberColumn(format=_FORMATS.get(name, "%.4f"))
            for name in NUMBERS
        },
        alt="All pairs",
    )
    st.caption(
        f"{len(found):,} of {len(table):,} pairs. Click a column's head to sort; tick a row to see "
        "its heatmap below."
    )
    chosen = event.selection.rows
    if chosen:
        st.query_params["row"] = str(found["row"].iloc[chosen[0]])
    asked = st.query_params.get("row", "")
    return int(asked) if asked.isdecimal() else None


def _filtered(table: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    sizes = NUMBERS | {name: name for name in others if others[name].dtype.kind == "f"}
    left, middle, low, high = st.columns([3, 2, 1, 1])
    text = left.text_input(
        "Filter by text",
        key="contains",
        bind="query-params",
        help="Pairs whose texts, id, other columns or strongest tokens hold this, whatever the "
        "case.",
    )
    name = middle.selectbox("Filter by", list(sizes), key="by", bind="query-params")
    least = low.number_input("From", value=None, key="least", bind="query-params", format="%g")
    most = high.number_input("To", value=None, key="most", bind="query-params", format="%g")
    keep = pd.Series(True, index=table.index)
    if text:
        columns = table[_TEXTS].fillna("").astype(str)
        keep &= columns.apply(
            lambda column: column.str.contains(text, case=False, regex=False)
        ).any(axis=1)
    keep &= _of_kinds(others)
    values = table[NUMBERS[name]] if name in NUMBERS else others[name]
    if least is not None:
        keep &= values >= least
    if most is not None:
        keep &= values <= most
    return table[keep]


def _of_kinds(others: pd.DataFrame) -> pd.Series:
    """Which pairs are of the kinds that are left in, by the columns that name some."""
    keep = pd.Series(True, index=others.index)
    for place, name in zip(places(len(kinds_of(others)), _KINDS), kinds_of(others), strict=True):
        offered = sorted(others[name].dropna().astype(str).unique())
        with place:
            chosen = st.multiselect(f"Only {as_typed(name)}", offered, key=f"only_{name}")
        if chosen:
            keep &= others[name].astype(str).isin(chosen)
    return keep


def _pair(results: Results, row: int, look: Look) -> bool:
    """Draws a pair; whether there is one."""
    try:
        result = results.pair(row)
    except DataError:
        st.info(f"Row {row} is not among the results; choose another.")
        return False
    st.subheader(f"Row {row}")
    left, right = st.columns(2)
    for place, letter, side in ((left, "A", result.a), (right, "B", result.b)):
        place.markdown(f"**Text {letter}**")
        if side.prompt:
            place.caption(as_typed(f"after the instruction “{side.prompt}”"))
        place.text(side.text)
    show_answer(result)
    open_on_pair(result)
    alt = "Heatmap of the chosen pair"
    show_heatmap(heatmap(result, look), "heatmap", f"xsb-row{row}", alt)
    if look.border:
        border_caption()
    show_account(result, special=look.special, of="the chosen pair")
    return True


def _downloads(run: Run, results: Results, table: pd.DataFrame, pictures: dict[str, str]) -> None:
    name = f"xsb-{Path(run.name).stem}"
    files = [
        csv_file(
            name,
            lambda: table,
            "One row a pair: score, reference terms, residual, strongest pair.",
        ),
        File(
            "JSON Lines",
            f"{name}.jsonl",
            lambda: "".join(json_lines(results)),
            "One object a pair, with tokens, matrix, borders and settings.",
        ),
        File(
            "Parquet",
            f"{name}.parquet",
            lambda: _parquet(results),
            "The same in one file that the study pages and the library open again.",
        ),
    ]
    download_row(files, pictures)


def _parquet(results: Results) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "results.parquet"
        write_parquet(results, path)
        return path.read_bytes()
