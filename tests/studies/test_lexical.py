"""Same-token cells: counted by hand, streamed, ranked."""

import math
import tracemalloc
from functools import partial
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from tests.corpus.factory import encoder, pairs
from tests.figures.factory import make_result
from xsb_core.corpus.results import Results
from xsb_core.corpus.run import run_corpus
from xsb_core.errors import DataError
from xsb_core.studies.lexical import same_tokens as lexical
from xsb_core.studies.lexical.ranking import (
    RankAgreement,
    cells_sentence,
    rank_agreement,
    rank_sentence,
    ranking,
)
from xsb_core.studies.lexical.same_tokens import TokenCells, gather_token_cells, token_cell

SETTINGS = {
    "model": "hand",
    "revision": None,
    "layer": 1,
    "blocks": 2,
    "shifted": False,
    "similarity": "cosine",
    "cosine": "through",
}


# Hand-made rows have no reference's part; net ones are those of real results.
paper_cells = partial(gather_token_cells, cells="paper")
LISTS = ["values", "sources", "rows", "ids"]


class Hand(Results):
    """Results made by hand, of the columns that the study reads."""

    def __init__(self, rows, **settings):
        self.manifest = SimpleNamespace(shared=SETTINGS | settings, input="folder/hand.csv")
        self._rows = rows

    def __len__(self):
        return len(self._rows)

    def rows(self, columns=None):
        return iter(self._rows)


def row(number, a, b, matrix, id_=None):
    sides = {"a": a.split(), "b": b.split()}
    values = {"row": number, "id": id_, "matrix": np.array(matrix, dtype=float).tolist()}
    for name, pieces in sides.items():
        values[f"pieces_{name}"] = pieces
        values[f"special_{name}"] = [piece.startswith("[") for piece in pieces]
    return values


HAND = [
    # dog–dog 0.5, the–the four times: 1, 2, 3, 4; [CLS]–[CLS] does not count
    row(
        0,
        "[CLS] the dog the",
        "[CLS] the the dog",
        [[9] * 4, [9, 1, 2, 9], [9, 9, 9, 0.5], [9, 3, 4, 9]],
    ),
    row(1, "dog cat", "a dog", [[9, 0.7], [9, 9]], "second"),
    row(2, "cat", "bird", [[9]]),
]


def by_token(study):
    return study.tokens.set_index("token")


def test_cells_are_those_of_equal_pieces_without_special_tokens():
    study = paper_cells([Hand(HAND)])
    tokens = by_token(study)
    assert (study.pairs, study.cells, study.sources) == (3, 6, ("hand.csv",))
    assert sorted(tokens.index) == ["dog", "the"]
    assert tokens.loc["the", "count"] == 4
    assert tokens.loc["the", "mean"] == pytest.approx(2.5)
    assert tokens.loc["the", "deviation"] == pytest.approx(np.std([1, 2, 3, 4], ddof=1))
    assert tokens.loc["dog", "mean"] == pytest.approx(0.6)
    assert sorted(tokens.loc["the", "values"]) == [1, 2, 3, 4]
    assert tokens.loc["dog", "values"] == [0.5, 0.7]
    assert tokens.loc["dog", "rows"] == [0, 1]
    assert tokens.loc["dog", "ids"] == ["0", "second"]


def test_a_studys_cell_is_found_in_its_pair_by_the_nearest_value():
    matrix = np.pad([[1.0, 2.0], [3.0, 4.0]], 1)  # special tokens around
    pair = make_result(["the", "the"], ["the", "the"], matrix=matrix)
    assert token_cell(pair, "the", 3.1) == (2, 1)
    with pytest.raises(DataError, match="‹dog› is not in both texts"):
        token_cell(pair, "dog", 3.1)


def test_a_cell_alone_has_no_deviation():
    tokens = by_token(paper_cells([Hand(HAND[1:])]))
    assert math.isnan(tokens.loc["dog", "deviation"])


def test_several_results_are_one_study_and_places_tell_which():
    study = paper_cells([Hand(HAND[:1]), Hand(HAND[1:])])
    assert study.sources == ("hand.csv", "hand.csv")
    assert by_token(study).loc["dog", "sources"] == [0, 1]
    pd.testing.assert_frame_equal(
        study.tokens.drop(columns="sources"),
        paper_cells([Hand(HAND)]).tokens.drop(columns="sources"),
    )


@pytest.mark.parametrize("kind", ["net", "paper"])
def test_running_figures_equal_numpys_on_real_results(tmp_path, kind):
    run_corpus(encoder(), [(a, f"{b} {a}") for a, b in pairs(60)], tmp_path / "results")
    results = Results(tmp_path / "results")
    study = gather_token_cells([results], cells=kind)
    assert study.cell_kind == kind
    values: dict[str, list[float]] = {}
    for number, one in enumerate(results):
        pair = results.pair(number)
        matrix = pair.net_matrix if kind == "net" else pair.matrix
        for i, piece in enumerate(one["pieces_a"]):
            for j, other in enumerate(one["pieces_b"]):
                if piece == other and not one["special_a"][i] and not one["special_b"][j]:
                    values.setdefault(piece, []).append(float(matrix[i][j]))
    tokens = by_token(study)
    assert dict(tokens["count"]) == {piece: len(cells) for piece, cells in values.items()}
    several = [piece for piece, cells in values.items() if len(cells) > 1]
    assert len(several) > 5
    for piece in several:
        assert tokens.loc[piece, "mean"] == pytest.approx(np.mean(values[piece]))
        assert tokens.loc[piece, "deviation"] == pytest.approx(np.std(values[piece], ddof=1))


def test_a_large_offset_costs_no_precision():
    values = 1e6 + np.array([0.001, 0.002, 0.003])
    rows = [row(i, "x", "x", [[value]]) for i, value in enumerate(values)]
    token = by_token(paper_cells([Hand(rows)])).loc["x"]
    assert token["deviation"] == pytest.approx(0.001, rel=1e-3)


def test_samples_are_bounded_fair_and_the_same_again(monkeypatch):
    monkeypatch.setattr(lexical, "SAMPLE", 10)
    rows = [row(i, "x", "x", [[i]]) for i in range(2000)]
    study = paper_cells([Hand(rows)])
    token = by_token(study).loc["x"]
    assert len(set(token["values"])) == 10
    assert token["rows"] == [int(value) for value in token["values"]]
    assert 400 < np.mean(token["values"]) < 1600  # beyond 3 deviations of a fair draw's mean
    assert token["mean"] == pytest.approx(999.5)
    pd.testing.assert_frame_equal(study.tokens, paper_cells([Hand(rows)]).tokens)


def test_memory_does_not_grow_with_the_corpus():
    def peak(count):
        class Stream(Hand):
            def __len__(self):
                return count

            def rows(self, columns=None):
                return (row(i, "x y", "y x", [[9, i], [i, 9]]) for i in range(count))

        tracemalloc.start()
        paper_cells([Stream([])])
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    small = peak(500)
    assert peak(10_000) < 1.2 * small


def test_progress_is_told():
    told = []
    rows = [row(i, "x", "x", [[1]]) for i in range(120)]
    paper_cells([Hand(rows)], told.append)
    assert told == pytest.approx([50 / 120, 100 / 120])


def test_results_of_different_kinds_are_refused():
    with pytest.raises(DataError, match=r"The results differ in layer \(1, 2\)"):
        paper_cells([Hand(HAND), Hand(HAND, layer=2)])


def test_no_pairs_are_refused():
    with pytest.raises(DataError, match="hold no pair yet"):
        paper_cells([Hand([])])
    with pytest.raises(DataError, match="There are no results"):
        paper_cells([])


def means(**values):
    """A study of tokens with two cells of these means."""
    rows = [
        row(2 * i + k, token, token, [[value]])
        for i, (token, value) in enumerate(values.items())
        for k in range(2)
    ]
    return rows


def test_ranking_is_by_mean_among_tokens_with_enough_cells():
    study = paper_cells(
        [Hand([*means(low=0.1, high=0.3, b=0.2, a=0.2), row(9, "one", "one", [[7]])])]
    )
    ranked = ranking(study, 2)
    assert ranked["token"].tolist() == ["high", "a", "b", "low"]
    assert ranked["rank"].tolist() == [1, 2, 3, 4]
    assert ranking(study, 1)["token"].tolist()[0] == "one"
    told = f"{study.heading}: 9 same-token cells in 9 pairs (hand.csv); 4 tokens"
    assert told in cells_sentence(study, 2)


def test_no_token_with_enough_cells_is_one_sentence():
    with pytest.raises(DataError) as error:
        ranking(paper_cells([Hand(HAND)]), 30)
    assert str(error.value) == (
        "No token of hand has 30 same-token cells in 3 pairs (the most frequent, ‹the›, has 4); "
        "lower the count, or give more pairs."
    )
    with pytest.raises(DataError, match="No token is in both texts of any of the 1 pairs"):
        ranking(paper_cells([Hand(HAND[2:])]), 2)


def test_two_models_ranks_are_compared_on_common_tokens():
    first = paper_cells([Hand(means(a=4, b=3, c=2, d=1, only=9))])
    second = paper_cells([Hand(means(a=4, b=3, c=1, d=2, other=9))])
    agreed = rank_agreement(first, second, 2)
    assert agreed.tokens["token"].tolist() == ["a", "b", "c", "d"]
    assert agreed.tokens["rank_1"].tolist() == [1, 2, 3, 4]
    assert agreed.tokens["rank_2"].tolist() == [1, 2, 4, 3]
    assert agreed.spearman == pytest.approx(1 - 6 * 2 / (4 * 15))
    single = rank_agreement(first, paper_cells([Hand(means(a=1))]), 2)
    assert math.isnan(single.spearman)
    with pytest.raises(DataError, match="no token in common"):
        rank_agreement(first, paper_cells([Hand(means(z=1))]), 2)


def test_ranks_are_told_with_their_sign():
    agreed = RankAgreement(-0.5, pd.DataFrame({"token": ["a", "b"]}))
    told = "Ranks of 2 tokens in one and other: Spearman −0.50."
    assert rank_sentence(agreed, "one", "other") == told
    alone = RankAgreement(math.nan, pd.DataFrame({"token": ["a"]}))
    assert rank_sentence(alone, "one", "other").endswith("Spearman not defined.")


def test_a_study_survives_its_file(tmp_path):
    study = paper_cells([Hand(HAND)])
    study.save(tmp_path / "study.parquet")
    back = TokenCells.load(tmp_path / "study.parquet")
    assert (back.settings, back.sources, back.pairs, back.cells) == (
        study.settings,
        study.sources,
        study.pairs,
        study.cells,
    )
    for name in LISTS:
        for one, other in zip(back.tokens[name], study.tokens[name], strict=True):
            assert list(one) == (pytest.approx(other) if name == "values" else other)
    pd.testing.assert_frame_equal(back.tokens.drop(columns=LISTS), study.tokens.drop(columns=LISTS))


def test_other_files_are_refused(tmp_path):
    other = tmp_path / "other.parquet"
    pd.DataFrame({"a": [1]}).to_parquet(other)
    with pytest.raises(DataError, match="it is not a lexical study"):
        TokenCells.load(other)
    other.write_text("text")
    with pytest.raises(DataError, match="can't be read as Parquet"):
        TokenCells.load(other)
    with pytest.raises(DataError, match=r"can't be read as Parquet \(FileNotFoundError"):
        TokenCells.load(tmp_path / "none.parquet")


def test_the_shipped_studies_are_of_both_models_and_hold_no_sentences():
    studies = TokenCells.shipped("paper")
    assert [study.model for study in studies] == ["shelf", "exact"]
    for study in studies:
        assert len(ranking(study)) >= 30
        assert study.cells == study.tokens["count"].sum()
        assert not study.tokens["token"].str.contains(" ").any()
