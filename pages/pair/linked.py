"""Tokens, picture and strongest pairs of a result; what is chosen in one shows in all."""

import re
from collections.abc import Callable

import numpy as np
import streamlit as st

from pages._frame.results import border_caption, show_heatmap
from pages.pair.chips import Chosen, token_chips
from xsb_core import Attribution, Look, strongest_cells
from xsb_core.attribution.cells import decimals, positions, shown_cells
from xsb_core.attribution.numerals import share, signed
from xsb_core.figures.grid import SIDE
from xsb_core.figures.heatmap import Box, heatmap
from xsb_core.figures.style import shorten

_SMALL, _SMALL_SIDE = 18, 430  # tokens and pixels of a heatmap that has the table beside it
_TABLE, _LABEL = 330, 12  # pixels, characters
_CHOSEN = "_chosen"


@st.fragment
def linked_views(result: Attribution, look: Look, name: str) -> None:
    """Draws them.

    Args:
        result: In tokens or words, as is shown.
        look: What of it is shown.
        name: What a picture of it is called.
    """
    shown = [positions(side, special=look.special).tolist() for side in (result.a, result.b)]
    of = (result.a.tokens, result.b.tokens, look.special)
    kept = st.session_state.get(_CHOSEN, {})
    if kept.get("of") != of:  # other tokens: what was chosen names them no more
        asked = {
            side: [] if kept else _asked(side, len(own))
            for side, own in zip("ab", shown, strict=True)
        }
        kept = st.session_state[_CHOSEN] = {"of": of, "times": 0, **asked}
    chosen: Chosen = {"a": kept["a"], "b": kept["b"]}
    _name_in_link(chosen)
    key = f"chips_{hash(of)}_{kept['times']}"

    def by_chips() -> None:
        # the chips themselves show it already
        kept.update(st.session_state[key]["chosen"])

    def choose(row: int | None, column: int | None) -> None:
        for side, place, own in (("a", row, shown[0]), ("b", column, shown[1])):
            kept[side] = [own.index(place)] if place is not None else []
        kept["times"] += 1  # other chips, which start with this choice

    token_chips(result, look, chosen, key, by_chips)
    boxes = _boxes([[shown[at][i] for i in chosen[side]] for at, side in enumerate("ab")], shown)
    side = _SMALL_SIDE if max(map(len, shown)) <= _SMALL else SIDE
    figure = heatmap(result, look, side=side, boxes=boxes)
    with st.container(horizontal=True):
        with st.container(width=min(figure.layout.width, 1000)):
            show_heatmap(figure, "heatmap", name, "Heatmap of token-pair attributions")
            if look.border:
                border_caption()
        with st.container(width=_TABLE):
            _strongest(result, look, choose)


def _asked(side: str, count: int) -> list[int]:
    """Which tokens of a text the link chooses: their numbers among those shown, from 1."""
    given = st.query_params.get(f"tokens_{side}", "").split(",")
    return [
        int(one) - 1 for one in given if re.fullmatch("[0-9]{1,4}", one) and 0 < int(one) <= count
    ]


def _name_in_link(chosen: Chosen) -> None:
    for side in ("a", "b"):
        key, named = f"tokens_{side}", ",".join(str(place + 1) for place in chosen[side])
        if named and st.query_params.get(key) != named:
            st.query_params[key] = named
        elif not named:
            st.query_params.pop(key, None)


def _boxes(chosen: list[list[int]], shown: list[list[int]]) -> list[Box]:
    rows, columns = chosen
    if not columns:
        return [Box((row,)) for row in rows]
    return [
        Box((row,) if row is not None else tuple(shown[0]), (column,))
        for row in rows or [None]
        for column in columns
    ]


def _strongest(
    result: Attribution, look: Look, choose: Callable[[int | None, int | None], None]
) -> None:
    table = strongest_cells(result, look=look)
    places = decimals(shown_cells(result, look))
    key = f"strongest_{st.session_state[_CHOSEN]['times']}"

    def by_table() -> None:
        rows = st.session_state[key].selection.rows
        picked = table.iloc[rows[0]] if rows else None
        if picked is None:
            choose(None, None)
        else:
            choose(int(picked["row"]), int(picked["column"]))

    st.dataframe(
        {
            # a sentence would push the numbers out of view
            "Text A": table["token_a"].map(lambda label: shorten(label, _LABEL)),
            "Text B": table["token_b"].map(lambda label: shorten(label, _LABEL)),
            "Adds": table["value"].map(lambda value: signed(value, places)),
            "Share": table["share"].map(lambda part: "–" if np.isnan(part) else share(part, 1.0)),
        },
        hide_index=True,
        key=key,
        on_select=by_table,
        selection_mode="single-row",
        alt="The strongest pairs",
    )
    st.caption(
        "Strongest first; share: of all that raises the score. The sentence above names each word "
        "once. Tick one to see it."
    )
