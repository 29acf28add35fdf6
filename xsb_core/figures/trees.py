"""Two dependency trees facing each other, with the strongest word pairs drawn between them.

Text A is above, its arcs above it; text B is below, its arcs below it.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from xsb_core.attribution.numerals import signed
from xsb_core.figures.charts import Values, drawn, scatter
from xsb_core.figures.style import BLUE, GREY, RED, escape, shorten, text_width
from xsb_core.studies.syntax.word_links import Link
from xsb_core.syntax.collapse import relations
from xsb_core.syntax.tree import Tree

_FONT, _SMALL, _GAP, _PAD = 15, 11, 18, 24  # pixels
_LEVEL = 30  # an arc's rise over those inside it
_BETWEEN = 220  # between the two lines of words
_CLEARANCE = 16  # from a word's middle to where arcs and links begin
_WIDEST_LINK = 7.0
_WORD_UNITS = 20  # longest word, in narrow characters
_CURVE = np.linspace(0, np.pi, 25)
_POINTS = 15  # of a link, to be pointed at


class _Line(NamedTuple):
    """A text's words as they are drawn."""

    tree: Tree
    x: Float[np.ndarray, " words"]
    width: float
    base: float  # y of the words
    up: int  # 1: arcs are above the words, -1: below
    name: str


def trees_figure(tree_a: Tree, tree_b: Tree, links: Sequence[Link], title: str = "") -> go.Figure:
    """Draws both trees and the links between their words.

    Args:
        tree_a: The tree of text A.
        tree_b: The tree of text B.
        links: Word pairs, from ``top_links``; their width and colour show the value.
        title: What to write above.

    Returns:
        A figure in pixels. Its traces: "words A" and "words B", "arcs A" and "arcs B", "relations
        A" and "relations B", and a "link" for each word pair, weakest first.
    """
    lines = []
    for name, tree, base, up in (("A", tree_a, 0.0, 1), ("B", tree_b, -float(_BETWEEN), -1)):
        x, width = _spread(tree)
        lines.append(_Line(tree, x, width, base, up, name))
    width = max(line.width for line in lines)
    # the shorter text stands in the middle
    first, second = (line._replace(x=line.x + (width - line.width) / 2) for line in lines)
    traces = [
        _link(link, first, second, links) for link in sorted(links, key=lambda one: one.value)
    ]
    reach = {}
    for line in (first, second):
        levels = _levels(line.tree)
        reach[line.name] = _LEVEL * max(levels.values()) + 2 * _CLEARANCE
        traces += [_arcs(line, levels), _labels(line, levels), _words(line)]
    top, bottom = reach["A"], second.base - reach["B"]
    head = 2 * _PAD if title else _PAD
    layout = {
        "width": round(width + 2 * _PAD),
        "height": round(top - bottom + head + _PAD),
        "margin": {"l": _PAD, "r": _PAD, "t": head, "b": _PAD, "autoexpand": False},
        "title": {"text": escape(title), "font": {"size": 15}, "x": 0.01, "xanchor": "left"},
        "hovermode": "closest",
        "hoverlabel": {"bgcolor": "white", "bordercolor": GREY, "font": {"color": "black"}},
        "xaxis": {"visible": False, "range": [0, width], "fixedrange": True},
        "yaxis": {"visible": False, "range": [bottom, top], "fixedrange": True},
    }
    return drawn(traces, layout)


def _spread(tree: Tree) -> tuple[Float[np.ndarray, " words"], float]:
    """Where each word's middle is, so that none touches its neighbours; and the line's width."""
    widths = np.array(
        [
            max(text_width(_short(word.form), _FONT), text_width(word.relation, _SMALL)) + _GAP
            for word in tree.words
        ]
    )
    ends = widths.cumsum()
    return ends - widths / 2, float(ends[-1])


def _short(form: str) -> str:
    return shorten(form, _WORD_UNITS)


def _levels(tree: Tree) -> dict[int, int]:
    """How high each word's arc is, above those that lie inside it; words count from 1."""
    spans = {
        number: (min(number, word.head), max(number, word.head))
        for number, word in enumerate(tree.words, 1)
        if word.head
    }
    levels: dict[int, int] = {}
    for number, (start, end) in sorted(spans.items(), key=lambda item: item[1][1] - item[1][0]):
        inside = [
            levels[other] for other in levels if start <= spans[other][0] and spans[other][1] <= end
        ]
        levels[number] = 1 + max(inside, default=0)
    # the root's stroke rises above all arcs
    highest = 1 + max(levels.values(), default=0)
    return levels | {n: highest for n, word in enumerate(tree.words, 1) if not word.head}


def _arcs(line: _Line, levels: dict[int, int]) -> Values:
    """Half ellipses from head to word, and a stroke to the root; gaps are None."""
    x: list[float | None] = []
    y: list[float | None] = []
    foot = line.base + line.up * _CLEARANCE
    for number, word in enumerate(line.tree.words, 1):
        own = line.x[number - 1]
        if word.head:
            head = line.x[word.head - 1]
            x += [*((own + head) / 2 + (own - head) / 2 * np.cos(_CURVE)), None]
            y += [*(foot + line.up * _LEVEL * levels[number] * np.sin(_CURVE)), None]
        else:
            x += [own, own, None]
            y += [foot, foot + line.up * _LEVEL * levels[number], None]
    return scatter(
        name=f"arcs {line.name}",
        x=x,
        y=y,
        mode="lines",
        line={"color": GREY, "width": 1},
        hoverinfo="skip",
    )


def _labels(line: _Line, levels: dict[int, int]) -> Values:
    """Each word's relation, at the top of its arc."""
    x, y, text, hover = [], [], [], []
    foot = line.base + line.up * _CLEARANCE
    of_phrase = relations(line.tree)
    for number, (word, phrase) in enumerate(zip(line.tree.words, of_phrase, strict=True), 1):
        own = line.x[number - 1]
        x.append((own + line.x[word.head - 1]) / 2 if word.head else own)
        y.append(foot + line.up * _LEVEL * levels[number])
        text.append(escape(word.relation))
        head = line.tree.words[word.head - 1].form if word.head else None
        hover.append(
            f"‹{escape(word.form)}› is {escape(word.relation)}"
            + (f" of ‹{escape(head)}›" if head else "")
            + (f"<br>counted as {escape(phrase)}" if phrase != word.relation else "")
        )
    return scatter(
        name=f"relations {line.name}",
        x=x,
        y=y,
        mode="text",
        text=text,
        textposition="top center" if line.up > 0 else "bottom center",
        textfont={"size": _SMALL, "color": GREY},
        hovertext=hover,
        hovertemplate="%{hovertext}<extra></extra>",
        cliponaxis=False,
    )


def _words(line: _Line) -> Values:
    of_phrase = relations(line.tree)
    return scatter(
        name=f"words {line.name}",
        x=line.x,
        y=[line.base] * len(line.x),
        mode="text",
        text=[escape(_short(word.form)) for word in line.tree.words],
        textfont={"size": _FONT},
        hovertext=[
            f"‹{escape(word.form)}›, {escape(phrase)}"
            for word, phrase in zip(line.tree.words, of_phrase, strict=True)
        ],
        hovertemplate="%{hovertext}<extra></extra>",
        cliponaxis=False,
    )


def _link(link: Link, first: _Line, second: _Line, links: Sequence[Link]) -> Values:
    limit = max(abs(one.value) for one in links) or 1.0
    strength = abs(link.value) / limit
    a, b = first.tree.words[link.word_a], second.tree.words[link.word_b]
    text = (
        f"‹{escape(a.form)}› – ‹{escape(b.form)}›<br>{escape(link.relation_a)} – "
        f"{escape(link.relation_b)}<br>{signed(link.value)}"
    )
    return scatter(
        name="link",
        x=np.linspace(first.x[link.word_a], second.x[link.word_b], _POINTS),
        y=np.linspace(first.base - _CLEARANCE, second.base + _CLEARANCE, _POINTS),
        mode="lines",
        line={
            "color": RED if link.value >= 0 else BLUE,
            "width": 1 + (_WIDEST_LINK - 1) * strength,
        },
        opacity=0.25 + 0.6 * strength,
        text=[text] * _POINTS,
        customdata=[[link.word_a, link.word_b, link.value]] * _POINTS,
        hovertemplate="%{text}<extra></extra>",
    )
