"""The pair behind a point of a study: its texts and its heatmap."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from pages._frame.compute import explained
from pages._frame.models import cached_encoder
from pages._frame.results import show_heatmap
from pages._frame.say import as_typed, say
from xsb_core import Attribution
from xsb_core.corpus.results import Results
from xsb_core.figures.heatmap import Box, heatmap
from xsb_core.training.data import ScoredPairs, load_split

_ON_HUB = "stsb"


@dataclass(frozen=True)
class Place:
    """Where a pair is to be found.

    Attributes:
        model: The model's name.
        layer: The layer that was attributed to.
        source: What the set of pairs was called.
        id: The pair's name in it: for sets without names the row, from 0.
        row: Its row in the results.
        results: The results' folder or file; None for a study that ships without its sentences.
    """

    model: str
    layer: int
    source: str
    id: str
    row: int
    results: str | None


@st.cache_data(max_entries=4, show_spinner="Loading STS-B …")
def _stsb(data: str, split: str) -> ScoredPairs:
    return load_split(data, split)


def pick_stsb(places: list[Place]) -> str:
    """Where STS-B is: a field, if one of these pairs is of a study without its sentences."""
    if all(place.results is not None for place in places):
        return _ON_HUB
    data = st.text_input(
        "STS-B",
        _ON_HUB,
        key="stsb",
        bind="query-params",
        help="The study ships without sentences. stsb loads them from the Hugging Face hub; a "
        "folder with the set's CSV files does as well.",
    )
    return data.strip() or _ON_HUB


def show_pair(
    place: Place, stsb: str, key: str, boxes: Callable[[Attribution], list[Box]]
) -> Attribution | None:
    """Draws the pair and gives it.

    Args:
        place: Where it is.
        stsb: Where STS-B is, from ``pick_stsb``.
        key: Key of the heatmap's element.
        boxes: Which of its cells to frame.
    """
    st.markdown(f"**Pair {as_typed(place.id)} of {as_typed(place.source)}**")
    try:
        result = _found(place, stsb)
        framed = boxes(result)
    except ValueError as error:
        say(error)
        return None
    for name, side in (("A", result.a), ("B", result.b)):
        st.markdown(f"{name}: {as_typed(side.text)}")
    st.caption(
        as_typed(
            f"{result.model}, layer {result.layer} of {result.blocks} blocks, score "
            f"{result.score:.4f}"
        )
    )
    show_heatmap(
        heatmap(result, special=False, boxes=framed),
        key,
        "xsb-pair",
        f"Heatmap of pair {place.id}, {result.model}",
    )
    return result


def _found(place: Place, stsb: str) -> Attribution:
    if place.results is not None:
        return Results(place.results).pair(place.row)
    # the shipped studies are of STS-B's test and train
    split = "test" if "test" in place.source else "train"
    pairs = _stsb(stsb, split)
    row = int(place.id)
    if row >= len(pairs):
        raise ValueError(
            f"The {split} set of {stsb} has {len(pairs):,} pairs, and row {row} is asked for; "
            "give the folder of the whole STS-B."
        )
    return explained(cached_encoder(place.model), pairs.a[row], pairs.b[row], place.layer)
