"""What a whole file says: its other columns, its words, its scores against a column."""

import numpy as np
import pandas as pd
import pytest

from tests.corpus.factory import encoder, pairs
from xsb_core import Recipe
from xsb_core.attribution.function_words import carries_little
from xsb_core.attribution.words import to_words
from xsb_core.corpus.results import Results
from xsb_core.corpus.run import run_corpus
from xsb_core.corpus.whole_file import kinds_of, other_columns, words_table
from xsb_core.figures.gold import gold_scatter


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> Results:
    folder = tmp_path_factory.mktemp("run") / "out"
    run_corpus(encoder(), pairs(9), folder, Recipe(layer=1))
    return Results(folder)


def test_words_add_up_over_the_file_as_over_its_pairs(results):
    table = words_table(results)
    expected = 0.0
    most: dict[tuple[str, str], float] = {}
    for _, one in results.attributions():
        words = to_words(one, "sum")
        for i, j in np.ndindex(words.net_matrix.shape):
            a, b = words.a.tokens[i], words.b.tokens[j]
            special = words.a.special[i] or words.b.special[j]
            if special or carries_little(a) or carries_little(b):
                continue
            expected += words.net_matrix[i, j]
            most[a.lower(), b.lower()] = (
                most.get((a.lower(), b.lower()), 0.0) + words.net_matrix[i, j]
            )
    assert table["total"].sum() == pytest.approx(expected)
    assert len(table) == len(most)
    first = table.iloc[0]
    assert abs(first["total"]) == pytest.approx(max(map(abs, most.values())))
    assert most[first["word_a"], first["word_b"]] == pytest.approx(first["total"])
    np.testing.assert_allclose(table["mean"] * table["pairs"], table["total"])
    assert table["pairs"].max() > 1  # texts come again


def test_other_columns_have_their_own_types():
    extra = [
        '{"gold": "4.5", "kind": "news", "note": null, "deep": [1]}',
        '{"gold": "", "kind": "news"}',
        None,
        '{"gold": 1, "kind": "chat", "note": "one", "deep": {"a": 2}}',
    ]
    found = other_columns(pd.DataFrame({"extra": extra}))
    np.testing.assert_array_equal(found["gold"], [4.5, np.nan, np.nan, 1])
    assert found["deep"].tolist()[0::3] == ["[1]", '{"a": 2}']
    assert kinds_of(found) == ["kind", "deep"]
    assert kinds_of(other_columns(pd.DataFrame({"extra": ['{"a": "x"}', '{"a": "x"}']}))) == []


def test_the_scatter_shows_each_pair_once_by_its_kind():
    scores, gold = pd.Series([0.1, 0.4, 0.3, 0.9]), pd.Series([1, np.nan, 2, 3], name="<b>gold")
    figure = gold_scatter(scores, gold, pd.Series(["p", "q", "r", "s"]), pd.Series(list("xyyx")))
    assert {trace.name: (list(trace.x), list(trace.y)) for trace in figure.data} == {
        "x": ([1, 3], [0.1, 0.9]),
        "y": ([2], [0.3]),
    }
    assert figure.layout.annotations[0].text == "Spearman +1.00 over 3 pairs"
    assert figure.layout.xaxis.title.text == "&lt;b&gt;gold"
