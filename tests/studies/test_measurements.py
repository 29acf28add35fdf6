"""What is measured of runs: by hand, matched by id, kept in small files."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from tests.corpus.factory import encoder
from tests.studies.factory import random_results, result, write_results
from xsb_core import DataError
from xsb_core.comparison.agreement import cell_agreement
from xsb_core.corpus.export import write_parquet
from xsb_core.corpus.manifest import Manifest
from xsb_core.corpus.results import Results
from xsb_core.corpus.run import run_corpus
from xsb_core.studies.agreement.by_score import between
from xsb_core.studies.agreement.pairs import pair_agreements
from xsb_core.studies.measurements import Measurements, measure_runs
from xsb_core.studies.runs import keys_of, pair_measures

CELLS = np.array([[1.0, -0.25, 0.5], [0.0, 0.25, -1.0], [0.125, 0.0, 0.0]])


def test_measures_by_hand(tmp_path):
    made = result(CELLS, (0.05, -0.2, 0.95), 0.7, residual_a=1e-3, residual_b=3e-3, layer=2)
    table = pair_measures(Results(write_results(tmp_path / "run", [made], ["first"])), "id")
    (row,) = table.to_dict("records")
    assert row == {
        "id": "first", "run": "plain", "model": "plain", "layer": 2, "cosine": "through",
        "blocks": 6, "shifted": False, "similarity": "cosine", "score": 0.7,
        "a_rb": 0.05, "b_ra": -0.2, "ra_rb": 0.95, "positive": 1.875, "negative": -1.25,
        "residual": 3e-3, "cells": 9,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"cosine": "through"}, "plain"),
        ({"cosine": "endpoint"}, "plain (endpoint)"),
        ({"cosine": "endpoint", "shifted": True}, "plain"),
        ({"cosine": "through", "shifted": True}, "plain (through)"),
        ({"cosine": None, "similarity": "dot"}, "plain"),
    ],
)
def test_runs_are_named_by_what_is_unusual(tmp_path, settings, name):
    folder = write_results(tmp_path / "run", [result(CELLS, **settings)])
    table = pair_measures(Results(folder), "id")
    assert table["run"].tolist() == [name]
    assert table["cosine"].tolist() == [settings["cosine"] or "none"]


def test_agreement_matches_pairs_by_id_in_any_order(tmp_path):
    first, second = random_results(6), random_results(6, 1, model="other")
    one = Results(write_results(tmp_path / "one", first, list("abcdef")))
    order = [4, 0, 2]
    other = write_results(tmp_path / "two", [second[i] for i in order], list("eac"))
    table = pair_agreements(one, Results(other), "id").set_index("id")
    assert sorted(table.index) == ["a", "c", "e"]
    for name, at in zip("aec", (0, 4, 2), strict=True):
        # results keep float32's precision
        expected = cell_agreement(first[at].matrix, second[at].matrix)
        assert table.loc[name, "spearman"] == pytest.approx(expected.spearman, abs=1e-6)
        assert table.loc[name, "jaccard_3"] == expected.jaccard_3
        assert table.loc[name, "score_2"] == pytest.approx(second[at].score)
    assert set(table["run_1"]) == {"plain"}
    assert set(table["run_2"]) == {"other"}


def test_ids_that_come_twice_give_way_to_rows(tmp_path):
    runs = [
        Results(write_results(tmp_path / str(seed), random_results(3, seed), ["x", "x", "y"]))
        for seed in (0, 1)
    ]
    other = Results(write_results(tmp_path / "other", random_results(3)))
    assert keys_of(*runs) == keys_of(other, runs[0]) == "row"
    assert keys_of(other) == "id"
    assert pair_agreements(*runs, "row")["id"].tolist() == ["0", "1", "2"]


def test_other_texts_under_one_id_are_refused(tmp_path):
    runs = [
        Results(write_results(tmp_path / "one", [result(CELLS)])),
        Results(write_results(tmp_path / "two", [result(np.ones((3, 5)), model="other")])),
    ]
    with pytest.raises(DataError, match="Pair 0 has other texts in other than in plain; give"):
        pair_agreements(*runs, "id")


def test_a_run_without_pairs_is_refused(tmp_path):
    folder = write_results(tmp_path / "run", [result(CELLS)])
    next(folder.glob("part-*")).unlink()
    with pytest.raises(DataError, match="hold no pairs yet; wait"):
        measure_runs([folder])


def test_a_run_of_rejects_only_says_why(tmp_path):
    run_corpus(encoder(), [("", ""), ("", "x")], tmp_path)
    with pytest.raises(DataError, match="all 2 rows were rejected, the first row because a is emp"):
        measure_runs([tmp_path])


def test_a_study_compares_runs_of_one_layer_and_is_kept(tmp_path):
    folders = [
        write_results(
            tmp_path / f"{model}{layer}", random_results(5, seed, model=model, layer=layer)
        )
        for seed, (model, layer) in enumerate([("m", 4), ("n", 4), ("m", 5), ("n", 5), ("m", 2)])
    ]
    single = tmp_path / "n5.parquet"
    write_parquet(Results(folders[3]), single)
    shares = []
    study = measure_runs([*folders[:3], single, folders[4]], shares.append)
    assert study.runs() == ["m", "n"]
    assert len(study.measures) == 25
    assert study.agreements.groupby("layer_1").size().to_dict() == {4: 5, 5: 5}
    assert shares == sorted(shares)
    assert shares[-1] == 1
    study.save(tmp_path / "kept")
    kept = Measurements.load(tmp_path / "kept")
    for name in ("measures", "agreements"):
        mine, theirs = getattr(study, name), getattr(kept, name)
        pd.testing.assert_frame_equal(mine, theirs, rtol=1e-6, check_dtype=False)


def test_runs_that_overlap_count_pairs_once(tmp_path):
    every = random_results(6)
    folders = [
        write_results(tmp_path / "all", every),
        write_results(tmp_path / "some", every[::2], ["0", "2", "4"]),
        write_results(tmp_path / "other", random_results(6, 1, model="other")),
    ]
    for order in ([0, 1, 2], [0, 2, 1]):
        study = measure_runs([folders[at] for at in order])
        assert study.measures.groupby("run").size().to_dict() == {"plain": 6, "other": 6}
        assert len(study.agreements) == 6


def test_runs_over_other_texts_are_refused_whether_compared_or_not(tmp_path):
    one = random_results(4)
    folders = [
        write_results(tmp_path / "one", one),
        write_results(tmp_path / "two", one[::-1], list("0123")),
    ]
    for agreements in (True, False):
        with pytest.raises(DataError, match=r"Pair 0 has other texts in plain, layer 4 \(of pairs"):
            measure_runs(folders, agreements=agreements)


@pytest.mark.parametrize(
    ("changes", "what"),
    [({"weights": "x"}, "weights"), ({"prompts": ("query", None)}, "prompts"), ({}, "tolerance")],
)
def test_two_kinds_of_run_under_one_name_are_refused(tmp_path, changes, what):
    folders = [write_results(tmp_path / name, random_results(3)) for name in ("one", "two")]
    manifest = Manifest.load(folders[1])
    shared = manifest.shared | ({} if changes else {"tolerance": 0.5})
    dataclasses.replace(manifest, shared=shared, **changes).save(folders[1])
    with pytest.raises(DataError, match=f"differs from an earlier run of plain in {what}"):
        measure_runs(folders)


def test_models_of_any_depth_meet_before_the_score(tmp_path):
    kinds = [("flat", 5, 6), ("deep", 11, 12), ("flat", 3, 6), ("deep", 10, 12)]
    folders = [
        write_results(
            tmp_path / f"{model}{layer}",
            random_results(3, layer, model=model, layer=layer, blocks=blocks),
        )
        for model, layer, blocks in kinds
    ]
    table = between(measure_runs(folders).agreements, "deep", "flat")
    assert table["layer"].tolist() == [11] * 3
    assert table["layer_2"].tolist() == [5] * 3
    assert table["blocks"].tolist() == [12] * 3


def test_a_folder_without_a_study_is_refused(tmp_path):
    with pytest.raises(DataError, match="holds no measurements"):
        Measurements.load(tmp_path)


def test_agreements_are_found_in_either_order(tmp_path):
    folders = [
        write_results(tmp_path / model, random_results(3, seed, model=model))
        for seed, model in enumerate("mn")
    ]
    table = measure_runs(folders).agreements
    expected = (table["score_1"] + table["score_2"]) / 2
    for runs in ("mn", "nm"):
        pd.testing.assert_series_equal(between(table, *runs)["score"], expected, check_names=False)
    with pytest.raises(DataError, match="no pairs that m and o share"):
        between(table, "m", "o")
