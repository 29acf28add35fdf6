"""``probe negation`` and ``probe adjectives`` on the command line."""

import json

import pandas as pd
import pytest

from tests.corpus.factory import saved
from xsb_core.cli import main


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return saved(tmp_path_factory.mktemp("model") / "tiny")


@pytest.fixture
def texts(tmp_path):
    path = tmp_path / "texts.csv"
    path.write_text("t,n\n=a dog is not a cat,1\na dog,2\nhe didn't run,3\n", encoding="utf-8")
    return str(path)


def test_negation_writes_table_figure_and_study(tmp_path, capsys, model, texts):
    out, study = tmp_path / "out", tmp_path / "studies" / "s.parquet"
    options = ["--model", model, "--layer", "1", "--out", str(out), "--study", str(study)]
    assert main(["probe", "negation", texts, *options]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{model}: ")  # the answer first
    assert "\nNote: 1 sentence of t in " in said
    table = pd.read_csv(out / "negation.csv")
    assert list(table["text"]) == ["'=a dog is not a cat"]  # no formula
    rows = json.loads((out / "negation.json").read_text())["rows"]
    assert rows[0]["total"] == pytest.approx(table["total"][0])
    page = (out / "negation.html").read_text()
    assert "negation's share of the score" in page
    assert "https://cdn" not in page.split("<body>")[1]
    shipped = pd.read_parquet(study)
    assert "text" not in shipped
    assert shipped["total"][0] == pytest.approx(table["total"][0])


def test_any_negation_and_two_models(tmp_path, capsys, model, texts):
    out = tmp_path / "out"
    options = ["--model", model, "--model", model, "--layer", "1", "--out", str(out)]
    assert main(["probe", "negation", texts, "--rule", "any", *options]) == 0
    table = pd.read_csv(out / "negation.csv")
    assert list(table["form"]) == ["not", "n't"]  # the same model twice is one


@pytest.mark.parametrize("probe", ["negation", "adjectives"])
def test_an_out_that_is_no_folder_is_refused_before_any_work(capsys, texts, probe):
    arguments = [probe, texts, "--model", "/nowhere", "--out", texts]
    assert main(["probe", *arguments]) == 2
    assert f"{texts} can't be written: {texts} is no folder" in capsys.readouterr().err


def test_what_is_left_out_is_said(tmp_path, capsys, model):
    path = tmp_path / "texts.csv"
    path.write_text("t\na dog is not a cat\na café is not a cat\n", encoding="latin-1")
    options = ["--model", model, "--layer", "1", "--out", str(tmp_path / "out")]
    assert main(["probe", "negation", str(path), *options]) == 0
    said = capsys.readouterr().out.splitlines()
    found, (of, left_out) = said[0], [line for line in said if line.startswith("Note: ")]
    assert of.startswith("Note: 2 sentences of t")
    start = "1 of them left out, first row 1 (from 0) of t: the sentence: The text has a byte"
    assert start in left_out
    assert "of 1 negations" in found


def test_adjectives_write_table_and_figure(tmp_path, capsys, model):
    out = tmp_path / "out"
    triplets = tmp_path / "t.csv"
    triplets.write_text("anchor,synonym,opposite\nwet,damp,dry\n", encoding="utf-8")
    options = ["--model", model, "--layer", "1", "--out", str(out)]
    templates = ["--template", "a ___ dog", "--template", "the cat is ___"]
    assert main(["probe", "adjectives", str(triplets), *templates, *options]) == 0
    assert "1 triplet in 2 templates" in capsys.readouterr().out
    table = pd.read_csv(out / "adjectives.csv")
    assert list(table["text_b"]) == [
        "a damp dog",
        "a dry dog",
        "the cat is damp",
        "the cat is dry",
    ]
    assert "attribution to the adjective pair" in (out / "adjectives.html").read_text()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["negation", "nowhere.csv"], "nowhere.csv can't be read"),
        (["negation", "{texts}", "--rule", "most"], "plain, any, words"),
        (["negation", "{texts}", "--column", "z"], "no column 'z'"),
        (["negation", "{texts}", "--layer", "9"], "Layer 9 is out of range"),
        (["negation", "{texts}", "--study", "{texts}/s.parquet"], "give another --study"),
        (["adjectives", "--study", "."], "it is a folder; give another --study"),
        (["adjectives", "--template", "no gap"], "has no slot"),
        (["adjectives", "{texts}"], "expected anchor, synonym, opposite"),
    ],
)
def test_errors_are_one_sentence_and_code_two(tmp_path, capsys, model, texts, arguments, sentence):
    given = [argument.format(texts=texts) for argument in arguments]
    out = tmp_path / "out"
    assert main(["probe", *given, "--model", model, "--out", str(out)]) == 2
    said, told = capsys.readouterr()
    assert said == ""
    assert sentence in told
    assert told.count("\n") == 1
    assert not out.exists()
