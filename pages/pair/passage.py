"""Long texts: by sentences at once, then by the words of those that matter, or that are chosen."""

import numpy as np
import streamlit as st

from pages._frame.compute import Instructions, Units, explained
from pages._frame.say import as_typed
from xsb_core import Attribution, Encoder, answer
from xsb_core.attribution.words import (
    grouped,
    opened_groups,
    sentence_groups,
    unit_groups,
    word_groups,
)
from xsb_core.encoders.side import Side
from xsb_core.errors import about_text
from xsb_core.search.embeddings import embed

# Tokens from which a text is a passage, and how many of its sentences are opened unasked.
LONG, OPENED = 60, 2
_SHOWN = 60  # characters of a sentence in the list of them


def explained_closely(
    encoder: Encoder, texts: tuple[str, str], layer: int, hows: Instructions
) -> Attribution:
    """A pair's attribution, as fine as its texts are short; long ones take the page's choice.

    Raises:
        ValueError: What ``explained`` raises.
    """
    sides = []
    for name, text, how in zip("AB", texts, hows, strict=True):
        with about_text(name):
            sides.append(encoder.tokenise(text, how).side)
    long = [len(side.tokens) > LONG for side in sides]
    by_sums = encoder.kind == "dense" and encoder.blocks > 1
    if not any(long) or not by_sums or st.query_params.get("whole") == "1":
        return explained(encoder, *texts, layer, hows)
    place = st.empty()
    one, other = (embed(encoder, [text], how)[0] for text, how in zip(texts, hows, strict=True))
    place.markdown(f"The score is {float(one @ other):.4f}; what makes it follows …")
    # of a passage and a query every token costs no more than its sentences do
    tokens = None if all(long) else explained(encoder, *texts, layer, hows)

    def by(units: Units) -> Attribution:
        if tokens is None:
            return explained(encoder, *texts, layer, hows, units)
        a, b = (unit_groups(side, unit) for side, unit in zip(sides, units, strict=True))
        assert a is not None  # no unit is tokens
        assert b is not None
        return grouped(tokens, a, b, "sum")

    long_a, long_b = ("sentences" if own else "words" for own in long)
    coarse = by((long_a, long_b))
    place.markdown(f"By sentences: {as_typed(answer(coarse))}")
    groups_a, groups_b = (
        opened_groups(side, _opened(name, side, totals)) if own else "words"
        for name, side, own, totals in zip(
            "ab", sides, long, (coarse.net_matrix.sum(1), coarse.net_matrix.sum(0)), strict=True
        )
    )
    takes = ""
    if tokens is None:
        takes = f" (about {_whole_seconds(coarse, sides, (long_a, long_b)):.0f} s)"
    if st.button(f"Every token{takes}", help="As for short texts."):
        st.query_params["whole"] = "1"
        st.rerun()
    result = by((groups_a, groups_b))
    place.empty()
    return result


def _opened(name: str, side: Side, totals: np.ndarray) -> set[int]:
    """Which sentences are shown by their words, by a choice that is in the link."""
    sentences = sentence_groups(side)
    text = side.prompt + side.text
    labels = {}
    for number, group in enumerate(sentences):
        start, end = side.spans[group[0]][0], side.spans[group[-1]][1]
        if not side.special[group[0]]:
            labels[str(len(labels) + 1)] = (number, text[start:end].strip()[:_SHOWN])
    strongest = sorted(labels, key=lambda label: -abs(totals[labels[label][0]]))[:OPENED]
    key, of = f"open_{name}", f"_open_{name}_of"
    if st.session_state.get(of) != side.text or key not in st.session_state:
        # a link's numbers are those of its text; later ones begin with the strongest
        asked = st.query_params.get(key, "").split(",") if of not in st.session_state else [""]
        asked = [label for label in asked if label in labels]
        st.session_state[key] = [label for label in labels if label in (asked or strongest)]
    st.session_state[of] = side.text
    chosen = st.multiselect(
        f"Sentences of text {name.upper()} by their words",
        list(labels),
        key=key,
        format_func=lambda label: f"{label}: {labels[label][1]}",
    )
    if sorted(chosen) == sorted(strongest):
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = ",".join(chosen)
    return {labels[label][0] for label in chosen}


def _whole_seconds(coarse: Attribution, sides: list[Side], units: Units) -> float:
    """What every token takes, by what the sentences took."""
    done = whole = 0
    for side, unit, nodes in zip(sides, units, (coarse.nodes_a, coarse.nodes_b), strict=True):
        find = sentence_groups if unit == "sentences" else word_groups
        done += nodes * len(side.tokens) * len(find(side))
        whole += nodes * len(side.tokens) ** 2
    return coarse.seconds * whole / done
