"""Runs of models of other kinds: shared terms and matched tokens are kept with the pairs."""

import json

import numpy as np
import pyarrow.parquet as pq
import pytest

from tests.zoo_kinds import multi_vector, sparse
from xsb_core import account, attribute, load_encoder
from xsb_core.corpus.export import json_lines, summary_table, write_parquet
from xsb_core.corpus.query import query
from xsb_core.corpus.results import Results
from xsb_core.corpus.run import run_corpus

PAIRS = [("A man isn't playing the guitar.", "Two dogs run, quickly!"), ("a dog!", "a man.")]


@pytest.fixture(scope="module", params=[sparse, multi_vector], ids=["sparse", "late interaction"])
def run(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    request.param(folder / "model")
    encoder = load_encoder(folder / "model", device="cpu")
    run_corpus(encoder, PAIRS, folder / "out")
    return encoder, folder / "out"


def test_results_are_those_of_attribute(run, tmp_path):
    encoder, out = run
    write_parquet(Results(out), tmp_path / "one.parquet")
    for results in (Results(out), Results(tmp_path / "one.parquet")):
        for (_, found), pair in zip(results.attributions(), PAIRS, strict=True):
            expected = attribute(encoder, *pair)
            assert found.kind == expected.kind
            assert (found.a.scored, found.b.scored) == (expected.a.scored, expected.b.scored)
            assert [(term.term, term.row, term.column) for term in found.terms] == [
                (term.term, term.row, term.column) for term in expected.terms
            ]
            values = [term.value for term in found.terms]
            np.testing.assert_allclose(values, [term.value for term in expected.terms], atol=1e-6)
            if found.kind == "sparse":
                assert sum(values) == pytest.approx(found.score, rel=1e-6)
            else:
                assert any(found.a.scored)
                assert not all(found.a.scored + found.b.scored)
            total = sum(line.value for line in account(found))
            assert total == pytest.approx(found.score, rel=1e-5)


def test_tables_and_lines_carry_them(run):
    results = Results(run[1])
    rows = list(results)
    for line, shown, row in zip(
        json_lines(results), summary_table(results)["terms"], rows, strict=True
    ):
        known = json.loads(line)
        assert (known["terms"], known["scored_b"]) == (row["terms"], row["scored_b"])
        terms = {term["term"]: term["value"] for term in row["terms"]}
        assert json.loads(shown or "{}") == terms
    sql = "SELECT count(*) FROM (SELECT unnest(terms) FROM pairs)"
    assert next(query(run[1], sql).rows) == (sum(len(row["terms"]) for row in rows),)


def test_parts_of_earlier_versions_are_read_without(run, tmp_path):
    whole = Results(run[1])
    old = tmp_path / "old"
    old.mkdir()
    whole.manifest.save(old)
    for path in run[1].glob("part-*"):
        table = pq.read_table(path).drop_columns(["terms", "scored_a", "scored_b"])
        pq.write_table(table, old / path.name)
    found = Results(old).pair(0)
    assert (found.score, found.terms, found.a.scored) == (whole.pair(0).score, (), ())
    assert summary_table(Results(old))["terms"].isna().all()
