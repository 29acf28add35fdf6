"""Hostile tables: what each costs grows with its size and no faster, and all of it is limited."""

import json
import time

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from xsb_core import DataError
from xsb_core.syntax.conllu import read_conllu
from xsb_core.tables import parquet_files, text_files
from xsb_core.tables.columns import distinct_names
from xsb_core.tables.reading import open_pairs
from xsb_core.tables.rows import LONGEST_CELL, Pair, Reject
from xsb_core.tables.table import MOST_COLUMNS


def growth(work, size: int) -> float:
    """How much more processor time ten times the size takes: 10 where it grows like the size."""

    def seconds(argument) -> float:
        start = time.process_time()
        work(argument)
        return time.process_time() - start

    small, large = (min(seconds(of) for _ in range(3)) for of in (size, 10 * size))
    return large / small


def equal(size: int) -> list[str]:
    return ["a"] * size


def numbered_then_equal(size: int) -> list[str]:
    return [*(f"a_{place}" for place in range(2, size)), *["a"] * size]


@pytest.mark.parametrize(
    "names", [equal, numbered_then_equal, lambda size: list(map(str, range(size)))]
)
def test_the_time_for_column_names_grows_like_their_number(names):
    assert growth(lambda size: distinct_names(names(size)), 2000) < 40


def test_names_stay_distinct():
    names = ["a", "a", " ", "a_2", "a", "column_3"]
    assert distinct_names(names) == ("a", "a_2", "column_3", "a_2_2", "a_3", "column_3_2")
    assert len(set(distinct_names(numbered_then_equal(500)))) == 998


@pytest.mark.slow
def test_the_time_for_a_parsed_sentence_grows_like_its_length(tmp_path):
    def parse(size: int) -> None:
        path = tmp_path / f"{size}.conllu"
        if not path.exists():  # a chain: each word's head is the next
            lines = [
                f"{n}\tw\t_\tX\t_\t_\t{(n + 1) % (size + 1)}\tdep\t_\t_" for n in range(1, size + 1)
            ]
            path.write_text("\n".join(lines) + "\n\n")
        read_conllu(path)

    assert growth(parse, 1000) < 40


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl", "parquet"])
def test_the_time_for_a_table_grows_like_its_rows(tmp_path, suffix):
    def read(size: int) -> None:
        path = tmp_path / f"{size}.{suffix}"
        if not path.exists():
            if suffix == "parquet":
                pq.write_table(pa.table({"a": ["x y"] * size, "b": ["y z"] * size}), path)
            elif suffix == "jsonl":
                path.write_text('{"a": "x y", "b": "y z"}\n' * size)
            else:
                sign = "," if suffix == "csv" else "\t"
                path.write_text(f"a{sign}b\n" + f"x y{sign}y z\n" * size)
        assert sum(1 for _ in open_pairs(path).rows()) == size

    assert growth(read, 1000) < 40


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_too_many_columns_are_refused(tmp_path, suffix):
    path = tmp_path / f"wide.{suffix}"
    names = [f"c{place}" for place in range(MOST_COLUMNS + 1)]
    if suffix == "csv":
        path.write_text(",".join(names) + "\n" + ",".join(names) + "\n")
    elif suffix == "jsonl":
        path.write_text(json.dumps(dict.fromkeys(names, "x")) + "\n")
    else:
        pq.write_table(pa.table({name: ["x"] for name in names}), path)
    with pytest.raises(DataError, match="has 1,001 columns, and a table may have 1,000; leave out"):
        open_pairs(path)


@pytest.mark.parametrize("letter", ["x", "é", "日"])
def test_a_cell_of_more_than_a_million_bytes_costs_its_row(tmp_path, letter):
    long = letter * (LONGEST_CELL // len(letter.encode()) + 1)
    fits = long[:-1]
    for rows in ([("a b", long), ("a b", fits), ("c d", "e f")],):
        path = tmp_path / "cells.parquet"
        pq.write_table(pa.table({"a": [a for a, _ in rows], "b": [b for _, b in rows]}), path)
        lines = tmp_path / "cells.jsonl"
        lines.write_text("".join(json.dumps({"a": a, "b": b}) + "\n" for a, b in rows))
        for one in (path, lines):
            found = list(open_pairs(one).rows())
            assert [type(row) for row in found] == [Reject, Pair, Pair]
            assert found[0].reason.startswith("b has more than 1,000,000 bytes")
            assert found[1].b == fits


def test_long_other_columns_cost_their_row(tmp_path):
    path = tmp_path / "extra.jsonl"
    path.write_text(json.dumps({"a": "x", "b": "y", "more": ["z" * 1000] * 1001}) + "\n")
    (row,) = open_pairs(path).rows()
    assert row.reason.startswith("its other columns have more than 1,000,000 bytes")


@pytest.mark.parametrize("depth", [101, 500, 900, 100_000])
@pytest.mark.parametrize("place", ["more", "a", "id"])
def test_nested_json_costs_its_row(tmp_path, place, depth):
    path = tmp_path / "deep.jsonl"
    values = {"a": '"x"', "b": '"y"', "id": '"1"', place: "[" * depth + "]" * depth}
    cells = ", ".join(f'"{name}": {value}' for name, value in values.items())
    path.write_text('{"a": "x", "b": "y", "id": "0"}\n{' + cells + "}\n")
    first, second = open_pairs(path).rows()
    assert isinstance(first, Pair)
    assert isinstance(second, Reject)
    assert "nested" in second.reason or "no JSON" in second.reason


def test_a_line_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(text_files, "LONGEST_LINE", 1000)
    for name in ("long.csv", "long.jsonl"):
        (tmp_path / name).write_text("x" * 5000)
        with pytest.raises(DataError, match=r"Line 1 of .* has more than 1,000 characters"):
            open_pairs(tmp_path / name)


def test_a_small_parquet_file_that_unpacks_to_much_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "bomb.parquet"
    pq.write_table(pa.table({"a": ["x" * 10**7], "b": ["y"]}), path, compression="zstd")
    assert path.stat().st_size < 10**5
    (row,) = open_pairs(path).rows()
    assert row.reason.startswith("a has more than 1,000,000 bytes")
    monkeypatch.setattr(parquet_files, "LARGEST_GROUP", 10**6)
    with pytest.raises(DataError, match=r"unpacks to 10,0.* bytes at once, and 1,000,000 are read"):
        open_pairs(path)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_its_mark_is_asked_for(tmp_path, encoding):
    path = tmp_path / "pairs.csv"
    path.write_bytes("a,b\nx y,y z\n".encode(encoding))
    with pytest.raises(DataError, match="no UTF-8 text; if it is a text, name its encoding"):
        open_pairs(path)
    (row,) = open_pairs(path, encoding=encoding).rows()
    assert (row.a, row.b) == ("x y", "y z")
