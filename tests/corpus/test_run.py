"""A run over a table: every row once, whatever happens on the way."""

import csv
import dataclasses
import json
import multiprocessing
import os
import random
import signal
import time
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.corpus.factory import encoder, pairs, saved, write_csv
from xsb_core import DataError, LayerError, ModelError, Recipe, attribute, load_encoder, to_words
from xsb_core.corpus.folder import ResultsFolder
from xsb_core.corpus.results import Results
from xsb_core.corpus.run import run_corpus
from xsb_core.tables.files import commit

EXACT = ("row", "id", "text_a", "text_b", "tokens_a", "spans_b", "extra")


@pytest.fixture(scope="module")
def tiny():
    return encoder()


def same(one: Path, other: Path) -> None:
    """Two folders hold the same rows; numbers agree to 1e-5."""
    ours, theirs = list(Results(one)), list(Results(other))
    assert [row["row"] for row in ours] == [row["row"] for row in theirs]
    for a, b in zip(ours, theirs, strict=True):
        assert {name: a[name] for name in EXACT} == {name: b[name] for name in EXACT}
        np.testing.assert_allclose(a["matrix"], b["matrix"], atol=1e-5)
        np.testing.assert_allclose(a["border_a"], b["border_a"], atol=1e-5)
        assert a["score"] == pytest.approx(b["score"], abs=1e-5)
    assert list(Results(one).rejects()) == list(Results(other).rejects())


def test_results_are_those_of_attribute(tiny, tmp_path):
    some = [*pairs(7), ("Two dogs run.", "Two dogs run.")]
    summary = run_corpus(tiny, some, tmp_path / "out", Recipe(layer=1, tolerance=1e-4), part_rows=3)
    assert summary[:4] == (tmp_path / "out", 8, 0, 8)
    results = Results(tmp_path / "out")
    assert len(results) == 8
    for (row, found), pair in zip(results.attributions(), some, strict=True):
        expected = attribute(tiny, *pair, 1, tolerance=1e-4)
        for name in ("matrix", "border_a", "border_b"):
            np.testing.assert_allclose(getattr(found, name), getattr(expected, name), atol=1e-5)
        for name in ("score", "corner", "sum_matrix", "sum_border_a"):
            assert getattr(found, name) == pytest.approx(getattr(expected, name), abs=1e-5)
        assert found.reference_terms.a_rb == pytest.approx(expected.reference_terms.a_rb, abs=1e-5)
        names = [field.name for field in dataclasses.fields(found)]
        for name in names[: names.index("matrix")]:  # model, settings, tokens and so on
            if name not in ("a", "b"):
                assert getattr(found, name) == getattr(expected, name)
        for side, whole in ((found.a, expected.a), (found.b, expected.b)):
            np.testing.assert_allclose(side.shares, whole.shares, atol=1e-5)
            assert dataclasses.replace(side, shares=whole.shares) == whole
        assert (found.nodes_a, found.versions) == (expected.nodes_a, expected.versions)
        assert (found.panels_a, found.work_b) == (expected.panels_a, expected.work_b)
        assert found.cell_error == pytest.approx(expected.cell_error, rel=0.05)
        again = results.pair(row)
        assert again.to_json() == found.to_json()
        assert to_words(again).a.tokens == to_words(expected).a.tokens
    with pytest.raises(DataError, match="Row 8 is not among the results"):
        results.pair(8)


def test_a_text_is_computed_once(tiny, tmp_path, computed):
    texts = [f"{word} dogs" for word in ("two", "three", "four", "no")]
    every = [(a, b) for a in texts for b in texts]
    run_corpus(tiny, every, tmp_path / "out", part_rows=5)
    assert sorted(side.text for side in computed) == sorted(texts)


def test_the_prompts_of_each_side(tmp_path):
    asking = encoder(prompts={"query": "find this: ", "document": "here is "})
    run_corpus(asking, [("a dog", "a dog")], tmp_path, prompt_a="query", prompt_b="document")
    found = Results(tmp_path).pair(0)
    assert (found.a.prompt, found.b.prompt) == ("find this: ", "here is ")
    expected = attribute(asking, "a dog", "a dog", prompt_a="query", prompt_b="document")
    np.testing.assert_allclose(found.matrix, expected.matrix, atol=1e-5)


def test_rejects_and_what_is_carried_along(tiny, tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_bytes(
        b"id,sentence1,sentence2,score\n"
        b"x1,two dogs,a man,3\n"
        b"x2,,a man,3\n"
        b"x3,caf\xe9,a man,3\n"
        b"x4,two dogs,\xe2\x80\x8b,4\n"  # a zero-width space: nothing for the tokenizer
        b"x5,a man,two dogs,5\n"
    )
    summary = run_corpus(tiny, path, tmp_path / "out", part_rows=2)
    assert (summary.pairs, summary.rejects, summary.new) == (2, 3, 5)
    results = Results(tmp_path / "out")
    assert [(row["row"], row["id"], row["extra"]) for row in results] == [
        (0, "x1", '{"score": "3"}'),
        (4, "x5", '{"score": "5"}'),
    ]
    with (tmp_path / "out" / "rejects.csv").open(newline="") as file:
        rejects = list(csv.DictReader(file))
    assert [(reject["row"], reject["line"]) for reject in rejects] == [
        ("1", "3"),
        ("2", "4"),
        ("3", "5"),
    ]
    assert rejects[0]["reason"] == "sentence1 is empty"
    assert "0xE9" in rejects[1]["reason"]
    assert rejects[2]["reason"].startswith("text B: tiny's tokenizer finds nothing to read")
    manifest = results.manifest
    assert (manifest.pairs, manifest.rejects) == (2, 3)
    assert manifest.finished >= manifest.started
    assert str(manifest.columns).startswith("text A: sentence1; text B: sentence2; id: id")


def test_a_text_that_overflows_is_a_reject(tmp_path):
    broken = encoder()
    with torch.no_grad():
        word = broken.tokenizer("guitar")["input_ids"][1]
        broken.model[0].model.embeddings.word_embeddings.weight[word] = torch.nan
    summary = run_corpus(broken, [("a man", "a guitar"), ("a man", "a dog")], tmp_path)
    assert (summary.pairs, summary.rejects) == (1, 1)
    (reject,) = Results(tmp_path).rejects()
    assert reject["reason"] == "text B: tiny gives values that are not finite for this text"


def test_stopped_anywhere_it_goes_on(tiny, tmp_path):
    class Stop(Exception):
        pass

    some = pairs(20)
    run_corpus(tiny, some, tmp_path / "whole", part_rows=4)
    seen = []

    def stop(advance):
        seen.append(advance)
        if len(seen) in (3, 12, 16, 30):  # within a part, and between two
            raise Stop

    stops = 0
    while True:
        try:
            summary = run_corpus(tiny, some, tmp_path / "out", part_rows=4, progress=stop)
            break
        except Stop:
            stops += 1
    assert stops > 1
    assert 0 < summary.new < 20
    same(tmp_path / "out", tmp_path / "whole")
    assert seen[-1].done == seen[-1].total == 20
    assert all(advance.done <= 20 for advance in seen)
    assert all(advance.left >= 0 for advance in seen if advance.left is not None)
    assert run_corpus(tiny, some, tmp_path / "out", part_rows=4).new == 0


def test_wrong_settings_leave_nothing_behind(tiny, tmp_path):
    for error, options in (
        (LayerError, {"recipe": Recipe(layer=7)}),
        (ModelError, {"prompt_b": "passage"}),
        (ValueError, {"engine": "steam"}),
        (ValueError, {"limit": 0}),
        (ValueError, {"part_rows": 0}),
        (DataError, {"columns": ("a", "c")}),
    ):
        with pytest.raises(error):
            run_corpus(tiny, pairs(2), tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()


def test_names_are_on_the_disk_for_good(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr("os.fsync", lambda number: synced.append(os.fstat(number).st_ino))
    (tmp_path / "a.tmp").write_text("whole")
    commit(tmp_path / "a.tmp", tmp_path / "a")
    assert synced == [path.stat().st_ino for path in (tmp_path / "a", tmp_path)]


def test_one_process_at_a_time(tiny, tmp_path):
    with (
        ResultsFolder(tmp_path / "out").locked(),
        pytest.raises(DataError, match="Another process is writing into"),
    ):
        run_corpus(tiny, pairs(2), tmp_path / "out")
    assert run_corpus(tiny, pairs(2), tmp_path / "out").pairs == 2


def _run(model: str, path: Path, out: Path, told: Connection) -> None:
    told.send("ready")
    encoder = load_encoder(model, "cpu")
    run_corpus(encoder, path, out, Recipe(layer=1), part_rows=2, progress=told.send)
    told.close()


def test_killed_at_random_moments_no_pair_is_lost_or_doubled(tmp_path):
    """With SIGKILL, a process of its own each time, of a server that has imported all."""
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.corpus.test_run"])
    model = saved(tmp_path / "model")
    path = write_csv(tmp_path / "pairs.csv", [*pairs(30), ("", "no first text")])
    out = tmp_path / "out"
    clock, kills = random.Random(0), 0
    while True:
        progress, told = processes.Pipe(duplex=False)
        process = processes.Process(target=_run, args=(model, path, out, told))
        process.start()
        told.close()
        # so many signs of progress and a moment more: anywhere, a write included
        for _ in range(1 + clock.randrange(40)):
            try:
                progress.recv()
            except EOFError:
                break
        time.sleep(clock.random() / 50)
        process.kill()
        process.join()
        progress.close()
        if process.exitcode != -signal.SIGKILL:
            break
        kills += 1
        if out.exists():  # what is there is whole
            rows = [row["row"] for row in Results(out)] if (out / "manifest.json").exists() else []
            assert rows == sorted(set(rows))
        if kills == 3:
            run_corpus(load_encoder(model, "cpu"), path, out, Recipe(layer=1), part_rows=2)
            break
    assert kills > 1
    run_corpus(load_encoder(model, "cpu"), path, tmp_path / "whole", Recipe(layer=1), part_rows=2)
    same(out, tmp_path / "whole")
    assert [row["row"] for row in Results(out)] == list(range(30))
    assert [reject["row"] for reject in Results(out).rejects()] == [30]
    assert not list(out.glob("*.tmp"))
    assert json.loads((out / "manifest.json").read_text())["pairs"] == 30
