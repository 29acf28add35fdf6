"""Single texts from files: which columns, which cells."""

import pandas as pd
import pytest

from xsb_core import DataError
from xsb_core.tables.texts import open_texts


def written(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_all_columns_of_texts_are_read_row_by_row(tmp_path):
    path = written(
        tmp_path / "a.csv", "id,first,score,second\n1,one text,0.5,\n2,another,1,more text\n"
    )
    source = open_texts(path)
    assert source.columns == ("first", "second")
    assert list(source.texts()) == [
        (0, "first", "one text"),
        (1, "first", "another"),
        (1, "second", "more text"),
    ]
    assert list(source.texts()) == list(source.texts())


def test_one_column_is_enough(tmp_path):
    path = written(tmp_path / "a.tsv", "sentence\nIt is so.\n\nIt is not.\n")
    assert [text.text for text in open_texts(path).texts()] == ["It is so.", "It is not."]


def test_a_table_without_a_header(tmp_path):
    path = written(tmp_path / "a.csv", "It is a dog.,It is a cat.,2.5\n")
    assert open_texts(path).columns == ("column_1", "column_2")


def test_json_lines_and_parquet(tmp_path):
    path = written(
        tmp_path / "a.jsonl", '{"t": "one", "n": 1}\n{"t": null, "n": 2}\n{"t": "two"}\n'
    )
    assert list(open_texts(path).texts()) == [(0, "t", "one"), (2, "t", "two")]
    pd.DataFrame({"t": ["one", None, " "], "u": ["a", "b", "c"]}).to_parquet(tmp_path / "a.parquet")
    texts = open_texts(tmp_path / "a.parquet", columns=["t"]).texts()
    assert list(texts) == [(0, "t", "one")]


@pytest.mark.parametrize(
    ("name", "content", "columns", "message"),
    [
        ("a.csv", "n,m\n1,2\n", None, "no column of texts; its columns are: n, m"),
        ("a.csv", "n,m\nx,y\n", ["z"], "no column 'z'"),
        ("a.csv", "", None, "is empty"),
        ("a.txt", "x", None, "no kind of table"),
    ],
)
def test_what_cant_be_read(tmp_path, name, content, columns, message):
    path = written(tmp_path / name, content)
    with pytest.raises(DataError, match=message):
        open_texts(path, columns=columns)
