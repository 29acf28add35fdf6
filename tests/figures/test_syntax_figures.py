"""Trees with links between them, and bars of relations: what they plot."""

import numpy as np
import pandas as pd
import pytest

from tests.syntax.factory import tree
from xsb_core.figures.syntax import frequency_figure
from xsb_core.figures.trees import trees_figure
from xsb_core.studies.syntax.word_links import Link

A = tree(
    "<i>Dogs</i> and cats play", "<i>Dogs</i>/4/nsubj", "and/3/cc", "cats/1/conj", "play/0/root"
)
B = tree("She sings", "She/2/nsubj", "sings/0/root")
LINKS = [Link(0, 0, "nsubj", "nsubj", 0.5), Link(3, 1, "root", "root", -0.25)]


def named(figure, name):
    return [trace for trace in figure.data if trace.name == name]


@pytest.fixture
def figure():
    return trees_figure(A, B, LINKS, "a<b")


def test_words_stand_in_their_order_a_above_b(figure):
    (a,), (b,) = named(figure, "words A"), named(figure, "words B")
    assert list(a.text) == ["&lt;i&gt;Dogs&lt;/i&gt;", "and", "cats", "play"]
    assert list(b.text) == ["She", "sings"]
    assert (np.diff(a.x) > 0).all()
    assert set(a.y) == {0}
    assert max(b.y) < 0
    assert list(a.hovertext)[2] == "‹cats›, nsubj"
    # the shorter text stands in the middle
    assert np.mean([min(a.x), max(a.x)]) == pytest.approx(np.mean([min(b.x), max(b.x)]), abs=40)
    assert figure.layout.title.text == "a&lt;b"


def test_arcs_run_from_head_to_word_and_rise_over_those_inside(figure):
    (arcs,), (words,), (labels,) = (
        named(figure, f"{kind} A") for kind in ("arcs", "words", "relations")
    )
    strokes, own = [], []
    for x, y in zip(arcs.x, arcs.y, strict=True):
        if x is None:
            strokes.append(own)
            own = []
        else:
            own.append((x, y))
    ends = [(stroke[0][0], stroke[-1][0]) for stroke in strokes]
    place = list(words.x)
    expected = [(0, 3), (1, 2), (2, 0), (3, 3)]  # word and head; the root's stroke is upright
    for (start, end), (word, head) in zip(ends, expected, strict=True):
        assert (start, end) == pytest.approx((place[word], place[head]))
    heights = [max(y for _, y in stroke) for stroke in strokes]
    assert heights[1] < heights[2] < heights[0] < heights[3]
    assert list(labels.text) == ["nsubj", "cc", "conj", "root"]
    assert list(labels.y) == pytest.approx(heights)
    assert labels.hovertext[2] == (
        "‹cats› is conj of ‹&lt;i&gt;Dogs&lt;/i&gt;›<br>counted as nsubj"
    )
    assert labels.hovertext[3] == "‹play› is root"


def test_arcs_of_b_hang_below(figure):
    (arcs,), (words,) = named(figure, "arcs B"), named(figure, "words B")
    assert max(y for y in arcs.y if y is not None) < min(words.y)


def test_links_join_their_words_and_tell_words_relations_and_value(figure):
    weak, strong = named(figure, "link")
    (a,), (b,) = named(figure, "words A"), named(figure, "words B")
    assert (strong.x[0], strong.x[-1]) == pytest.approx((a.x[0], b.x[0]))
    assert (weak.x[0], weak.x[-1]) == pytest.approx((a.x[3], b.x[1]))
    assert strong.text[0] == "‹&lt;i&gt;Dogs&lt;/i&gt;› – ‹She›<br>nsubj – nsubj<br>+0.5000"
    assert weak.text[0].endswith("\u22120.2500")
    assert list(strong.customdata[0]) == [0, 0, 0.5]
    assert strong.line.width > weak.line.width
    assert strong.line.color == "#b2182b"
    assert weak.line.color == "#2166ac"


def test_long_texts_get_wider_not_denser():
    words = [f"word{i}" for i in range(40)]
    long = tree(
        " ".join(words), *[f"{w}/{i}/{'dep' if i else 'root'}" for i, w in enumerate(words)]
    )
    figure = trees_figure(long, B, [])
    (own,) = named(figure, "words A")
    assert np.diff(own.x).min() > 40
    assert figure.layout.width > own.x[-1]


def test_bars_of_two_models():
    relations = pd.DataFrame(
        {
            "relation": ["a–a", "a–b"],
            "count_1": [3, 1],
            "share_1": [0.75, 0.25],
            "count_2": [1, 0],
            "share_2": [1.0, 0.0],
        }
    )
    figure = frequency_figure(relations, "one", "other", most=2)
    assert [bar.name for bar in figure.data] == ["one", "other"]
    assert [list(bar.x) for bar in figure.data] == [[75, 25], [100, 0]]
    assert list(figure.data[0].y) == ["a–a", "a–b"]
    (bar,) = frequency_figure(
        relations.rename(columns={"share_1": "share", "count_1": "count"}), "one", most=1
    ).data
    assert list(bar.x) == [75]
