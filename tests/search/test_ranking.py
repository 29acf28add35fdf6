"""Ranking: the model's own scores, in one pass, with whatever documents people have."""

import tracemalloc
from types import SimpleNamespace

import duckdb
import numpy as np
import pytest
import torch

from xsb_core import (
    DataError,
    Document,
    ModelError,
    TextError,
    attribute,
    documents_of,
    found_documents,
    near_duplicates,
    open_documents,
    rank,
    rank_agreement,
)
from xsb_core.search import ranking as module
from xsb_core.search.documents import json_documents, split_documents

DOCS = [
    "The tax law is hard.",
    "The ferry leaves at nine on Sundays.",
    "Cats sleep all day.",
    "On weekends the boat leaves early.",
]
QUERY = "When does the ferry leave on Sunday?"


def test_scores_are_those_of_a_pair(minilm):
    found = rank(minilm, QUERY, DOCS)
    assert [hit.id for hit in found.hits[:2]] == ["2", "4"]
    for hit in found.hits:
        assert hit.score == pytest.approx(attribute(minilm, QUERY, hit.text, 5).score, abs=1e-5)
    assert [hit.rank for hit in found.hits] == [1, 2, 3, 4]


def test_parts_do_not_change_a_ranking(minilm, monkeypatch):
    docs = [f"{text} {number % 5}" for number in range(4) for text in DOCS] * 2
    whole = rank(minilm, QUERY, docs, top=6)
    monkeypatch.setattr(module, "AT_ONCE", 3)
    parts = rank(minilm, QUERY, iter(docs), top=6)
    assert [hit.id for hit in parts.hits] == [hit.id for hit in whole.hits]
    assert [hit.same for hit in parts.hits] == [hit.same for hit in whole.hits]
    assert parts.documents == whole.documents == 32


def test_each_distinct_text_is_encoded_once(minilm, monkeypatch):
    encoded = []
    encode = minilm.model.encode

    def counting(texts, **options):
        encoded.extend(texts)
        return encode(texts, **options)

    monkeypatch.setattr(minilm.model, "encode", counting)
    monkeypatch.setattr(module, "AT_ONCE", 2)
    found = rank(minilm, QUERY, [DOCS[1], DOCS[0], DOCS[1], DOCS[1], DOCS[0]])
    assert sorted(encoded) == sorted([QUERY, DOCS[0], DOCS[1]])
    assert found.find("4") is found.hits[0]
    assert found.hits[0].same == ("3", "4")


def test_blank_documents_are_passed_over_and_counted(minilm):
    found = rank(minilm, QUERY, ["", DOCS[0], " \n"])
    assert (found.documents, found.blank, [hit.id for hit in found.hits]) == (3, 2, ["2"])


@pytest.mark.parametrize("docs", [[], ["", "  "]])
def test_no_documents_are_refused(minilm, docs):
    with pytest.raises(DataError, match="There are no documents"):
        rank(minilm, QUERY, docs)


def test_a_blank_query_is_refused(minilm):
    with pytest.raises(TextError, match="The query is empty"):
        rank(minilm, " ", DOCS)


@pytest.mark.parametrize("at_once", [1, 10])
def test_ids_of_two_documents_are_refused(minilm, monkeypatch, at_once):
    monkeypatch.setattr(module, "AT_ONCE", at_once)
    with pytest.raises(DataError, match="Two different documents are called 'x'"):
        rank(minilm, QUERY, [Document("x", "One."), Document("x", "Two.")])
    same = rank(minilm, QUERY, [Document("x", "One."), Document("x", "One.")])
    assert [hit.id for hit in same.hits] == ["x"]


def test_a_long_document_and_markup_are_texts_like_others(minilm):
    docs = ["word " * 200_000, "<script>alert(1)</script> <b>ferry</b>"]
    assert {hit.text for hit in rank(minilm, QUERY, docs).hits} == set(docs)


def test_memory_does_not_grow_with_the_documents_but_for_their_hashes(minilm, monkeypatch):
    def vectors(encoder, documents, how, *, check):
        return torch.tensor([[float(one.text.split()[0]), 1.0] for one in documents])

    monkeypatch.setattr(module, "embed", lambda *_: torch.tensor([[1.0, 0.0]]))
    monkeypatch.setattr(module, "embed_documents", vectors)
    peaks = {}
    for count in (2_000, 20_000):
        tracemalloc.start()
        found = rank(minilm, QUERY, (f"{number} {'word ' * 100}" for number in range(count)))
        peaks[count] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert (found.documents, len(found.hits)) == (count, 10)
        assert [hit.id for hit in found.hits[:2]] == [str(count), str(count - 1)]
    # two hashes of 8 bytes a document, of which sorting and joining make a few copies; a document
    # has over 500
    assert peaks[20_000] - peaks[2_000] < 18_000 * 16 * 5


def test_records_of_other_libraries_are_documents():
    langchain = SimpleNamespace(page_content="A", id="l", metadata={})
    llama = SimpleNamespace(text="B", node_id="n", embedding=None)
    haystack = SimpleNamespace(content="C", id="h", embedding=[1.0, 2.0])
    found = list(documents_of([langchain, llama, haystack, {"text": "D"}]))
    assert [(one.id, one.text) for one in found] == [
        ("l", "A"),
        ("n", "B"),
        ("h", "C"),
        ("4", "D"),
    ]
    np.testing.assert_array_equal(found[2].embedding, [1, 2])
    with pytest.raises(DataError, match="Document 1 has no text"):
        list(documents_of([SimpleNamespace(title="x")]))


def test_an_index_names_documents():
    assert [one.text for one in found_documents(np.array([2, 0, -1]), "abc")] == ["c", "a"]
    with pytest.raises(DataError, match="document 7, which is none of the 3"):
        list(found_documents([7], "abc"))


def test_stored_embeddings_rank_and_are_checked(minilm):
    vectors = minilm.model.encode(DOCS)
    table = [
        {"id": f"d{n}", "text": text, "embedding": 3 * vector}
        for n, (text, vector) in enumerate(zip(DOCS, vectors, strict=True))
    ]
    expected = [(f"d{int(hit.id) - 1}", hit.score) for hit in rank(minilm, QUERY, DOCS).hits]
    found = [(hit.id, hit.score) for hit in rank(minilm, QUERY, table).hits]
    assert [name for name, _ in found] == [name for name, _ in expected]
    np.testing.assert_allclose([s for _, s in found], [s for _, s in expected], atol=1e-5)
    table[1]["embedding"] = vectors[1] + 2e-3 / 384**0.5 * np.sign(vectors[0])
    with pytest.raises(ModelError, match="embedding of document 'd1' is not"):
        rank(minilm, QUERY, table)
    table[1]["embedding"] = vectors[1][:100]
    with pytest.raises(ModelError, match="has 100 numbers, not 384"):
        rank(minilm, QUERY, table)


def test_duckdb_and_files_are_documents(minilm, tmp_path):
    vectors = minilm.model.encode(DOCS[:2])
    path = tmp_path / "docs.parquet"
    with duckdb.connect() as base:
        base.execute("CREATE TABLE docs (id TEXT, text TEXT, embedding FLOAT[])")
        for number, vector in enumerate(vectors):
            base.execute(
                "INSERT INTO docs VALUES (?, ?, ?)", [f"k{number}", DOCS[number], vector.tolist()]
            )
        base.execute(f"COPY docs TO '{path}'")
        ask = "SELECT * FROM docs ORDER BY id"
        relation = list(documents_of(base.sql(ask)))
        result = list(documents_of(base.execute(ask)))
    for found in (relation, result, list(open_documents(path))):
        assert [one.id for one in found] == ["k0", "k1"]
        np.testing.assert_allclose(found[1].embedding, vectors[1], atol=1e-6)


def test_files_of_texts(tmp_path):
    for name, content, expected in (
        ("a.txt", "One.\nTwo.\n", [("1", "One."), ("2", "Two.")]),
        ("b.txt", "One\nline.\n\nTwo.\n", [("1", "One\nline."), ("2", "Two.")]),
        ("c.csv", "id,content\nx,One here.\ny,\n", [("x", "One here."), ("y", "")]),
        ("d.jsonl", '{"id": 7, "text": "One."}\n', [("7", "One.")]),
    ):
        path = tmp_path / name
        path.write_text(content)
        assert [(one.id, one.text) for one in open_documents(path)] == expected
    with pytest.raises(DataError, match=r"expected .*\.txt"):
        open_documents(tmp_path / "e.docx")
    (tmp_path / "f.csv").write_text("left,right\nA dog.,A cat.\n")
    with pytest.raises(DataError, match="no column that is known to hold the texts"):
        open_documents(tmp_path / "f.csv")
    assert next(open_documents(tmp_path / "f.csv", "right")).text == "A cat."


def test_a_pipe_has_objects_or_lines():
    lines = ['{"id": "k", "text": "One."}\n', "\n", "Two.\n", '"Three."\n', "{no json\n"]
    found = [(one.id, one.text) for one in json_documents(lines)]
    assert found == [("k", "One."), ("2", "Two."), ("3", "Three."), ("4", "{no json")]


def test_pasted_documents_are_lines_or_blocks():
    assert split_documents("a\nb") == ["a", "b"]
    assert split_documents("a\nb\n \nc\n") == ["a\nb", "c"]
    assert split_documents(" \n") == []


def test_near_duplicates_are_the_most_similar_pairs(minilm):
    docs = [*DOCS, "The ferry leaves at ten on Sundays.", DOCS[0]]
    vectors = minilm.model.encode(docs[:5], normalize_embeddings=True)
    scores = np.triu(vectors @ vectors.T, 1)
    found = near_duplicates(minilm, docs, 3)
    best = np.argsort(-scores, axis=None)[:3]
    assert [(int(a) - 1, int(hit.id) - 1) for a, hit in found] == [divmod(at, 5) for at in best]
    assert [hit.score for _, hit in found] == pytest.approx(scores.flat[best].tolist(), abs=1e-5)
    with pytest.raises(DataError, match="2 to 20,000 distinct documents; got 1"):
        near_duplicates(minilm, ["a", "a"])


def test_rankings_agree_as_kendall_says(minilm):
    found = rank(minilm, QUERY, DOCS)
    turned = module.replace(
        found,
        hits=tuple(
            module.replace(hit, rank=place)
            for hit, place in zip(found.hits, (1, 4, 3, 2), strict=True)
        ),
    )
    assert rank_agreement(found, found)[0] == 1
    tau, moves = rank_agreement(found, turned)
    assert tau == pytest.approx(0)  # three pairs of six in the other order
    assert {abs(a - b) for _, a, b in moves[:2]} == {2}
