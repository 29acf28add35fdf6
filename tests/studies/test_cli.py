"""``analyse`` on the command line: data, a figure, and words where they mean nothing."""

import numpy as np
import pandas as pd
import pytest

from tests.corpus.factory import saved
from tests.studies.factory import random_results, result, write_results
from tests.zoo import save_model
from xsb_core.cli import main
from xsb_core.corpus.export import write_parquet
from xsb_core.corpus.results import Results
from xsb_core.studies.measurements import STSB, Measurements


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Two models at two layers on random data."""
    root = tmp_path_factory.mktemp("runs")
    kinds = [("m", 4), ("n", 4), ("m", 5), ("n", 5)]
    return [
        write_results(root / f"{model}{layer}", random_results(12, at, model=model, layer=layer))
        for at, (model, layer) in enumerate(kinds)
    ]


def analyse(capsys, *arguments: object) -> str:
    assert main(["analyse", *map(str, arguments)]) == 0
    return capsys.readouterr().out


def test_references(tmp_path, capsys, folders):
    said = analyse(capsys, "references", folders[0], "--out", tmp_path)
    table = pd.read_csv(tmp_path / "references.csv")
    within = (table[["a_rb", "b_ra"]].abs() <= 0.1).to_numpy().mean()
    assert f"{100 * within:.1f}% (m, 12 pairs); the paper: 85.8%" in said
    assert "Note: Only 12 pairs" in said
    page = (tmp_path / "references.html").read_text()
    assert "Beside the paper" in page
    assert "85.8%" in page
    assert "http" not in page.partition("<body>")[2].partition("<script")[0]


def test_agreement(tmp_path, capsys, folders):
    single = tmp_path / "n5.parquet"
    write_parquet(Results(folders[3]), single)
    said = analyse(
        capsys, "agreement", *folders[:3], single, "--out", tmp_path, "--data", "parquet",
        "--above", "0.3",
    )  # fmt: skip
    table = pd.read_parquet(tmp_path / "agreement.parquet")
    high = table[(table["layer"] == 5) & (table["score"] > 0.3)]
    mean = f"{high['pearson'].mean():.2f} ± {high['pearson'].std(ddof=0):.2f}"
    assert f"Pearson, layer 5 of 6: {mean} ({len(high)} pairs)" in said
    assert "layer 5, " in said
    assert (tmp_path / "agreement.html").exists()
    said = analyse(capsys, "agreement", *folders, "--out", tmp_path, "--layer", 4)
    assert "layer 4, " in said


def test_signs(tmp_path, capsys, folders):
    said = analyse(capsys, "signs", *folders[:2], "--out", tmp_path)
    table = pd.read_csv(tmp_path / "signs.csv")
    above = 100 * (table.loc[table["run"] == "m", "positive"] > 2).mean()
    assert f"{above:.1f}% (m, layer 4, 12 pairs)" in said


def test_measures_are_figures_only(tmp_path, capsys, folders):
    said = analyse(capsys, "measures", *folders, "--out", tmp_path)
    assert "48 rows of measures, 24 rows of agreements, of m, n" in said
    study = Measurements.load(tmp_path)
    assert len(study.measures) == 48
    assert {path.name for path in tmp_path.iterdir()} == {
        "measures.parquet",
        "agreements.parquet",
    }
    assert not {"text_a", "matrix", "tokens_a"} & {*study.measures, *study.agreements}


@pytest.mark.parametrize("command", ["references", "agreement", "signs"])
def test_cells_all_alike_do_not_crash(tmp_path, capsys, command):
    folders = [
        write_results(tmp_path / model, [result(np.full((3, 4), 0.1), model=model)] * 3)
        for model in ("m", "n")
    ]
    said = analyse(capsys, command, *folders, "--out", tmp_path / "out")
    expected = {
        "references": "Only 3 pairs",
        "agreement": "3 of 3 pairs have no rank correlation",
        "signs": "No curves are drawn",
    }
    assert expected[command] in said
    if command == "agreement":
        assert "There is one layer only" in said


def test_layers(tmp_path, capsys):
    model = saved(tmp_path / "tiny")
    analyse(
        capsys, "layers", "Two dogs run.", "A cat sat.", "--model", model, "--out", tmp_path,
        "--layer", 0, "--layer", 1, "--words", "sum",
    )  # fmt: skip
    table = pd.read_csv(tmp_path / "layers.csv")
    assert sorted(table["layer"].unique()) == [0, 1]
    assert "dogs" in set(table["token_a"])
    assert (tmp_path / "layers.html").exists()
    said = analyse(capsys, "layers", "Two", "A", "--model", model, "--out", tmp_path, "--layer", 1)
    assert "There is one layer" in said


def test_layers_without_a_counterpart_are_told(tmp_path, capsys):
    deep = saved(tmp_path / "deep")
    flat = save_model(tmp_path / "flat", "roberta", blocks=1, hidden=16, heads=2)
    texts = ["layers", "He isn't unhappy.", "A well-known café", "--out", tmp_path / "out"]
    texts += ["--model", deep, "--model", flat]
    said = analyse(capsys, *texts, "--layer", 0, "--layer", 1)
    assert "Model 2 has 1 block, so it has no counterpart of layer 0." in said
    assert "so they are compared by words" in said
    assert main(list(map(str, ["analyse", *texts, "--layer", 0]))) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("Model 2 has no counterpart of layer 0")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["references", "/nowhere", "--out", "x"], "/nowhere holds no results"),
        (["agreement", "{0}", "--out", "x"], "between two runs, but these results are of 1 (m)"),
        (["agreement", "{0}", "{3}", "--out", "x"], "no pairs that m and n share at one layer"),
        (["agreement", "{0}", "{1}", "--out", "x", "--layer", "2"], "layers 4, not 2"),
        (["signs", "{0}", "--out", "x", "--data", "xls"], "--data is csv or parquet, not 'xls'"),
        (["signs", "{0}", "--out", "{0}/manifest.json"], "can't be written"),
        (["measures", "{0}", "--out", "{0}/manifest.json"], "is no folder; give another --out"),
        (
            ["layers", "a", "b", "--out", "x", "--layer", "-1", "--layer", "5"],
            "Layer -1 is out of range",
        ),
        (["layers", "a", "b", "--out", "x"] + 3 * ["--model", "shelf"], "once or twice, not 3"),
    ],
)
def test_mistakes_are_one_sentence(capsys, folders, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    assert main(["analyse", *(one.format(*folders) for one in arguments)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert message in line


def test_shipped_study():
    study = Measurements.load(STSB)
    assert set(study.runs()) >= {"shelf", "tuned", "exact"}
    assert sum(path.stat().st_size for path in STSB.iterdir()) < 15e6
    counts = study.measures.groupby(["run", "layer"]).size()
    for run in ("shelf", "tuned", "exact", "shelf (endpoint)", "tuned (endpoint)"):
        assert counts[run].to_dict() == dict.fromkeys(range(6), 1379)
    assert not {"text_a", "matrix", "tokens_a"} & {*study.measures, *study.agreements}
