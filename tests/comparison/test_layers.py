"""One pair by layer: totals and correlations by hand, partners by depth."""

import numpy as np
import pytest

from tests.figures.factory import make_result
from xsb_core import Look
from xsb_core.comparison.agreement import agreement, cell_agreement
from xsb_core.comparison.layers import (
    by_depth,
    cost_table,
    depth_notes,
    depth_table,
    layer_correlations,
    model_agreements,
    token_totals,
)
from xsb_core.comparison.pair_depths import layer_rounds, pair_depths, pair_notes, partner_notes

A, B = ["not", "good"], ["very", "fine", "indeed"]


def results(layers, **changes):
    return [make_result(A, B, seed=layer, layer=layer, **changes) for layer in layers]


def test_totals_are_sums_of_rows_and_columns_shallowest_first():
    deep, shallow = results([5, 2])
    depths = by_depth([deep, shallow])
    assert depths.layers == [2, 5]
    totals_a, totals_b = token_totals(depths)
    np.testing.assert_allclose(
        totals_a, np.stack([shallow.net_matrix.sum(1), deep.net_matrix.sum(1)], 1)
    )
    np.testing.assert_allclose(totals_b[:, 1], deep.net_matrix.sum(0))
    inner_a, inner_b = token_totals(depths, look=Look(special=False))
    np.testing.assert_allclose(inner_a[:, 0], shallow.net_matrix[1:-1, 1:-1].sum(1))
    assert inner_b.shape == (3, 2)


def test_correlations_of_every_two_layers():
    depths = by_depth(results([1, 3, 5]))
    found = layer_correlations(depths)
    np.testing.assert_allclose(np.diag(found), 1)
    np.testing.assert_allclose(found, found.T)
    one, other = depths.results[0], depths.results[2]
    assert found[0, 2] == pytest.approx(agreement(one, other).spearman)
    inner = layer_correlations(depths, look=Look(special=False))
    assert inner[0, 2] == pytest.approx(agreement(one, other, Look(special=False)).spearman)


def test_equal_cells_have_no_correlation_and_it_is_said():
    zeros = {"matrix": np.zeros((4, 5)), "border_a": np.zeros(4), "border_b": np.zeros(5)}
    flat = make_result(A, B, layer=2, **zeros)
    depths = by_depth([flat, make_result(A, B, layer=3)])
    assert np.isnan(layer_correlations(depths)).tolist() == [[True, True], [True, False]]
    assert "all cells" in depth_notes([depths])[0]


def test_one_layer_and_missed_tolerance_are_said():
    (alone, missed) = depth_notes([by_depth(results([4], converged=False))])
    assert "one layer of sentence-transformers/all-MiniLM-L6-v2 only (4)" in alone
    assert "misses the tolerance at layer 4" in missed


def test_cost_by_layer():
    depths = by_depth(results([4, 5], residual_b=2e-3, nodes_a=9, nodes_b=7))
    table = cost_table([depths])
    assert table["model"].tolist() == [depths.model] * 2
    assert table["layer"].tolist() == [4, 5]
    assert table["residual"].tolist() == [2e-3] * 2
    assert table["nodes"].tolist() == [9] * 2
    assert table["sum_matrix"].tolist() == [r.sum_matrix for r in depths.results]


@pytest.mark.parametrize(
    ("blocks", "other", "expected"),
    [
        (6, 6, [[(0, 5), (1, 5)], [(0, 3), (1, 3)]]),
        (6, 12, [[(0, 5), (1, 11)], [(0, 3), (1, 9)]]),
        (6, 2, [[(0, 5), (1, 1)], [(0, 3)]]),
    ],
)
def test_partners_leave_as_many_blocks(blocks, other, expected):
    assert layer_rounds([blocks, other], [3, 5]) == expected
    # a layer that the first model lacks is told of where it is attributed
    assert layer_rounds([blocks], [3, 99]) == [[(0, 99)], [(0, 3)]]


def test_layers_without_a_partner_are_told():
    assert partner_notes([6, 2], [3, 5]) == [
        "Model 2 has 2 blocks, so it has no counterpart of layer 3."
    ]
    assert partner_notes([6, 6], [3, 5]) == []


def test_a_model_without_results_is_refused():
    with pytest.raises(ValueError, match="Model 2 has no counterpart of layer 3, 4 of the other"):
        pair_depths([results([3, 4]), []])
    with pytest.raises(ValueError, match="Model 1 has no counterpart of layer 5 of the other"):
        pair_depths([[], results([5])])
    with pytest.raises(ValueError, match="got none; attribute a pair first"):
        pair_depths([])


def test_models_meet_at_equal_distance_from_the_score():
    first = by_depth(results([3, 5]))
    second = by_depth(results([11], blocks=12))
    found = model_agreements(first, second)
    assert found == {5: cell_agreement(first.results[1].net_matrix, second.results[0].net_matrix)}


def test_one_model_as_words():
    (depths,) = pair_depths([results([4, 5])], "sum")
    assert {result.words for result in depths.results} == {"sum"}


def test_two_models_get_the_same_rows():
    first, second = results([4, 5]), results([4, 5], model="other")
    one, other = pair_depths([first, second])
    assert one.results[0].a.tokens == other.results[1].a.tokens
    np.testing.assert_allclose(one.results[1].matrix, first[1].matrix)
    np.testing.assert_allclose(other.results[0].matrix, second[0].matrix)


def test_what_to_know_of_two_models_is_said_and_of_one_nothing():
    dot = results([4], similarity="dot", cosine=None)
    (units,) = pair_notes([results([4]), dot])
    assert units.startswith("Model 2 compares by dot product")
    assert pair_notes([dot]) == []


def test_table_names_model_and_layer():
    table = depth_table([by_depth(results([4, 5]))], look=Look(special=False))
    assert table.columns[:2].tolist() == ["model", "layer"]
    assert len(table) == 2 * 2 * 3
    assert set(table["layer"]) == {4, 5}
    assert set(table["model"]) == {"sentence-transformers/all-MiniLM-L6-v2"}
    same = by_depth(results([5]))
    assert depth_table([same, same])["model"].unique().tolist() == [
        "1: sentence-transformers/all-MiniLM-L6-v2",
        "2: sentence-transformers/all-MiniLM-L6-v2",
    ]


def test_other_texts_are_refused():
    with pytest.raises(ValueError, match="layer 5 has other tokens than layer 4"):
        by_depth([make_result(A, B, layer=4), make_result(B, A, layer=5)])
    with pytest.raises(ValueError, match=r"each layer once, got \[4, 4\]"):
        by_depth(results([4, 4]))
    with pytest.raises(ValueError, match="one layer at least, got none"):
        by_depth([])
