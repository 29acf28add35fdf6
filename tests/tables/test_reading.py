"""Tables of pairs: every format, and every bad file a user may give."""

import io
import json
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from xsb_core import DataError
from xsb_core.tables.reading import open_pairs
from xsb_core.tables.rows import Pair, Reject

PAIRS = [("a plane", "an air plane"), ("one, two", 'he said "no"\nand left'), ("ö 😀", "日本")]


def read(path, **options) -> list:
    return list(open_pairs(path, **options).rows())


def texts(rows) -> list[tuple[str, str]]:
    return [(row.a, row.b) for row in rows]


def write(path, content: str | bytes, encoding="utf-8"):
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def refusal(path, content: str | bytes, **options) -> str:
    with pytest.raises(DataError) as caught:
        open_pairs(write(path, content), **options)
    message = str(caught.value)
    assert message.endswith(".")
    assert "\n" not in message
    return message


def quoted(pairs, separator=",") -> str:
    def cell(text):
        return '"' + text.replace('"', '""') + '"'

    return "".join(f"{cell(a)}{separator}{cell(b)}\r\n" for a, b in pairs)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("suffix", ["csv", "tsv", "CSV"])
def test_delimited_with_quotes_and_newlines(tmp_path, suffix, encoding):
    separator = "\t" if suffix == "tsv" else ","
    header = separator.join(("sentence1", "sentence2")) + "\r\n"
    path = write(tmp_path / f"p.{suffix}", header + quoted(PAIRS, separator), encoding)
    source = open_pairs(path)
    rows = list(source.rows())
    assert texts(rows) == PAIRS
    assert [(row.row, row.line, row.id) for row in rows] == [(0, 2, "0"), (1, 3, "1"), (2, 5, "2")]
    assert source.total == 3
    assert str(source.columns) == "text A: sentence1; text B: sentence2; id: row number"


@pytest.mark.parametrize("suffix", ["jsonl", "ndjson"])
def test_json_lines(tmp_path, suffix):
    lines = [json.dumps({"id": 7 + n, "text1": a, "text2": b, "n": n, "deep": [n]})
             for n, (a, b) in enumerate(PAIRS)]  # fmt: skip
    rows = read(write(tmp_path / f"p.{suffix}", "\n".join([*lines, "", ""])))
    assert texts(rows) == PAIRS
    assert [row.id for row in rows] == ["7", "8", "9"]
    assert json.loads(rows[1].extra) == {"n": 1, "deep": [1]}


def test_what_is_carried_along_is_json():
    (row,) = read([{"a": "x", "b": "y", "n": float("nan"), "deep": [float("inf"), 1.5]}])
    assert json.loads(row.extra, parse_constant=pytest.fail) == {"n": None, "deep": [None, 1.5]}


def test_a_list_can_be_read_again_and_an_iterator_not():
    some = [(str(number), "text") for number in range(250)]
    source = open_pairs(some)
    assert list(source.rows()) == list(source.rows())
    assert len(list(source.rows())) == 250
    once = open_pairs(iter(some))
    assert len(list(once.rows())) == 250
    with pytest.raises(DataError, match="an iterator, which can be gone through once"):
        once.rows()


def test_iterables():
    source = open_pairs((a, b) for a, b in PAIRS)
    assert (texts(source.rows()), source.total, source.fingerprint) == (PAIRS, None, None)
    rows = read([{"left": a, "right": b, "id": "x"} for a, b in PAIRS], columns=("right", "left"))
    assert texts(rows) == [(b, a) for a, b in PAIRS]
    assert rows[0].id == "x"
    assert texts(read([{0: "x", 1: "y"}])) == [("x", "y")]
    rows = read([["a", "b", 3], "a text", (1, "b"), ("a", None), ("a", "\ud83d")])
    assert rows[0].extra == '{"column_3": 3}'
    assert [row.reason for row in rows[1:]] == [
        "it is no pair of texts but str",
        "a is a number (1), not a text",
        "b is missing",
        "b has half of a surrogate pair at character 1",
    ]
    assert open_pairs(PAIRS).total == 3
    with pytest.raises(DataError, match="no pairs"):
        open_pairs([])


@pytest.mark.parametrize(
    ("content", "columns"),
    [
        ("x y,a,b,id\n", "a; text B: b; id: id; carried along: x y"),
        ("n,left,right\n1,x,y\n", "left; text B: right; id: row number; carried along: n"),
        ("Text_B,n,Text_A\n", "Text_A; text B: Text_B; id: row number; carried along: n"),
        ("x,y,2.5\n", "column_1; text B: column_2; id: row number; carried along: column_3"),
        ("It rains.,It pours.\n", "column_1; text B: column_2; id: row number"),
        ("a,a,b,\n", "a; text B: b; id: row number; carried along: a_2, column_4"),
    ],
)
def test_columns_are_guessed_and_shown(tmp_path, content, columns):
    more = "" if content.count("\n") > 1 else "u,v,w,x\n"
    path = write(tmp_path / "p.csv", content + more[: 2 * content.count(",") + 1] + "\n")
    assert str(open_pairs(path).columns) == f"text A: {columns}"


def test_columns_are_named(tmp_path):
    path = write(tmp_path / "p.csv", "first,second,third\nx,y,z\n")
    assert texts(read(path, columns=("third", "first"))) == [("z", "x")]
    nameless = read(path, columns=("column_1", "column_2"))
    assert texts(nameless) == [("first", "second"), ("x", "y")]
    assert "no column 'fourth'; its columns are: first, second, third" in refusal(
        path, path.read_bytes(), columns=("first", "fourth")
    )
    assert "came twice" in refusal(path, path.read_bytes(), columns=("first", "first"))


def test_duplicated_names_get_numbers(tmp_path):
    path = write(tmp_path / "p.csv", "sentence1,sentence2,tag,tag,tag_2\nx,y,1,2,3\n")
    (row,) = read(path)
    assert json.loads(row.extra) == {"tag": "1", "tag_2": "2", "tag_2_2": "3"}


def test_rows_that_can_not_be_used_cost_only_themselves(tmp_path):
    content = (
        "sentence1,sentence2,score\n"
        "x,y,1\n"
        ",y,1\n"
        "\n"
        "x\n"
        'x," ",1\n'
        "one, two,y,1\n"
        'he "said",fine,1\n'
        '"quote"d,y,1\n'
        "x,y,2\n"
        '"never closed,y,1\nx,y,3\n'
    )
    rows = read(write(tmp_path / "p.csv", content))
    assert [row.line for row in rows] == [2, 3, 5, 6, 7, 8, 9, 10, 11]
    assert [row.row for row in rows] == list(range(9))
    good = [row for row in rows if isinstance(row, Pair)]
    assert [row.line for row in good] == [2, 8, 10]
    reasons = [row.reason for row in rows if isinstance(row, Reject)]
    assert reasons[:3] == ["sentence1 is empty", "sentence2 is missing", "sentence2 is empty"]
    assert "4 cells for 3 columns" in reasons[3]
    assert "quotes or separators are broken" in reasons[4]
    assert "broken (up to line 12): unexpected end" in reasons[5]


def test_json_rows_that_can_not_be_used(tmp_path):
    lines = [
        '{"a": "x", "b": "y"}',
        '{"a": 3, "b": "y"}',
        '{"b": "y"}',
        "[1]",
        "{",
        "",
        '{"a": "x", "b": null}',
        '{"a": "\\ud83d", "b": "y"}',
        '{"a": true, "b": {}}',
    ]
    rows = read(write(tmp_path / "p.jsonl", "\n".join(lines)))
    assert [row.line for row in rows] == [1, 2, 3, 4, 5, 7, 8, 9]
    assert [row.reason.split(":")[0] for row in rows[1:]] == [
        "a is a number (3), not a text",
        "a is missing",
        "it is no JSON object",
        "it is no JSON",
        "b is missing",
        "a has half of a surrogate pair at character 1",
        "a is true or false (True), not a text",
    ]


def test_latin_1_costs_rows_until_it_is_named(tmp_path):
    path = write(tmp_path / "p.csv", "a,b\ncafé,y\nx,y\n", "latin-1")
    bad, good = read(path)
    assert (bad.line, bad.reason) == (
        2,
        "a has a byte that is not utf-8 (0xE9, at character 4); convert the file, or name its "
        "encoding",
    )
    assert good.a == "x"
    assert [row.a for row in read(path, encoding="latin-1")] == ["café", "x"]
    for encoding in ("klingon", "base64", "idna", "punycode", "undefined", "utf\0"):
        assert "no encoding" in refusal(path, path.read_bytes(), encoding=encoding)


def test_utf_16_without_a_mark(tmp_path):
    path = write(tmp_path / "p.csv", "a,b\nö,y\n".encode("utf-16-le"))
    assert "zero bytes" in refusal(path, path.read_bytes())
    assert texts(read(path, encoding="utf-16-le")) == [("ö", "y")]
    write(path, "a,b\nx,y\nö,".encode("utf-16") + b"\xd8")  # ends inside a character
    assert [type(row) for row in read(path)] == [Pair, Reject]


def archive() -> bytes:
    with zipfile.ZipFile(buffer := io.BytesIO(), "w") as file:
        file.writestr("pairs.csv", "a,b\nx,y\n")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("p.csv", "", "is empty"),
        ("p.csv", "\n \n", "is empty"),
        ("p.csv", b"\xef\xbb\xbf", "is empty"),
        ("p.jsonl", "", "is empty"),
        ("p.parquet", "", "no Parquet file"),
        ("p.csv", "sentence1,sentence2\n", "a header but no rows"),
        ("p.csv", "only\nx\ny\n", "no two columns of texts; expected two"),
        ("p.csv", "sentence1|sentence2\nx|y\n", "Its columns are: sentence1|sentence2"),
        ("p.csv", "n,m\n1,2\n", "no two columns of texts"),
        ("p.csv", archive(), "is a zip archive (or a spreadsheet), whatever its name"),
        ("p.jsonl", archive(), "is a zip archive"),
        ("p.csv", b"\x1f\x8b\x08rest", "gzip"),
        ("p.csv", b"PAR1rest", "name it .parquet"),
        ("p.csv", b"a,b\nx\0,y\n", "zero bytes"),
        ("p.jsonl", "a,b\nx,y\n", "does not begin with lines of JSON objects"),
        ("p.jsonl", '{"a": "x"}\n', "no two columns of texts"),
        ("p.parquet", "a,b\n", "no Parquet file"),
        ("p.xlsx", archive(), "expected a file named .csv, .tsv, .jsonl"),
        ("pairs", "a,b\n", "expected a file named"),
    ],
)
def test_bad_files_are_refused_in_a_sentence(tmp_path, name, content, words):
    assert words in refusal(tmp_path / name, content)


@pytest.mark.parametrize(
    ("name", "content", "first"),
    [
        ("p.csv", "a;b;gold\nA dog, a cat.;A cat.;3,5\nOne;Two;1\n", ("A dog, a cat.", "A cat.")),
        ("p.csv", "a\tb\nA dog.\tA cat; a dog.\n", ("A dog.", "A cat; a dog.")),
        ("p.csv", "A dog.;A cat.\nA man sat, and slept.;A man, too.\n", ("A dog.", "A cat.")),
        ("p.csv", 'a,b\n"One; two; three",Four;\n', ("One; two; three", "Four;")),
        ("p.tsv", "a,b\nA dog.,A cat.\n", ("A dog.", "A cat.")),
        ("p.csv", "a,b\nA dog.,A cat; too.,more\n", None),  # one broken row is not another table
    ],
)
def test_separators_are_told_by_the_first_rows(tmp_path, name, content, first):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    row = next(iter(open_pairs(path).rows()))
    if first is None:
        assert "3 cells for 2 columns" in row.reason
    else:
        assert (row.a, row.b) == first


def test_missing_files_and_folders(tmp_path):
    for name in ("p.csv", "p.parquet", "p.jsonl"):
        with pytest.raises(DataError, match="can't be read"):
            open_pairs(tmp_path / name)
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(DataError, match="is a folder"):
        open_pairs(tmp_path / "folder.csv")
    pq.write_table(pa.table({"a": ["x"], "b": ["y"]}).slice(0, 0), tmp_path / "empty.parquet")
    with pytest.raises(DataError, match="has no rows"):
        open_pairs(tmp_path / "empty.parquet")


@pytest.mark.slow
def test_many_rows_stream(tmp_path):
    path = tmp_path / "p.csv"
    with path.open("w") as file:
        file.write("a,b\n")
        file.writelines(f"text {n},other {n}\n" for n in range(20_000))
    source = open_pairs(path)
    assert source.total == 20_000
    rows = source.rows()
    assert next(rows).a == "text 0"
    assert sum(1 for _ in rows) == 19_999
