"""Figures of searches: what is drawn, and users' words as they are typed."""

import pytest

from xsb_core.figures.search import contrast_bars, slope_chart
from xsb_core.search.explanation import contrast, explain_hits
from xsb_core.search.ranking import rank


def test_bars_add_up_beside_room_for_their_values(minilm):
    documents = ["The <b>ferry</b> leaves at nine.", "Taxes are due in May."]
    ranking = rank(minilm, "Is there a <i>ferry</i>?", documents)
    found = contrast(*explain_hits(minilm, ranking.hits, "words"))
    figure = contrast_bars(found)
    (bars,) = figure.data
    *parts, whole = bars.x
    assert sum(parts) == pytest.approx(whole, abs=2 * found.error)
    assert whole == pytest.approx(ranking.hits[0].score - ranking.hits[1].score)
    names = figure.layout.yaxis.ticktext
    assert not any("<" in name for name in names)
    assert any("&lt;" in name for name in names)
    low, high = figure.layout.xaxis.range
    assert low <= min(bars.x)
    assert high > max(bars.x)


def test_slopes_name_documents_as_they_are_called():
    figure = slope_chart([("<b>a", 1, 2), ("b", 2, 1)], ("<i>one", "two"))
    assert [list(line.y) for line in figure.data] == [[1, 2], [2, 1]]
    assert figure.data[0].text[0] == "&lt;b&gt;a  1"
    assert figure.layout.xaxis.ticktext[0] == "&lt;i&gt;one"
