"""Parquet as an input: every kind of column, and what Python can't hold."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.tables.test_reading import PAIRS, read, texts
from xsb_core import DataError
from xsb_core.tables.reading import open_pairs
from xsb_core.tables.rows import Pair, Reject


def test_parquet(tmp_path):
    a, b = zip(*PAIRS, strict=True)
    table = pa.table(
        {
            "pair_id": [5, 6, 7],
            "question1": pa.array(a).dictionary_encode(),
            "question2": pa.array(b, pa.large_string()),
            "when": pa.array([0, 1, None], pa.timestamp("s")),
        }
    )
    pq.write_table(table, tmp_path / "p.parquet")
    source = open_pairs(tmp_path / "p.parquet")
    rows = list(source.rows())
    assert (texts(rows), source.total) == (PAIRS, 3)
    assert [row.id for row in rows] == ["5", "6", "7"]
    assert json.loads(rows[0].extra) == {"when": "1970-01-01 00:00:00"}
    assert json.loads(rows[2].extra) == {"when": None}


def test_parquet_rows_that_can_not_be_used(tmp_path):
    broken = pa.array([b"fine", b"caf\xe9", None, b" "]).view(pa.string())
    pq.write_table(pa.table({"a": broken, "b": ["x"] * 4, "n": [1] * 4}), tmp_path / "p.parquet")
    rows = read(tmp_path / "p.parquet")
    assert [type(row) for row in rows] == [Pair, Reject, Reject, Reject]
    assert "not UTF-8 (0xE9, at character 4)" in rows[1].reason
    assert [row.reason for row in rows[2:]] == ["a is missing", "a is empty"]
    numbers = read(tmp_path / "p.parquet", columns=("a", "n"))
    assert numbers[0].reason == "n is a number (1), not a text"


def test_parquet_cells_that_are_empty_or_can_not_be_pythons(tmp_path):
    broken = pa.array([[b"caf\xe9"], [b"tea"], None], pa.list_(pa.binary()))
    table = {
        "id": ["", "7", "8"],
        "a": pa.array(["x", "", "z"], pa.string_view()),
        "b": ["x", "y", "z"],
        "tag": ["", "t", None],
        "day": pa.array([0, 10**7, None], pa.int32()).cast(pa.date32()),
        "drinks": pa.ListArray.from_arrays(broken.offsets, broken.values.view(pa.string())),
    }
    pq.write_table(pa.table(table), tmp_path / "p.parquet")
    first, empty, last = read(tmp_path / "p.parquet")
    assert (first.id, first.a) == ("0", "x")
    assert json.loads(first.extra) == {"tag": "", "day": "1970-01-01", "drinks": None}
    assert empty.reason == "a is empty"
    assert json.loads(last.extra)["day"] is None
    pq.write_table(pa.table({"a": ["x"], "n": [1]}), tmp_path / "p.parquet")
    with pytest.raises(DataError, match=r"expected two\. Its columns are: a, n\.$"):
        open_pairs(tmp_path / "p.parquet")
