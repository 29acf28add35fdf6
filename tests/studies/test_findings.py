"""The paper's figures from tables made by hand, and what is said where they mean nothing."""

from math import isnan

import numpy as np
import pandas as pd
import pytest
from statsmodels.nonparametric.smoothers_lowess import lowess

from xsb_core import DataError
from xsb_core.studies.agreement.by_layer import agreement_by_layer
from xsb_core.studies.agreement.by_score import spearman_by_score
from xsb_core.studies.findings import spread
from xsb_core.studies.reference_terms import reference_terms
from xsb_core.studies.signs import sign_sums, treatments


def measures(count=40, run="plain", seed=0, **values):
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "id": [str(i) for i in range(count)],
            "run": run,
            "model": run.partition(" ")[0],
            "layer": 4,
            "cosine": "through",
            "blocks": 6,
            "shifted": False,
            "similarity": "cosine",
            "score": rng.uniform(0, 1, count),
            "a_rb": rng.uniform(-0.15, 0.15, count),
            "b_ra": rng.uniform(-0.15, 0.15, count),
            "ra_rb": rng.uniform(0.8, 1, count),
            "positive": rng.uniform(1, 3, count),
            "negative": -rng.uniform(0, 1, count),
        }
    )
    return table.assign(**values)


def agreements(scores, spearman, layer=4, runs=("m", "n")):
    return pd.DataFrame(
        {
            "id": [str(i) for i in range(len(scores))],
            "run_1": runs[0],
            "run_2": runs[1],
            "layer_1": layer,
            "layer_2": layer,
            "blocks_1": 6,
            "blocks_2": 6,
            "score_1": np.asarray(scores) - 0.1,
            "score_2": np.asarray(scores) + 0.1,
            "spearman": spearman,
            "pearson": 0.5,
            "jaccard_3": 0.2,
            "jaccard_10": np.nan,
            "cells": 9,
        }
    )


def test_spread_leaves_out_what_is_not_defined():
    found = spread(np.array([1.0, np.nan, 3.0]))
    assert (found.mean, found.deviation, found.count) == (2, 1, 2)
    assert str(found) == "2.00 ± 1.00"
    assert str(spread(np.array([np.nan]))) == "not defined"


def test_shares_of_reference_terms_by_hand():
    table = measures(4, a_rb=[0.1, -0.1, 0.11, 0], b_ra=[0, 0, -0.3, 0.05], ra_rb=[1, 0.9, 0.89, 1])
    # the same pairs at another layer have the same terms, and count once
    found = reference_terms(pd.concat([table, table.assign(layer=5)]), "plain")
    assert (found.pairs, found.within, found.below) == (4, 6 / 8, 1 / 4)
    assert sorted(found.similarities) == [-0.3, -0.1, 0, 0, 0, 0.05, 0.1, 0.11]
    first, second = found.beside()
    assert (first.paper, first.here) == ("85.8%", "75.0% (plain, 4 pairs)")
    assert (second.paper, second.here) == ("6.7%", "25.0% (plain, 4 pairs)")
    assert "Only 4 pairs: too few" in found.notes[0]
    assert found.table()["b_ra"].tolist() == [0, 0, -0.3, 0.05]
    assert found.table()["id"].tolist() == ["0", "1", "2", "3"]


def test_enough_pairs_need_no_warning():
    assert reference_terms(measures(30), "plain").notes == ()


def test_references_that_are_not_neutral_are_said():
    table = measures(a_rb=0.11, b_ra=[0.0] * 19 + [-0.5] * 21)
    said = "Only 23.8% of plain's similarities with references are within ±0.1"
    assert reference_terms(table, "plain").notes[0].startswith(said)
    assert sign_sums(table, "plain", 4).notes[0].startswith(said)
    half = table.assign(b_ra=0.0)
    assert reference_terms(half, "plain").notes == sign_sums(half, "plain", 4).notes == ()


def test_a_shifted_run_has_no_reference_terms():
    found = reference_terms(measures(shifted=True, a_rb=0.0, b_ra=0.0, ra_rb=0.0), "plain")
    assert found.beside() == []
    assert "all three terms vanish" in found.notes[0]


def test_dot_products_have_no_bounds():
    table = measures(similarity="dot")
    assert "dot product" in reference_terms(table, "plain").notes[0]
    signs = sign_sums(table, "plain", 4)
    assert signs.bound is None
    assert isnan(signs.above)
    assert signs.beside() == []


def test_a_run_that_is_not_there_is_named():
    with pytest.raises(DataError, match="no run other; there are plain"):
        reference_terms(measures(), "other")
    with pytest.raises(DataError, match="no run plain at layer 3"):
        sign_sums(measures(), "plain", 3)


def test_agreement_above_a_score_by_hand():
    table = agreements([0.2, 0.8, 0.9, 0.75, 0.95], [0.1, 0.5, 0.9, 0.3, np.nan])
    found = spearman_by_score(table, "n", "m", 4)
    assert (found.above.mean, found.above.count) == (pytest.approx(0.7), 2)
    assert found.above.deviation == pytest.approx(0.2)
    assert found.undefined == 1
    assert len(found.table) == 4
    assert found.beside()[0].here == "0.70 ± 0.20 (layer 4, 2 of 4 pairs)"
    assert found.beside()[0].paper.startswith("0.81 ± 0.07")
    assert "Only 2 pairs with a score above 0.75" in found.notes[0]
    assert "1 of 5 pairs have no rank correlation" in found.notes[1]


def test_no_pair_above_the_score_is_said():
    found = spearman_by_score(agreements([0.1, 0.2], [0.1, 0.2]), "m", "n", 4)
    assert found.beside()[0].here.startswith("not defined")
    assert found.notes[0].startswith("Only 0 pairs")


def test_means_by_layer_by_hand():
    table = pd.concat(
        [
            agreements([0.4, 0.6, 0.8], [0.9, 0.2, 0.4], 4),
            agreements([0.6], [0.5], 5),
        ]
    )
    found = agreement_by_layer(table, "m", "n", 0.5)
    means = found.table.set_index(["layer", "measure"])
    assert means.loc[(4, "spearman"), "mean"] == pytest.approx(0.3)
    assert means.loc[(4, "spearman"), "deviation"] == pytest.approx(0.1)
    assert means.loc[(5, "spearman"), "pairs"] == 1
    assert means.loc[(4, "jaccard_10"), "pairs"] == 0
    lines = {line.what: line for line in found.beside()}
    # layer 5 of 6 leaves one block, as layer 11 of 12 does
    assert lines["Jaccard, top 3, layer 5 of 6"].paper == "0.88 ± 0.17 (layer 11 of 12)"
    assert lines["Spearman, layer 4 of 6"].paper == "0.60 ± 0.13 (layer 10 of 12)"
    assert lines["Spearman, layer 4 of 6"].here == "0.30 ± 0.10 (2 pairs)"
    assert lines["Jaccard, top 10, layer 4 of 6"].here == "not defined"
    assert "at layer 4, 5: too few" in found.notes[0]
    assert "(4: 2, 5: 1)" in found.notes[1]


def test_above_takes_a_number():
    table = agreements([0.4, 0.6], [0.9, 0.2])
    with pytest.raises(ValueError, match=r"above a score, such as 0\.5, not nan"):
        agreement_by_layer(table, "m", "n", float("nan"))


def test_models_of_other_depth_have_their_own_layers():
    deep = agreements([0.6, 0.8], [0.5, 0.7], 5).assign(layer_2=11, blocks_2=12)
    found = agreement_by_layer(deep, "n", "m")
    # layer 11 of 12 is the paper's own
    (line,) = [line for line in found.beside() if line.what == "Jaccard, top 3, layer 11 of 12"]
    assert line.paper == "0.88 ± 0.17 (layer 11 of 12)"
    assert "m has 6 and meets them" in found.notes[0]
    assert agreement_by_layer(deep, "m", "n").beside()[0].what == "Spearman, layer 5 of 6"
    assert spearman_by_score(deep, "n", "m", 11).above.mean == pytest.approx(0.7)


def test_one_layer_is_said():
    found = agreement_by_layer(agreements([0.9] * 40, 0.5), "m", "n")
    assert found.notes == ("There is one layer only (4), so the effect of depth is not seen.",)


@pytest.mark.parametrize(("shifted", "bound", "share"), [(False, 2, 0.25), (True, 1, 0.75)])
def test_sums_above_the_bound_by_hand(shifted, bound, share):
    table = measures(4, positive=[0.5, 1.5, 1.9, 2.5], negative=[0, -1, 0, -0.4], shifted=shifted)
    found = sign_sums(table, "plain", 4)
    assert (found.bound, found.above) == (bound, share)
    assert found.total_above == (0.25 if bound == 2 else 0.5)
    assert found.smooth is None
    assert "No curves" in found.notes[1]


def test_curves_are_lowess_and_a_density():
    found = sign_sums(measures(200), "plain", 4)
    x, y = found.table["positive"].to_numpy(), found.table["negative"].to_numpy()
    expected = lowess(y, x, delta=0.01 * np.ptp(x))
    np.testing.assert_allclose(found.smooth, expected.T)
    places, heights = found.density
    assert np.trapezoid(heights, places) == pytest.approx(1, abs=0.01)
    # uniform between 1 and 3
    assert heights[np.abs(places - 2).argmin()] == pytest.approx(0.5, abs=0.1)
    assert found.notes == ()


def test_sums_all_alike_have_no_curves():
    found = sign_sums(measures(40, positive=1.0, negative=0.0), "plain", 4)
    assert found.smooth is None
    assert "whose sums differ" in found.notes[0]


def test_treatments_are_set_against_equation_2():
    expected = {"score": 0.6, "a_rb": 0.1, "b_ra": -0.1, "ra_rb": 0.9}  # 1.5
    through = measures(4, positive=[1.7] * 4, negative=-0.2, **expected)
    endpoint = measures(
        3,
        "plain (endpoint)",
        cosine="endpoint",
        positive=[2.2, 2.4, 1.9],
        negative=-0.1,
        **expected,
    )
    (found,) = treatments(pd.concat([through, endpoint]))
    assert (found.model, found.layer, found.pairs) == ("plain", 4, 3)
    assert found.expected == pytest.approx(1.5)
    assert found.through == pytest.approx((1.5, 0, 0))
    assert found.endpoint == pytest.approx((6.2 / 3, 0.8, 2 / 3))
    assert "artefact" in found.answer()
    assert "66.7%" in found.answer()
    assert "too few" in found.answer()


def test_sums_above_2_under_through_alone_are_not_explained_away():
    both = [measures(40, positive=2.5), measures(40, positive=1.5, cosine="endpoint")]
    (found,) = treatments(pd.concat(both))
    assert "exceed 2 in 0.0%, so the published treatment does not explain" in found.answer()
    (none,) = treatments(pd.concat([one.assign(positive=1.5) for one in both]))
    assert "no sum above 2 is left to explain" in none.answer()


def test_treatments_need_both_on_unshifted_models():
    endpoint = {"cosine": "endpoint"}
    assert treatments(measures()) == []
    shifted = [measures(shifted=True), measures(shifted=True, **endpoint)]
    assert treatments(pd.concat(shifted)) == []
