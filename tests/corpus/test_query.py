"""SQL over results."""

import json
import re
from pathlib import Path

import pytest

from tests.corpus.factory import encoder
from xsb_core import DataError
from xsb_core.cli.answer_table import write_json
from xsb_core.corpus.query import query
from xsb_core.corpus.results import Results
from xsb_core.corpus.run import run_corpus

ROOT = Path(__file__).parents[2]
PAIRS = [
    {"a": "two dogs run", "b": "a man", "label": 3},
    {"a": "", "b": "a man", "label": 4},
    {"a": "a man", "b": "two dogs run", "label": 5},
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    # a quote in the path must not end the SQL's string
    out = tmp_path_factory.mktemp("results") / "o'ut"
    run_corpus(encoder(), PAIRS, out, part_rows=2)
    return out


def test_pairs_and_rejects(folder):
    answer = query(folder, "SELECT id, score, extra->>'label' AS label FROM pairs ORDER BY row")
    assert answer.names == ("id", "score", "label")
    first, last = answer.rows
    assert (first[0], first[2], last[0], last[2]) == ("0", "3", "2", "5")
    assert first[1] == pytest.approx(last[1], abs=1e-6)
    assert list(query(folder, "FROM rejects").rows) == [(1, 2, "a is empty")]


def test_cells_are_counted_from_one(folder):
    expected = Results(folder).pair(0)
    sql = """SELECT matrix[2][3], tokens_a[2], reference_terms.a_rb,
             sum_matrix + sum_border_a + sum_border_b + corner - score FROM pairs WHERE row = 0"""
    ((cell, token, term, gap),) = query(folder, sql).rows
    assert cell == pytest.approx(expected.matrix[1, 2])
    assert token == expected.a.tokens[1] == "two"
    assert term == pytest.approx(expected.reference_terms.a_rb)
    assert gap == pytest.approx(0, abs=1e-2)


def test_the_examples_of_the_documentation_run(folder):
    text = (ROOT / "docs/corpus.md").read_text()
    examples = re.findall(r"\n\n((?:    .*\n)+)", text)
    statements = [some for some in examples if some.strip().startswith(("SELECT", "WITH"))]
    assert len(statements) == 3
    for statement in statements:
        sql = statement.replace(">= 30", ">= 1")
        assert list(query(folder, sql).rows)


def test_a_folder_without_rejects_or_without_parts(folder, tmp_path):
    run_corpus(encoder(), PAIRS[:1], tmp_path / "one")
    assert list(query(tmp_path / "one", "FROM rejects").rows) == []
    for part in (tmp_path / "one").glob("*.parquet"):
        part.unlink()
    answer = query(tmp_path / "one", "SELECT score FROM pairs")
    assert (answer.names, list(answer.rows)) == (("score",), [])


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("SELEC 1", 'does not take this query: Parser Error: syntax error at or near "SELEC"'),
        ("SELECT nothing FROM pairs", 'column "nothing" not found'),
        ("  ", "The query is empty"),
    ],
)
def test_bad_queries_are_refused_in_a_sentence(folder, sql, words):
    with pytest.raises(DataError) as caught:
        query(folder, sql)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_query_that_fails_as_it_is_fetched_is_refused_too(folder):
    sql = "SELECT CAST(CASE WHEN i = 900000 THEN 'x' ELSE '1' END AS int) FROM range(1000000) t(i)"
    with pytest.raises(DataError, match="does not take this query: Conversion Error"):
        list(query(folder, sql).rows)


def test_json_has_all_columns_and_null_for_what_is_not_finite(folder, capsys):
    write_json(query(folder, "SELECT 'nan'::double AS x, 1 AS x, ['inf'::double, 2] AS y"))
    values = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert values == {"x": None, "x_2": 1, "y": [None, 2.0]}


def test_json_has_the_keys_of_a_map_as_text(folder, capsys):
    sql = "SELECT MAP {DATE '2026-11-24': [MAP {1.5: 'x'}]} AS days"
    write_json(query(folder, sql))
    (days,) = json.loads(capsys.readouterr().out).values()
    assert days == {"2026-11-24": [{"1.5": "x"}]}


def test_a_broken_part_is_named(tmp_path):
    run_corpus(encoder(), PAIRS[:1], tmp_path)
    (part,) = tmp_path.glob("part-*")
    part.write_bytes(b"PAR1")
    results = Results(tmp_path)
    for read in (len, list, lambda some: some.pair(0)):
        with pytest.raises(DataError, match=f"{part} is broken .*delete the part"):
            read(results)
    with pytest.raises(DataError, match=part.name):
        query(tmp_path, "FROM pairs")
    summary = run_corpus(encoder(), PAIRS[:1], tmp_path)
    assert (summary.damaged, summary.new) == (1, 1)  # its checksum is wrong: it is made again
    assert [row[0] for row in query(tmp_path, "SELECT count(*) FROM pairs").rows] == [1]


def test_other_folders_are_refused(tmp_path):
    with pytest.raises(DataError, match="holds no results"):
        query(tmp_path, "FROM pairs")
