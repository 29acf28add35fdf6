"""``xsb rank``: JSON for pipes, sums that add up, one sentence for a mistake."""

import io
import json

import pytest

from xsb_core.cli import main

DOCS = "The ferry leaves at nine. Dogs are welcome.\nThe tax law is hard.\nThe boat is slow.\n"
QUERY = "When does the ferry leave?"


@pytest.fixture
def docs(tmp_path):
    path = tmp_path / "docs.txt"
    path.write_text(DOCS)
    return str(path)


def test_lines_of_json(docs, capsys):
    assert main(["rank", "--docs", docs, "--query", QUERY, "--explain", "--jsonl"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["rank"] for one in found] == [1, 2, 3]
    assert found[0]["id"] == "1"
    best = max(found[0]["spans"], key=lambda span: span["value"])
    assert found[0]["text"][best["start"] : best["end"]] == "The ferry leaves at nine."
    for one in found:
        total = sum(part["value"] for part in one["query_totals"])
        assert total == pytest.approx(one["score"], abs=one["error"] + 1e-5)
        assert {"pairs", "cut", "error"} <= set(one)


def test_documents_from_a_pipe_and_queries_from_a_file(tmp_path, capsys, monkeypatch):
    (tmp_path / "queries.txt").write_text(f"{QUERY}\nIs the law hard?\n")
    lines = '{"id": "f", "text": "The ferry leaves."}\nThe law is hard.\n'
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    command = ["rank", "--docs", "-", "--queries", str(tmp_path / "queries.txt"), "--top", "1"]
    assert main([*command, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(one["query"], one["id"]) for one in found] == [
        (QUERY, "f"),
        ("Is the law hard?", "2"),
    ]


def test_against_adds_up(docs, capsys):
    command = ["rank", "--docs", docs, "--query", QUERY, "--against", "2"]
    assert main([*command, "--jsonl"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert sum(found["differences"]) == pytest.approx(
        found["scores"][0] - found["scores"][1], abs=found["error"] + 1e-5
    )
    assert main(command) == 0
    assert capsys.readouterr().out.startswith("1 before 2: +")


def test_against_a_text_of_your_own(docs, capsys):
    command = ["rank", "--docs", docs, "--query", QUERY, "--against-text", "It sails at noon."]
    assert main(command) == 0
    assert capsys.readouterr().out.startswith("1 before your text: +")


def test_long_documents_in_windows_and_hits_as_html(tmp_path, capsys):
    path = tmp_path / "long.txt"
    path.write_text(
        "Nets dry on the quay, and " * 45 + "gulls cry. The ferry leaves at nine.\nA <b>cat</b>.\n"
    )
    command = ["rank", "--docs", str(path), "--query", QUERY, "--windows"]
    assert main([*command, "--jsonl"]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    windows = [one["window"] for one in found if one["id"] == "1"]
    assert len(windows) == 2
    assert [one["window"] for one in found if one["id"] == "2"] == [None]
    best = next(one for one in found if one["id"] == "1")
    span = max(best["spans"], key=lambda span: span["value"])
    assert best["text"][span["start"] : span["end"]] == "The ferry leaves at nine."
    assert main([*command, "--html"]) == 0
    html = capsys.readouterr().out
    assert html.count("<div") == 3
    assert "A &lt;b&gt;cat&lt;/b&gt;." in html


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "Give either --query or --queries."),
        (["--query", "x", "--queries", "y.txt"], "Give either --query or --queries."),
        (["--query", "x", "--json", "--jsonl"], "Give one of --json, --jsonl and --html."),
        (["--query", "x", "--html", "--against", "2"], "--html shows documents, not what sets two"),
        (["--query", "x", "--against", "2", "--against-text", "y"], "Give either --against or"),
        (["--query", "x", "--against-text", " "], "Your text is empty; type at least one word."),
        (["--query", " "], "The query is empty; type at least one word."),
        (["--query", "x", "--against", "9"], "There is no document '9' among the 3 results;"),
    ],
)
def test_mistakes_are_one_sentence(docs, options, message, capsys):
    assert main(["rank", "--docs", docs, *options]) == 2
    assert capsys.readouterr().err.startswith(message)
