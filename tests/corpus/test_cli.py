"""``batch`` and ``query`` on the command line."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from tests.corpus.factory import pairs, saved, write_csv
from xsb_core.cli import main
from xsb_core.cli.batch_bar import BatchBar
from xsb_core.corpus.progress import Advance
from xsb_core.corpus.results import Results

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return saved(tmp_path_factory.mktemp("model") / "tiny")


def test_a_file_becomes_a_folder_that_can_be_asked(tmp_path, capsys, model):
    path = write_csv(tmp_path / "pairs.csv", [*pairs(4), ("two dogs", "")])
    out = tmp_path / "out"
    assert main(["batch", str(path), "--out", str(out), "--model", model, "--layer", "0"]) == 0
    said, told = capsys.readouterr()
    assert told.startswith(
        f"{path}: 5 rows; text A: sentence1; text B: sentence2; id: row number\n"
    )
    assert "5 of 5 pairs" in told
    assert "pairs per second" in told
    assert said.startswith(f"{out}: 4 pairs, 1 row rejected ({out / 'rejects.csv'} says why); ")
    assert Results(out).manifest.shared["layer"] == 0

    sql = "SELECT id, score, tokens_a FROM pairs ORDER BY row LIMIT 2"
    expected = list(Results(out))[:2]
    assert main(["query", str(out), sql, "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert rows == [{name: row[name] for name in ("id", "score", "tokens_a")} for row in expected]
    assert main(["query", str(out), sql, "--csv"]) == 0
    table = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert table[0] == ["id", "score", "tokens_a"]
    assert json.loads(table[1][2]) == expected[0]["tokens_a"]
    assert main(["query", str(out), sql]) == 0
    shown = capsys.readouterr().out
    assert f"{expected[0]['score']:.4f}" in shown
    assert "[CLS]" in shown


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["batch", "none.csv", "--out", "out"], "none.csv can't be read: No such file"),
        (["batch", "pairs.csv"], "--out"),
        (["batch", "pairs.csv", "--out", "out", "--columns", "a"], "takes two names"),
        (["batch", "pairs.csv", "--out", "out", "--columns", "a,b"], "has no column 'a'"),
        (["batch", "pairs.csv", "--out", "out", "--encoding", "x"], "no encoding 'x'"),
        (["query", ".", "FROM pairs"], "holds no results"),
        (["query", ".", "FROM pairs", "--csv", "--json"], "either CSV or JSON"),
    ],
)
def test_errors_are_one_sentence(tmp_path, capsys, monkeypatch, arguments, words):
    monkeypatch.chdir(tmp_path)
    write_csv(tmp_path / "pairs.csv", pairs(2))
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert err.count("\n") == 1


def test_ctrl_c_says_how_to_go_on(tmp_path, model):
    path, out = write_csv(tmp_path / "pairs.csv", pairs(20000)), tmp_path / "out"
    process = subprocess.Popen(
        [sys.executable, "-m", "xsb_core", "batch", str(path), "--out", str(out), "--model", model],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"HF_HUB_OFFLINE": "1"},
        # a shell's background job ignores Ctrl-C, and so would what it starts
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    for line in process.stderr:
        if "of 20000 pairs" in line:
            process.send_signal(signal.SIGINT)
            break
    last = process.stderr.read().splitlines()[-1]
    assert process.wait() == 130
    assert last == (
        f"Interrupted; {out} keeps what is finished, and the same command goes on from there."
    )
    assert Results(out).manifest.finished is None


def test_progress_line_by_line():
    console = Console(file=io.StringIO(), width=200)
    with BatchBar(console) as bar:
        bar(Advance(0, None, None, None))
        bar(Advance(1, 3000, 2.5, 1199.6))  # too soon after the first
        bar(Advance(3000, 3000, 2.5, 0.0))
        bar(Advance(3000, 3000, 2.4, 0.0))  # once is enough
    assert console.file.getvalue().splitlines() == [
        "0 pairs",
        "3000 of 3000 pairs, 2.5 pairs per second, 0:00 left",
    ]
