"""Parts of a result that pages show alike: heatmaps, the account's terms, the settings."""

import dataclasses
from typing import Any, NamedTuple

import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages._frame.downloads import png_config
from pages._frame.say import as_typed, say_trust
from xsb_core import Attribution, Look, account_gap, answer
from xsb_core.attribution.answer import HARDLY, OPPOSED, SIMILAR
from xsb_core.attribution.numerals import signed
from xsb_core.attribution.result import SIMILARITIES
from xsb_core.figures.grid import SIDE
from xsb_core.figures.heatmap import Box, heatmap
from xsb_core.figures.style import TITLE_UNITS, color_limit, shorten
from xsb_core.figures.waterfall import waterfall

# Pixels that two panels side by side need for their titles and labels.
_PANELS_WIDTH = 640
# Streamlit's dark theme: its letters and its ground, which a picture of a chart needs too.
_LIGHT, _DARK = "#edebe8", "#171614"
# A chart wider than its place: the labels of rows and the colours' scale stay as it scrolls.
_SCROLLING = """
.st-key-KEY { overflow-x: auto; container-type: inline-size; scroll-timeline: --KEY inline; }
.st-key-KEY .stElementContainer { min-width: WIDTH; }
.st-key-KEY :is(.yaxislayer-above, .g-ytitle, .colorbar) {
  animation: KEY-rows linear both; animation-timeline: --KEY;
}
.st-key-KEY .colorbar { animation-name: KEY-scale; }
.st-key-KEY .colorbar .cbbg { fill: GROUND !important; fill-opacity: 0.9 !important; }
.st-key-KEY :is(.yaxislayer-above, .g-ytitle) text {
  paint-order: stroke; stroke: GROUND; stroke-width: 5px;
}
@container (max-width: 25rem) { .st-key-KEY .colorbar { animation: none; } }
@keyframes KEY-rows { to { translate: calc(WIDTH - 100cqw) 0; } }
@keyframes KEY-scale { from { translate: calc(100cqw - WIDTH) 0; } }
"""
# Pixels: half of a common screen beside the sidebar, and matrices that often fit in there with
# their labels; a larger one takes all the room there is.
_HALF, _SIDES = 455, (240, 200, SIDE)

_OWN_SCALE = "This model's scores have a scale of their own: compare scores of one model only."
_SCORE = (
    f"From {SIMILAR} on, texts are called similar here; below {HARDLY} not similar; below "
    f"{OPPOSED:g} opposed. Other models have other scales: compare scores of one model only."
).replace("-", "−")


class Panel(NamedTuple):
    """A heatmap that stands beside others; key, name and alt as for ``show_heatmap``."""

    result: Attribution
    title: str
    key: str
    name: str
    alt: str
    boxes: tuple[Box, ...] = ()


def show_heatmap(figure: go.Figure, key: str, name: str, alt: str, /, **options: Any) -> None:
    """Draws a heatmap, or another chart; one without a width of its own is as wide as the page.

    Args:
        figure: The figure.
        key: Key of the container that it is in, for downloads.
        name: Name of its PNG.
        alt: What it shows, for people who don't see it.
        options: What else ``st.plotly_chart`` takes.
    """
    several = len(list(figure.select_xaxes())) > 1
    if width := figure.layout.width or (several and _PANELS_WIDTH):
        # on a narrower screen Plotly would squeeze panels, but not their labels: they scroll
        ground = _DARK if st.context.theme.type == "dark" else "white"
        style = _SCROLLING.replace("KEY", key).replace("WIDTH", f"{width}px")
        st.html(f"<style>{style.replace('GROUND', ground)}</style>")
    room = "content" if figure.layout.width else "stretch"
    with st.container(key=key):
        _draw(figure, width=room, config=png_config(name), alt=alt, **options)


def show_plain(figure: go.Figure, alt: str) -> None:
    """Draws a chart that is no picture to take away."""
    _draw(figure, config={"displayModeBar": False}, alt=alt)


def _draw(figure: go.Figure, **options: Any) -> None:
    """Draws a figure, whose ground is the page's, in letters that can be read on it."""
    if st.context.theme.type == "dark":
        figure = go.Figure(figure, _validate=False)
        figure.update_layout(font={"color": _LIGHT}, paper_bgcolor=_DARK)
    st.plotly_chart(figure, theme=None, **options)


def border_caption() -> None:
    """What to know of a border's colours."""
    st.caption("The border's colours stop at the ends of the scale; point at it for its values.")


def places(count: int, width: int = _HALF) -> list[DeltaGenerator]:
    """So many places, side by side where the screen has room, else one below the other."""
    with st.container(horizontal=True):
        return [st.container(width=width) for _ in range(count)]


def heatmaps_side_by_side(
    panels: list[Panel], look: Look = Look(), *, one_range: bool = True
) -> None:
    """Draws heatmaps side by side where the screen has room, in one range or each in its own."""
    results = [look.of(panel.result) for panel in panels]
    limit = color_limit(*results, look=look) if one_range else None
    shown = look if one_range else dataclasses.replace(look, stretch=True)
    for side in _SIDES:
        figures = [
            heatmap(
                result,
                shown,
                limit=limit,
                title=shorten(panel.title, TITLE_UNITS),
                side=side,
                boxes=panel.boxes,
            )
            for panel, result in zip(panels, results, strict=True)
        ]
        widest = max(figure.layout.width for figure in figures)
        if widest <= _HALF:
            break
    room = places(len(panels), max(_HALF, widest))
    for figure, panel, place in zip(figures, panels, room, strict=True):
        with place:
            show_heatmap(figure, panel.key, panel.name, panel.alt)
    if look.border:
        border_caption()


def show_answer(result: Attribution) -> None:
    """The score, the sentence, the mark."""
    kind = SIMILARITIES[result.similarity]
    cosine = result.similarity == "cosine"
    kind = "Similarity" if cosine else kind[0].upper() + kind[1:]
    score = f"{result.score:.4f}" if abs(result.score) < 100 else f"{result.score:.1f}"
    with st.container(horizontal=True, vertical_alignment="center", gap="large"):
        st.metric(kind, score, help=_SCORE if cosine else _OWN_SCALE, width="content")
        with st.container():
            st.markdown(as_typed(answer(result)))
            say_trust(result)


def account_terms(result: Attribution) -> dict[str, str]:
    """The terms of the account and the errors, by name."""
    terms = result.reference_terms
    found = {
        "f(a, b), the prediction": signed(result.score),
        "ΣA, all token pairs": signed(result.sum_matrix),
    }
    if result.closed:  # neither references nor an integral
        return found | {f"Shared term {term.term}": signed(term.value) for term in result.terms}
    return found | {
        "f(a, r_b)": signed(terms.a_rb),
        "f(b, r_a)": signed(terms.b_ra),
        "f(r_a, r_b)": signed(terms.ra_rb),
        "Left over (account − score)": f"{-account_gap(result):+.1e}",
        "Residual, text A": f"{result.residual_a:.1e} ({result.nodes_a} nodes)",
        "Residual, text B": f"{result.residual_b:.1e} ({result.nodes_b} nodes)",
    }


def show_account(result: Attribution, *, special: bool, of: str = "the score") -> None:
    """The account as bars and as terms, and what the result was computed with."""
    left, right = places(2)
    with left:
        show_plain(
            waterfall(result, special=special),
            f"Waterfall from the references' similarity to the prediction, account of {of}",
        )
    with right:
        terms = account_terms(result)
        st.dataframe(
            {"Term": list(terms), "Value": list(terms.values())},
            hide_index=True,
            alt=f"The terms of the account of {of}",
        )
        st.caption(as_typed(settings_line(result)))


def settings_line(result: Attribution) -> str:
    """What a result was computed with."""
    by = "" if result.closed else f", cosine {result.cosine or 'not used'}, {result.quadrature}"
    return f"{result.model}, {result.place}{by}, {result.seconds:.2f} s on {result.device}"
