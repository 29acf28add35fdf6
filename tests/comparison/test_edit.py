"""Before and after a change of words: what moved adds up to the change of the score."""

import dataclasses

import pytest

from tests.figures.factory import make_result
from xsb_core.comparison.edit import edit_table

BEFORE = make_result(["hot", "tea"], ["warm", "tea"])
AFTER = make_result(["hot", "tea"], ["cold", "green", "tea"], seed=1)


def test_either_texts_changes_add_up_to_the_scores_change():
    table = edit_table(BEFORE, AFTER)
    for _, own in table.groupby("text"):
        assert own["change"].sum() == pytest.approx(AFTER.score - BEFORE.score, abs=1e-12)


def test_words_are_matched_across_the_change():
    table = edit_table(BEFORE, AFTER)
    pairs = table.loc[table["text"] == "B", ["before", "after"]].to_numpy().tolist()
    assert pairs == [
        ["[CLS]", "[CLS]"], ["warm", "cold"], ["", "green"], ["tea", "tea"], ["[SEP]", "[SEP]"],
    ]  # fmt: skip
    new = table[table["after"] == "green"].iloc[0]
    assert new["total_before"] == 0
    assert new["total_after"] == pytest.approx(AFTER.net_matrix[:, 2].sum())


def test_results_of_two_layers_are_refused():
    with pytest.raises(ValueError, match="one model and layer"):
        edit_table(BEFORE, dataclasses.replace(AFTER, layer=3))
