"""What is gathered from the user's results, or ships; its cases, and the pairs behind them."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import pandas as pd
import streamlit as st

from pages._frame.compute import explained
from pages._frame.models import cached_encoder
from pages._frame.results import show_heatmap
from pages._frame.say import as_typed, told
from pages._frame.settings import settings
from pages._frame.tables import choose_row
from xsb_core import Attribution, Look
from xsb_core.corpus.results import Results
from xsb_core.figures.heatmap import Box, heatmap
from xsb_core.studies.gathered import Gathered, results_by_model
from xsb_core.training.data import ScoredPairs, load_split

Kind = TypeVar("Kind", bound=Gathered)
_ON_HUB = "stsb"
_STSB_HELP = (
    "The study ships without sentences. stsb loads them from the Hugging Face hub; the path of a "
    "folder with the set's CSV files does as well, or of the one that is asked for."
)
# Pairs of its sets.
STSB_SIZES = {"train": 5749, "test": 1379}


def pick_results(
    key: str = "results",
    label: str = "Results",
    placeholder: str = "Empty: the study of STS-B that ships",
    what: str = "one or several of one model, or of two models",
) -> list[str]:
    """A field for the paths of results; there is none on a public server."""
    if settings().public:
        return []
    lines = st.text_area(
        label,
        key=key,
        bind="query-params",
        height=80,
        placeholder=placeholder,
        help="Folders of 'xsb batch', or Parquet files that were made of them, one "
        f"a line: {what}.",
    )
    return [line.strip() for line in lines.splitlines() if line.strip()]


def opened(paths: list[str]) -> dict[str, dict[str, Results]]:
    """Results by model, then by whole path, in the order given.

    Raises:
        ValueError: If a path holds no results, or they are of more than two models.
    """
    found = results_by_model(paths)
    if len(found) > 2:
        raise ValueError(
            f"Two models can stand side by side, and these results are of {len(found)} "
            f"({', '.join(found)}); give those of one or two."
        )
    return found


def show_cases(
    gathered: Sequence[Kind],
    tables: Sequence[pd.DataFrame],
    names: tuple[str, str],
    paths: list[str],
    boxes: Callable[[Kind, pd.Series, Attribution], list[Box]],
) -> Iterator[tuple[int, Kind, Attribution]]:
    """Draws a table a model; of the row that is chosen its cases, and of one of them the pair.

    Args:
        gathered: What was gathered of each model.
        tables: What to choose from, in each model; the second column names the cases.
        names: What the rows of the tables are, and what the cases; keys of the choices in the link.
        paths: The results that it was gathered from; none of what ships.
        boxes: Which cells to frame in the pair of a case.

    Yields:
        The number of the model from 1, what was gathered of it, and the pair, once it is drawn.
    """
    chosen = []
    for number, (column, one, table) in enumerate(
        zip(st.columns(len(gathered)), gathered, tables, strict=True), 1
    ):
        with column:
            st.markdown(f"**{as_typed(one.model)}**")
            chosen.append(_choose_case(one, table, names, number))
    # below the tables, where there is room for heatmaps
    lacking = not paths and any(case is not None for case in chosen)
    stsb = pick_stsb(_ON_HUB) if lacking else None
    if lacking and stsb is None:
        return
    for number, (one, case) in enumerate(zip(gathered, chosen, strict=True), 1):
        if case is None:
            continue
        with told():
            result = _pair(one, case, paths, stsb)
            _show_pair(result, one.cell_kind, boxes(one, case, result), f"pair_{number}")
            yield number, one, result


def _choose_case(
    gathered: Gathered, table: pd.DataFrame, names: tuple[str, str], number: int
) -> pd.Series | None:
    """The case that was chosen by its row in the table; None before."""
    rows, called = names
    at = choose_row(table, f"{rows}_{number}", f"{rows.capitalize()} of {gathered.model}")
    if at is None:
        return None
    name, count = table.iloc[at, 1], table["count"].iloc[at]
    cases = gathered.cases(name)
    shown = {
        "value": cases["value"].astype(float),
        "pair": cases["id"],
        "set": [gathered.sources[source] for source in cases["source"]],
    }
    for side in "ab":
        if f"word_{side}" in cases:
            shown[f"word of {side.upper()}"] = cases[f"word_{side}"] + 1
    drawn = "" if len(cases) == count else f"{len(cases)} drawn by chance of "
    st.caption(as_typed(f"‹{name}›: {drawn}its {count:,} {called}"))
    key, alt = f"{called}_{number}_{name}", f"{called.capitalize()} of {name}"
    at = choose_row(pd.DataFrame(shown), key, alt)
    return None if at is None else cases.iloc[at]


def pick_stsb(default: str = "") -> str | None:
    """Where STS-B is, for a study that ships without its sentences; None without it, and said."""
    if settings().public:
        st.info(
            "The study ships without its sentences, and this server neither loads them nor takes a "
            "path; run XSB Explorer on a machine of your own to open this pair."
        )
        return None
    data = st.text_input(
        "STS-B",
        default,
        key="stsb",
        bind="query-params",
        help=_STSB_HELP,
    ).strip()
    if not data and not default:
        st.caption(_STSB_HELP)
    return data or default or None


def stsb_pair(data: str, split: str, row: int) -> tuple[str, str]:
    """The two texts of a pair of STS-B, which shipped studies know by its row.

    Raises:
        ValueError: If the set can't be had, or is another one.
    """
    pairs = _stsb(data, split)
    if len(pairs) != STSB_SIZES[split]:
        raise ValueError(
            f"{data} has {len(pairs):,} pairs, but STS-B's {split} set has {STSB_SIZES[split]:,}; "
            "give the folder of the whole STS-B."
        )
    return pairs.a[row], pairs.b[row]


@st.cache_data(max_entries=4, show_spinner="Loading STS-B …")
def _stsb(data: str, split: str) -> ScoredPairs:
    return load_split(data, split)


def _pair(gathered: Gathered, case: pd.Series, paths: list[str], stsb: str | None) -> Attribution:
    """The pair of a case, from the results, or from STS-B's sentences."""
    source, row = gathered.sources[case["source"]], int(case["row"])
    st.markdown(f"**Pair {as_typed(case['id'])} of {as_typed(source)}**")
    if stsb is None:
        return list(opened(paths)[gathered.model].values())[case["source"]].pair(row)
    # the shipped studies are of STS-B's test and train
    split = "test" if "test" in source else "train"
    encoder = cached_encoder(gathered.model)
    return explained(encoder, *stsb_pair(stsb, split, int(case["id"])), gathered.settings["layer"])


def _show_pair(result: Attribution, cells: str, boxes: list[Box], key: str) -> None:
    for name, side in (("A", result.a), ("B", result.b)):
        st.markdown(f"{name}: {as_typed(side.text)}")
    st.caption(as_typed(f"{result.model}, {result.place}, score {result.score:.4f}"))
    show_heatmap(
        heatmap(result, Look(special=False, cells=cells), boxes=boxes),
        key,
        "xsb-pair",
        f"Heatmap of the pair in {result.model}",
    )
