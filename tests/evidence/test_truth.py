"""Where the right cells are known, methods that have them must win, and others must not."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from tests.evidence.planted import bilinear, planted
from xsb_core import DataError, Recipe, attribute, load_encoder
from xsb_core.cli import main
from xsb_core.encoders.references import REFERENCES
from xsb_core.evidence import methods as module
from xsb_core.evidence.deletion import Deletions, aopc, infidelity
from xsb_core.evidence.findings import (
    evidence_findings,
    evidence_summary,
    most_faithful,
    with_others,
)
from xsb_core.evidence.measure import alignment_figures, measure_evidence
from xsb_core.evidence.methods import Claim, each_method
from xsb_core.figures.findings import draw
from xsb_core.tables.reading import open_pairs

ASKED = ("net", "paper", "interactions", "exact-match", "random")


@pytest.fixture
def gold(tmp_path):
    return planted(tmp_path)


def by_method(table: pd.DataFrame, name: str) -> pd.Series:
    return table.groupby("method")[name].mean()


@pytest.fixture
def broken(monkeypatch):
    """Methods that must fail: one number everywhere, and the right cells with the wrong sign."""
    constant = lambda claims, pair, result: module._of_cells(np.ones_like(result.matrix))  # noqa: E731
    negated = lambda claims, pair, result: module._of_cells(-result.net_matrix)  # noqa: E731
    monkeypatch.setitem(module._METHODS, "constant", constant)
    monkeypatch.setitem(module._METHODS, "negated", negated)


@pytest.mark.usefixtures("broken")
def test_right_cells_find_all_planted_links_and_broken_ones_do_not(gold, tmp_path):
    table = measure_evidence(bilinear(), gold, tmp_path / "out", [*ASKED, "constant", "negated"])
    found = by_method(table, "average_precision")
    prevalence = 3 / 49
    assert found["net"] == found["paper"] == found["interactions"] == 1.0
    assert found["constant"] == pytest.approx(prevalence)
    assert found["exact-match"] == pytest.approx(prevalence)  # no word stands on both sides
    assert found["negated"] <= 0.07
    # chance: the mean precision of three links among 49 cells in random order, by simulation
    assert found["random"] == pytest.approx(0.13, abs=0.05)
    f1 = evidence_summary(table).query("measure == 'f1'").set_index("method")["value"]
    assert f1["net"] == 1.0
    assert f1["constant"] == pytest.approx(2 * 3 / (49 + 3))


@pytest.mark.usefixtures("broken")
def test_deletion_orders_methods_as_the_truth_does(gold, tmp_path):
    pairs = open_pairs([(one.a, one.b) for one in gold])
    asked = ["net", "leave-one-out", "interactions", "random", "constant", "negated"]
    table = measure_evidence(bilinear(), pairs, tmp_path / "out", asked)
    falls = by_method(table, "comprehensiveness")
    kept = by_method(table, "sufficiency")
    for best in ("net", "leave-one-out", "interactions"):
        for worse in ("random", "constant"):
            assert falls[best] > falls[worse] + 0.01 > falls["negated"] + 0.02
            assert kept[best] < kept[worse] - 0.01 < kept["negated"] - 0.02
    assert abs(falls["constant"] - falls["random"]) < 0.015  # constant totals are as chance
    assert by_method(table, "leave_one_out")["net"] > 0.8
    unexplained = by_method(table, "infidelity")
    assert unexplained["interactions"] == pytest.approx(0, abs=1e-12)
    assert unexplained["net"] < 0.5 < unexplained["random"]
    assert unexplained["negated"] == 1.0


def test_interactions_are_the_cells_of_a_bilinear_score(monkeypatch):
    encoder = bilinear()
    result = attribute(encoder, "a1 x3 a2 x5", "x9 b2 b1")
    mean = encoder.model.encode

    def total(texts, **options):
        """Σ in place of the mean, so that deleting a word takes its terms and nothing else."""
        return mean(texts, **options) * np.array([[len(text.split())] for text in texts])

    monkeypatch.setattr(encoder.model, "encode", total)
    pair = Deletions(encoder, result)
    assert pair.interactions == pytest.approx(result.matrix * 12, abs=1e-12)
    assert infidelity(result.matrix, pair.interactions) == pytest.approx(0, abs=1e-12)
    assert pair.leave_one_out[0] == pytest.approx([1, 0, 1, 0])
    # by hand: half of four and of three words is two; both linked words of each go first
    assert aopc(pair, pair.leave_one_out) == pytest.approx((1.5, 0.5))
    assert aopc(pair, (np.array([0, 1, 0, 1.0]), np.array([1, 0, 0.5]))) == pytest.approx(
        ((0 + 0) / 4 + (0 + 1) / 4, (2 + 2) / 4 + (2 + 1) / 4)
    )


def test_opposites_are_apart_and_links_count_by_weight():
    cells = np.array([[0.9, 0.1], [-0.4, 0.5]])
    weights = np.array([[1.0, 0.0], [0.8, 0.2]])
    opposed = np.array([[False, False], [True, False]])
    figures = alignment_figures(cells, weights, opposed)
    assert figures["average_precision"] == 1.0
    assert figures["opposed"] == 1.0
    assert figures["links"] == [1.0, 0.0, 0.2]
    worse = alignment_figures(-cells, weights, opposed)
    # 0.1 first, then 0.5 (a fifth of a link), then 0.9: precisions 0.2/1.2 and 1.2/2.2
    expected = (0.2 * (0.2 / 1.2) + 1.0 * (1.2 / 2.2)) / 1.2
    assert worse["average_precision"] == pytest.approx(expected)
    assert worse["opposed"] == 0.0


def test_words_take_the_sum_or_the_mean_of_their_tokens():
    claim = Claim(np.array([1.0, 2, 4]), np.array([1.0, 3]), np.arange(6.0).reshape(3, 2))
    summed = claim.grouped(((0,), (1, 2)), ((0, 1),))
    assert summed.totals_a.tolist() == [1, 6]
    assert summed.cells.tolist() == [[1], [14]]
    mean = dataclasses.replace(claim, adds=False).grouped(((0,), (1, 2)), ((0, 1),))
    assert mean.totals_b.tolist() == [2]
    assert mean.cells.tolist() == [[0.5], [3.5]]


def test_a_run_is_gone_on_with(gold, tmp_path, monkeypatch):
    recipe = Recipe()
    whole = measure_evidence(bilinear(), gold, tmp_path / "whole", ASKED, recipe)
    seen = []

    def stop(share: float) -> None:
        seen.append(share)
        if share > 0.8:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        measure_evidence(bilinear(), gold, tmp_path / "out", ASKED, recipe, progress=stop)
    (folder,) = (tmp_path / "out").glob("measured-*")
    first = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert 0 < len(first) < 3
    again = measure_evidence(bilinear(), gold, tmp_path / "out", ASKED, recipe)
    assert all(path.stat().st_mtime_ns == time for path, time in first.items())
    pd.testing.assert_frame_equal(again, whole)


def test_what_ships_is_brought_up_to_date(tmp_path):
    path = tmp_path / "summary.parquet"
    old = pd.DataFrame(
        {
            "model": ["m"] * 3,
            "method": ["net", "net", "net@3"],
            "measure": ["f1", "opposed", "f1"],
            "value": [0.1, 0.2, 0.4],
        }
    )
    with_others(old, path).to_parquet(path)
    new = pd.DataFrame({"model": ["/folder/m"], "method": ["net"], "measure": ["f1"]})
    found = with_others(new.assign(value=0.3), path)
    assert found["model"].tolist() == ["m", "m", "m"]
    assert found["value"].tolist() == [0.2, 0.4, 0.3]


def test_the_command_of_a_pair_and_of_wrong_arguments(tmp_path, capsys):
    assert main(["evidence", "A man eats.", "A man is eating.", "--layer", "5"]) == 0
    assert "comprehensiveness" in capsys.readouterr().out
    assert main(["evidence", "a", "b", "c"]) == 2
    assert "two texts, or one file of pairs" in capsys.readouterr().err
    path = tmp_path / "gold.txt"
    path.write_text("a dog ||| the dog ||| 1-1\n")
    out = ["--out", str(tmp_path / "out"), "--layer", "5", "--methods", "net,exact-match"]
    study = tmp_path / "s.parquet"
    assert main(["evidence", "--gold", str(path), *out, "--study", str(study)]) == 0
    assert set(pd.read_parquet(study)["measure"]) == {"average_precision", "f1"}
    assert main(["evidence", "--gold", str(path), *out[:-1], "magic"]) == 2
    assert "no method 'magic'" in capsys.readouterr().err


def test_layers_and_references_stand_beside_each_other(tmp_path):
    encoder = load_encoder(device="cpu")
    pairs = open_pairs([("A man eats.", "A man is eating food."), ("Two dogs run.", "A dog runs.")])
    asked = ["net", "net@4", "net@5/all", "random"]
    table = measure_evidence(encoder, pairs, tmp_path, asked, Recipe(layer=4))
    names = ["net", "net@4", *(f"net@5/{kind}" for kind in REFERENCES), "random"]
    assert table["method"].tolist() == 2 * names
    assert table["layer"].tolist() == 2 * [4, 4, 5, 5, 5, 5, 4]
    first = table.set_index("method").iloc[: len(names)]
    figures = first[["leave_one_out", "interaction", "infidelity"]]
    assert figures.loc["net"].tolist() == figures.loc["net@4"].tolist()
    assert len(figures.loc["net@5/padding":"net@5/empty"].drop_duplicates()) == 4
    summary = evidence_summary(table)
    assert set(summary["reference"]) == set(REFERENCES)
    findings = evidence_findings(summary)
    charts = findings.charts
    assert set(charts["infidelity"].data[0]["method"]) == {"net", "random"}
    drawn = draw(next(charts[name] for name in charts if name.startswith("infidelity_by_layer")))
    assert {line.name for line in drawn.data} == {f"net, {kind}" for kind in REFERENCES}
    assert "The most faithful totals" in findings.answers[0]


def test_all_stands_for_each_and_wrong_names_are_told():
    assert each_method(["net@all", "random"], 2) == ["net@0", "net@1", "random"]
    assert each_method(["paper@1/all"], 2)[1] == "paper@1/mask"
    for wrong in ("net@x", "random@1", "net@1/none", "net/mask", "net@"):
        with pytest.raises(DataError, match="There is no method"):
            each_method([wrong], 2)


def test_a_baseline_that_wins_is_named():
    rows = [
        {"model": "m", "layer": 4, "reference": "padding", "method": method, "pairs": 40,
         "measure": measure, "value": value, "low": value, "high": value}
        for method, measure, value in (
            ("net", "comprehensiveness", 0.4), ("leave-one-out", "comprehensiveness", 0.5),
            ("random", "comprehensiveness", 0.1), ("net", "infidelity", 0.6),
            ("maxsim", "infidelity", 0.5),
        )
    ]  # fmt: skip
    said = most_faithful(pd.DataFrame(rows))
    assert "net for m (0.400 [0.400, 0.400])" in said
    assert said.endswith("A baseline wins: maxsim in infidelity of m (0.500, net 0.600).")
    assert most_faithful(pd.DataFrame(rows[:3])).endswith("A baseline wins: nowhere here.")
