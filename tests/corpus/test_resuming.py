"""Going on with a run: the same pairs and settings, and no others."""

import json

import pytest

from tests.corpus.factory import encoder, pairs, write_csv
from tests.corpus.test_run import same
from xsb_core import DataError, Recipe
from xsb_core.corpus.results import Results
from xsb_core.corpus.run import run_corpus


@pytest.fixture(scope="module")
def tiny():
    return encoder()


def test_a_limit_may_be_raised_later(tiny, tmp_path):
    some = pairs(9)
    for limit, new in ((5, 5), (4, 0), (None, 4)):
        summary = run_corpus(tiny, iter(some), tmp_path / "out", part_rows=3, limit=limit)
        assert summary.new == new
    run_corpus(tiny, some, tmp_path / "whole", part_rows=3)
    same(tmp_path / "out", tmp_path / "whole")


def test_other_settings_and_other_pairs_are_refused(tiny, tmp_path):
    some = pairs(6)
    path, out = write_csv(tmp_path / "pairs.csv", some), tmp_path / "out"
    run_corpus(tiny, path, out, Recipe(layer=1), part_rows=2, limit=2)

    def refusal(source=path, model=tiny, layer=1, cosine=None, tolerance=1e-3, **options) -> str:
        recipe = Recipe(layer=layer, cosine=cosine, tolerance=tolerance)
        with pytest.raises(DataError) as caught:
            run_corpus(model, source, out, recipe, **{"part_rows": 2, **options})
        return str(caught.value)

    assert f"{out} holds a run of other settings (layer is 1 there, 0 here); " in refusal(layer=0)
    assert "(tolerance is 0.001 there, 0.01 here)" in refusal(tolerance=0.01)
    assert "cosine is through there, endpoint here" in refusal(cosine="endpoint")
    assert "rows a part is 2 there, 3 here" in refusal(part_rows=3)
    assert "text A: sentence2; text B: sentence1" in refusal(columns=("sentence2", "sentence1"))
    assert "the model's weights is" in refusal(model=encoder(seed=1))
    write_csv(path, pairs(6, seed=1))
    assert "the input's content is" in refusal()
    run_corpus(tiny, iter(some), tmp_path / "more", part_rows=2, limit=2)
    with pytest.raises(DataError, match="Rows 0 to 1 are not those"):
        run_corpus(tiny, iter(pairs(6, seed=1)), tmp_path / "more", part_rows=2)
    with pytest.raises(DataError, match="Rows 0 to 0 are not those"):
        run_corpus(tiny, pairs(1, seed=1), tmp_path / "more", part_rows=2)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").write_text("mine")
    with pytest.raises(DataError, match="holds other files already"):
        run_corpus(tiny, some, tmp_path / "other")
    with pytest.raises(DataError, match="can't be made a folder"):
        run_corpus(tiny, some, path)
    with pytest.raises(DataError, match="holds no results"):
        Results(tmp_path / "other")


def test_a_run_whose_model_would_read_texts_otherwise_is_refused(tmp_path):
    some, asking = [("a dog runs and a man plays", "a man")] * 2, {"query": "find this: "}
    run_corpus(encoder(prompts=asking), some, tmp_path, prompt_a="query", limit=1, part_rows=1)

    def refused(model) -> str:
        with pytest.raises(DataError) as caught:
            run_corpus(model, some, tmp_path, prompt_a="query", part_rows=1)
        return str(caught.value)

    short = encoder(prompts=asking)
    short.model.max_seq_length = 5
    assert "(max_seq_length is 128 there, 5 here)" in refused(short)
    pooled = refused(encoder(prompts=asking, pooling="cls"))
    assert '(Pooling 1\'s pooling_mode is "mean" there, "cls" here)' in pooled
    said = refused(encoder(prompts={"query": "what of this: "}))
    assert '(the text of the prompt for A is "find this: " there, "what of this: " here)' in said
    summary = run_corpus(encoder(prompts=asking), some, tmp_path, prompt_a="query", part_rows=1)
    assert (summary.pairs, summary.new) == (2, 1)


def test_results_of_an_earlier_version_open_but_are_not_gone_on_with(tiny, tmp_path):
    run_corpus(tiny, pairs(2), tmp_path)
    path = tmp_path / "manifest.json"
    values = json.loads(path.read_text())
    del values["reading"]
    path.write_text(json.dumps(values))
    assert len(Results(tmp_path)) == 2
    with pytest.raises(DataError, match="begun by an earlier version, which did not note how"):
        run_corpus(tiny, pairs(2), tmp_path)


def test_a_part_without_rejects_drops_those_of_a_killed_run(tiny, tmp_path):
    run_corpus(tiny, [("a man", "a dog"), ("", "a dog")], tmp_path)
    (tmp_path / "part-000000000-000000002.parquet").unlink()  # killed before it was named
    assert run_corpus(tiny, pairs(2), tmp_path).rejects == 0
    assert list(Results(tmp_path).rejects()) == []
