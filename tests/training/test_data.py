"""Scored pairs: what is read, and what is refused before a training starts."""

import numpy as np
import pytest

from tests.training.factory import pairs, write_csv
from xsb_core import DataError
from xsb_core.training.data import evaluation_pairs, load_splits, read_scored

STSB = 'a plane,an air plane,5.0\n"one, two",three,2.5\n'


def refusal(path, text: str | bytes) -> str:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(DataError) as caught:
        read_scored(path)
    message = str(caught.value)
    assert message.startswith(str(path))
    assert message.endswith(".")
    assert "\n" not in message
    return message


def test_without_a_header(tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text(STSB)
    read = read_scored(path)
    assert read.a == ("a plane", "one, two")
    assert read.b == ("an air plane", "three")
    np.testing.assert_allclose(read.scores, [1.0, 0.5])


@pytest.mark.parametrize(
    "text",
    [
        "sentence1,sentence2,score\nx,y,3\n",
        "score,sentence2,id,sentence1\n3,y,77,x\n",
        "\ufeffText_A,Text_B,Similarity\nx,y,3\n\n",
        "left,right,label\nx,y,3\n",
    ],
)
def test_columns_are_found_by_the_header(tmp_path, text):
    path = tmp_path / "pairs.csv"
    path.write_text(text, encoding="utf-8")
    read = read_scored(path)
    assert (read.a, read.b, read.scores.tolist()) == (("x",), ("y",), [0.6])


def test_another_top_score_and_tabs(tmp_path):
    path = tmp_path / "pairs.tsv"
    path.write_text("a, b\tc\t0.25\n")
    assert read_scored(path, top_score=1.0).scores.tolist() == [0.25]
    assert read_scored(path).a == ("a, b",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("sentence1,sentence2,score\n", "header but no rows"),
        ("sentence1,sentence2\nx,y\n", "no column of scores"),
        ("sentence1,score\nx,3\n", "no two columns of texts"),
        ("x,3\n", "line 1 has 2 columns"),
        (STSB + "x,y\n", "line 3 has 2 columns"),
        (STSB + "x,y,\n", "line 3 has no score"),
        (STSB + "x,,3\n", "line 3 has no second text"),
        (STSB + " ,y,3\n", "line 3 has no first text"),
        (STSB + "x,y,good\n", "line 3: the score must be a number, not 'good'"),
        (STSB + "x,y,nan\n", "must be a number"),
        (STSB + "x,y,5.1\n", "line 3: the score 5.1 is out of range; scores go from 0 to 5"),
        (STSB + "x,y,-0.1\n", "out of range"),
        (STSB + "x,y,inf\n", "out of range"),
        ('x,"two\nlines",2\nx,y,\n', "line 3 has no score"),
        ("sentence1,sentence2,score\nx,y\n".encode("utf-16"), "is not UTF-8"),
        (b"PK\x03\x04\xff\xfe\x00", "is not UTF-8"),
    ],
)
def test_bad_files_are_refused_by_line_or_column(tmp_path, text, words):
    assert words in refusal(tmp_path / "pairs.csv", text)


def test_a_missing_file(tmp_path):
    with pytest.raises(DataError, match="can't be read: No such file"):
        read_scored(tmp_path / "none.csv")


def test_a_folder_gives_its_three_files(tmp_path):
    for seed, name in enumerate(("my-train.csv", "my-valid.csv", "my-test.csv")):
        write_csv(tmp_path / name, pairs(10 + seed, seed))
    splits = load_splits(tmp_path)
    assert [len(part) for part in (splits.train, splits.dev, splits.test)] == [10, 11, 12]
    assert splits.name == tmp_path.name
    assert evaluation_pairs(tmp_path).a == splits.test.a
    (tmp_path / "my-valid.csv").unlink()
    with pytest.raises(DataError, match="one CSV whose name contains dev or valid; found: none"):
        load_splits(tmp_path)


@pytest.mark.parametrize("top", [0.0, -5.0, float("nan"), float("inf")])
def test_top_scores_that_nothing_can_be_divided_by(tmp_path, top):
    path = write_csv(tmp_path / "pairs.csv", pairs(12, 0))
    with pytest.raises(DataError, match="highest possible score must be a number above 0; got"):
        read_scored(path, top)


def test_names_of_files_in_any_case(tmp_path):
    for name in ("Train.csv", "DEV.csv", "Test.CSV"):
        write_csv(tmp_path / name, pairs(12, 0))
    assert len(load_splits(tmp_path).dev) == 12


def test_a_single_file_holds_out_a_tenth_twice(tmp_path):
    all_pairs = pairs(40, 0)
    path = write_csv(tmp_path / "pairs.csv", all_pairs)
    splits = load_splits(path)
    parts = [splits.train, splits.dev, splits.test]
    assert [len(part) for part in parts] == [32, 4, 4]
    everything = sorted((a, b) for part in parts for a, b in zip(part.a, part.b, strict=True))
    assert everything == sorted(zip(all_pairs.a, all_pairs.b, strict=True))
    again = load_splits(path)
    assert again.dev.fingerprint == splits.dev.fingerprint != splits.test.fingerprint
    assert len(evaluation_pairs(path)) == 40
    with pytest.raises(DataError, match="at least 10 are needed"):
        load_splits(write_csv(tmp_path / "few.csv", pairs(9, 0)))


def test_stsb_by_name_comes_through_datasets(monkeypatch):
    import datasets

    asked = []

    def load_dataset(name, split):
        asked.append((name, split))
        columns = {"sentence1": ["x"], "sentence2": ["y"], "score": [0.5]}
        return datasets.Dataset.from_dict(columns)

    monkeypatch.setattr(datasets, "load_dataset", load_dataset)
    splits = load_splits("stsb")
    hub = "sentence-transformers/stsb"
    assert asked == [(hub, "train"), (hub, "validation"), (hub, "test")]
    assert (splits.name, splits.dev.a, splits.dev.scores.tolist()) == ("stsb", ("x",), [0.5])


def test_stsb_without_a_network_says_what_to_do():
    with pytest.raises(DataError, match="give the path of a folder with its CSV files"):
        evaluation_pairs("stsb")
