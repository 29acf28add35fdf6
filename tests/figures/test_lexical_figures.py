"""Figures of same-token cells: what they plot."""

import pandas as pd
import pytest

from xsb_core.figures.lexical import (
    density_figure,
    ends,
    filler_figure,
    rank_figure,
    ranking_figure,
)
from xsb_core.studies.lexical.ranking import RankAgreement


@pytest.fixture
def ranked():
    count = 50
    return pd.DataFrame(
        {
            "rank": range(1, count + 1),
            "token": [f"<t{i}>" for i in range(count)],
            "count": [30 + i for i in range(count)],
            "mean": [1 - i / count for i in range(count)],
            "deviation": [0.1] * count,
            "values": [[1 - i / count, 0.5, 0.6] for i in range(count)],
        }
    )


def test_the_ranking_shows_both_ends_with_deviations(ranked):
    figure = ranking_figure(ranked, "a<b>")
    (dots,) = figure.data
    shown = pd.concat([ranked.head(20), ranked.tail(20)])
    assert list(dots.x) == shown["mean"].tolist()
    assert list(dots.error_x.array) == shown["deviation"].tolist()
    assert list(figure.layout.yaxis.ticktext) == [
        f"&lt;t{i}&gt;" for i in [*range(20), *range(30, 50)]
    ]
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]  # the first is on top
    assert figure.layout.title.text == "a&lt;b&gt;, the 20 highest and 20 lowest of 50"
    assert [line.y0 for line in figure.layout.shapes] == [19.5]  # stands for those between
    whole = ranking_figure(ranked.head(40), "m")
    assert (whole.layout.title.text, whole.layout.shapes) == ("m", ())


def test_a_short_ranking_is_shown_once(ranked):
    assert ends(ranked.head(40))["rank"].tolist() == list(range(1, 41))
    assert ends(ranked.head(7))["rank"].tolist() == list(range(1, 8))


def test_densities_are_of_the_highest_tokens_samples(ranked):
    figure = density_figure(ranked, "model")
    assert len(figure.data) == 30
    assert figure.layout.title.text == "model, the 30 highest of 50"
    assert list(figure.data[3].x) == ranked["values"][3]
    assert set(figure.data[3].y) == {3}
    assert figure.data[3].name == "&lt;t3&gt;"


def test_ranks_stand_against_each_other():
    tokens = pd.DataFrame(
        {
            "token": ["a", "$b"],
            "rank_1": [1, 2],
            "rank_2": [2, 1],
            "mean_1": [3, 2],
            "mean_2": [0, 1],
        }
    )
    figure = rank_figure(RankAgreement(-1.0, tokens), "one", "other")
    equal, dots = figure.data
    assert (list(equal.x), list(equal.y)) == ([1, 2], [1, 2])
    assert (list(dots.x), list(dots.y), list(dots.text)) == ([1, 2], [2, 1], ["a", "&#36;b"])
    assert figure.layout.title.text == "Spearman \u22121.00"
    alone = rank_figure(RankAgreement(float("nan"), tokens.head(1)), "one", "other")
    assert alone.layout.title.text == "Spearman not defined"
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == (
        "rank in one",
        "rank in other",
    )


def test_fillers_have_score_and_cell_of_each_model():
    table = pd.DataFrame({"filler": ["a", "<b>"], "score": [0.1, 0.2], "cell": [0.3, 0.4]})
    figure = filler_figure({"one": table, "other": table.assign(score=[0.5, 0.6])})
    found = {trace.name: list(trace.x) for trace in figure.data}
    assert found == {
        "one: score": [0.1, 0.2],
        "one: X–X cell": [0.3, 0.4],
        "other: score": [0.5, 0.6],
        "other: X–X cell": [0.3, 0.4],
    }
    assert list(figure.layout.yaxis.ticktext) == ["a", "&lt;b&gt;"]
