"""The Ray engine against the local one, on two workers of a local Ray."""

import importlib.util
import sys

import pytest

from tests.corpus.factory import pairs, saved, write_csv
from tests.corpus.test_run import same
from xsb_core import DataError, Recipe, load_encoder
from xsb_core.corpus.ray_engine import ROWS_FILE
from xsb_core.corpus.results import Results
from xsb_core.corpus.run import run_corpus

needs_ray = pytest.mark.skipif(
    importlib.util.find_spec("ray") is None, reason="Ray is not installed (requirements-ray.txt)"
)


@pytest.fixture(scope="module")
def two_workers():
    import ray

    ray.init(num_cpus=2, num_gpus=0, include_dashboard=False, log_to_driver=False)
    yield
    ray.shutdown()


@needs_ray
@pytest.mark.usefixtures("two_workers")
def test_results_are_those_of_the_local_engine(tmp_path):
    model = load_encoder(saved(tmp_path / "model"), "cpu")
    path = write_csv(tmp_path / "pairs.csv", [*pairs(11), ("", "no first text")])
    told = []
    options = {"recipe": Recipe(layer=1), "part_rows": 3}
    run_corpus(model, path, tmp_path / "local", **options)
    # begun by one engine, gone on with by the other
    run_corpus(model, path, tmp_path / "ray", limit=3, **options)
    summary = run_corpus(
        model, path, tmp_path / "ray", engine="ray", progress=told.append, **options
    )
    assert (summary.pairs, summary.rejects, summary.new) == (11, 1, 9)
    same(tmp_path / "ray", tmp_path / "local")
    names = [
        sorted(file.name for file in (tmp_path / engine).glob("*.parquet"))
        for engine in ("ray", "local")
    ]
    assert names[0] == names[1]
    assert not (tmp_path / "ray" / ROWS_FILE).exists()
    assert told[-1].done == told[-1].total == 12
    assert run_corpus(model, path, tmp_path / "ray", engine="ray", **options).new == 0


@needs_ray
@pytest.mark.usefixtures("two_workers")
def test_each_row_keeps_its_instruction(tmp_path):
    model = load_encoder(saved(tmp_path / "model"), "cpu")
    befores = ("Find: ", "", "Compare: ", "")
    rows = [
        {"sentence1": a, "sentence2": b, "prompt_a": before}
        for (a, b), before in zip(pairs(4), befores, strict=True)
    ]
    for engine in ("local", "ray"):
        run_corpus(model, rows, tmp_path / engine, part_rows=2, prompt_b="Here: ", engine=engine)
    same(tmp_path / "ray", tmp_path / "local")
    found = [(own.a.prompt, own.b.prompt) for _, own in Results(tmp_path / "ray").attributions()]
    assert found == [(before, "Here: ") for before in befores]


@needs_ray
@pytest.mark.usefixtures("two_workers")
def test_a_worker_with_another_model_is_refused(tmp_path):
    model = load_encoder(saved(tmp_path / "model"), "cpu")
    model.model[0].model.embeddings.word_embeddings.weight.mul_(2)
    with pytest.raises(DataError, match="Ray failed: A worker loads other weights or settings"):
        run_corpus(model, pairs(2), tmp_path / "out", engine="ray")
    assert len(Results(tmp_path / "out")) == 0


def test_without_ray_it_says_how_to_install_it(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    model = load_encoder(saved(tmp_path / "model"), "cpu")
    with pytest.raises(DataError, match=r"pip install 'xsb-explorer\[ray\]'"):
        run_corpus(model, pairs(2), tmp_path / "out", engine="ray")
