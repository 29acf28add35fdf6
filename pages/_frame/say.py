"""What pages say of texts, errors and results, with nothing of the user's taken for Markdown."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import streamlit as st

from xsb_core import Attribution, trust
from xsb_core.attribution.reading import warnings_of

_MARKS: dict[str, tuple[str, Literal["green", "orange", "red"]]] = {
    "green": ("check_circle", "green"),
    "amber": ("error", "orange"),
    "red": ("cancel", "red"),
}
_GUIDES = Path(__file__).parents[1] / "guides"


def show_guide(page: str) -> None:
    """How to read a page, folded."""
    with st.expander("How to read this page"):
        st.markdown(guide(page))


def guide(name: str) -> str:
    """A guide's text; that of models is docs/models.md."""
    return (_GUIDES / f"{name}.md").read_text(encoding="utf-8")


def contents(*heads: str) -> None:
    """Links to the headings further down."""
    links = [f"[{head}](#{re.sub(r'[^a-z]+', '-', head.lower())})" for head in heads]
    st.caption(f"Further down: {' · '.join(links)}")


def say_paper_cells() -> None:
    """That figures are of the paper's cells, where other views have net ones by default."""
    st.caption(
        "Cells here are the paper's: measured from an empty text, whose part is not shared out "
        "among the words. Pages about one pair have such cells under “As in the paper”."
    )


def say(error: ValueError) -> None:
    """An error as one sentence."""
    # its words may hold what the user typed: no Markdown in them
    st.error(as_typed(str(error)))


@contextmanager
def told() -> Iterator[None]:
    """Says what a user can mend as one sentence; the rest of a block or function is left out."""
    try:
        yield
    except ValueError as error:
        say(error)


def as_typed(text: str) -> str:
    """Text for an element that reads Markdown, with nothing left to interpret."""
    return "".join(f"\\{char}" if char in "\\`*_{}[]()#+-.!|<>~:$&" else char for char in text)


def say_trust(result: Attribution) -> None:
    """How far a result can be trusted, in a few words; the reasons where one points at them."""
    verdict = trust(result)
    icon, colour = _MARKS[verdict.mark]
    reasons = as_typed(verdict.sentence)
    st.badge(as_typed(verdict.short), icon=f":material/{icon}:", color=colour, help=reasons)


def warn_of_cuts(result: Attribution, model: str = "the model") -> None:
    """Says what to know first: of the model, of unknown tokens, of texts that were cut."""
    for sentence in warnings_of(result):
        st.warning(as_typed(sentence))
    for name, side in (("A", result.a), ("B", result.b)):
        if side.cut:
            st.warning(
                f"Text {name} is longer than {model} reads: it was cut after character "
                f"{side.read:,} of {len(side.text):,}, at the end of "
                f"“…{as_typed(side.text[max(0, side.read - 40) : side.read])}”."
            )
