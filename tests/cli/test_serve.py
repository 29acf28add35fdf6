"""``xsb serve``: what comes back over HTTP, its limits, its description."""

import sys
from importlib import import_module

import pytest
from fastapi.testclient import TestClient

from xsb_core.cli import main
from xsb_core.cli.serve import Limits, service

SERVE = import_module("xsb_core.cli.serve")  # the package has the function by this name
QUERY = "When does the ferry leave?"
DOCS = ["The tax law is hard.", {"id": "f", "text": "Dogs are welcome. The ferry leaves at nine."}]
ASKED = {"query": QUERY, "documents": DOCS}


@pytest.fixture(scope="module")
def client(minilm):
    return TestClient(service(minilm))


def test_ranks_and_explains(client):
    found = client.post("/rank", json=ASKED | {"top": 1}).json()
    assert (found["documents"], found["blank"]) == (2, 0)
    assert [hit["id"] for hit in found["hits"]] == ["f"]
    first, second = client.post("/explain", json=ASKED | {"unit": "sentences"}).json()
    assert (first["id"], second["id"]) == ("f", "1")
    assert first["score"] == found["hits"][0]["score"]
    span = max(first["spans"], key=lambda span: span["value"])
    assert first["text"][span["start"] : span["end"]] == "The ferry leaves at nine."
    total = sum(part["value"] for part in first["query_totals"])
    assert total == pytest.approx(first["score"], abs=first["error"] + 1e-5)


def test_long_documents_in_windows_and_prompts(client):
    long = "Nets dry on the quay, and " * 45 + "gulls cry. The ferry leaves at nine."
    asked = {"query": QUERY, "documents": [long], "windows": True, "document_prompt": "text: "}
    found = client.post("/explain", json=asked).json()
    assert len(found) == 2
    assert found[0]["window"][1] == len(long)


@pytest.mark.parametrize(
    ("path", "asked", "said"),
    [
        ("/rank", {"query": " ", "documents": DOCS}, "The query is empty; type at least one word."),
        ("/rank", {"query": "x", "documents": []}, "There are no documents;"),
        ("/rank", {"query": "x" * 101, "documents": DOCS}, "A text has 101 characters, and this"),
        ("/rank", {"query": "x", "documents": ["y"] * 6}, "documents: List should have at most 5"),
        ("/rank", {"documents": DOCS}, "query: Field required"),
        ("/rank", ASKED | {"query_prompt": "nope"}, "all-MiniLM-L6-v2 has no prompt 'nope'"),
        ("/explain", ASKED | {"top": 51}, "top: Input should be less than or equal to 50"),
        ("/explain", ASKED | {"unit": "tokens"}, "unit: Input should be"),
    ],
)
def test_what_cannot_be_answered_is_one_sentence(minilm, path, asked, said):
    client = TestClient(service(minilm, limits=Limits(characters=100, documents=5)))
    answer = client.post(path, json=asked)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(said)


def test_embeddings_of_another_model_are_refused(client):
    documents = [{"text": "A cat.", "embedding": [0.1] * 384}]
    answer = client.post("/rank", json={"query": "x", "documents": documents})
    assert answer.status_code == 422
    assert "is not all-MiniLM-L6-v2's" in answer.json()["detail"]


def test_too_much_too_long_and_too_many_are_refused(minilm, monkeypatch):
    client = TestClient(service(minilm, limits=Limits(seconds=0)))
    answer = client.post("/rank", json=ASKED)
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("This took more than the 0 seconds")
    answer = TestClient(service(minilm, limits=Limits(waiting=0))).post("/rank", json=ASKED)
    assert (answer.status_code, answer.json()["detail"][:23]) == (503, "Too many requests wait;")
    monkeypatch.setattr(SERVE, "MOST_BYTES", 50)
    answer = TestClient(service(minilm)).post("/rank", json=ASKED)
    assert answer.status_code == 413


def test_is_described_and_fetches_nothing(client):
    described = client.get("/openapi.json").json()
    assert set(described["paths"]) == {"/rank", "/explain"}
    assert {"ExplainedDocument", "MarkedSpan", "Ranked"} <= set(described["components"]["schemas"])
    assert client.get("/docs").status_code == 404


def test_what_is_missing_is_said(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "fastapi", None)
    assert main(["serve"]) == 2
    assert "pip install 'xsb-explorer[serve]'" in capsys.readouterr().err


def test_limits_are_the_servers(monkeypatch):
    given = []
    monkeypatch.setattr("uvicorn.run", lambda app, **options: given.append(options))
    monkeypatch.setattr(SERVE, "service", lambda encoder, layer, limits: given.append(limits))
    for name, value in (("CHARACTERS", 9), ("PAIRS", 8), ("SECONDS", 7), ("WAITING", 6)):
        monkeypatch.setenv(f"XSB_MAX_{name}", str(value))
    assert main(["serve", "--port", "1"]) == 0
    assert given == [
        Limits(characters=9, documents=8, seconds=7, waiting=6),
        {"host": "127.0.0.1", "port": 1},
    ]
