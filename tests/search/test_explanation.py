"""Explanations of hits: spans in the document's characters, totals that add up to the scores."""

import itertools

import pytest

from xsb_core import Recipe, contrast, explain_hit, load_encoder, rank
from xsb_core.search.explanation import explain_hits

QUERY = "When does the ferry leave?"
DOC = "Nets are shown in the museum. The ferry leaves at nine. Dogs are welcome."
OTHER = "The boat is slow."
LONG = DOC + " The island has one hotel and a camp site." * 60


def assert_adds_up(encoder, docs, prompts=(None, None), unit="sentences"):
    hits = rank(encoder, QUERY, docs, prompts=prompts).hits
    explained = list(explain_hits(encoder, hits, unit))
    for one in explained:
        assert sum(value for _, value in one.query_totals) == pytest.approx(
            one.hit.score, abs=one.error + 1e-5
        )
        assert 0 < one.error < 0.02 * max(1, abs(one.hit.score))
    for one, other in itertools.permutations(explained, 2):
        found = contrast(one, other)
        apart = one.hit.score - other.hit.score
        assert found.differences.sum() == pytest.approx(apart, abs=found.error + 1e-5)


def test_a_sentence_carries_the_score(minilm):
    hit = rank(minilm, QUERY, [DOC, OTHER]).hits[0]
    found = explain_hit(minilm, hit)
    assert [DOC[one.start : one.end] for one in found.spans] == [
        "Nets are shown in the museum.",
        "The ferry leaves at nine.",
        "Dogs are welcome.",
    ]
    assert found.carrier == found.spans[1]
    assert sum(one.value for one in found.spans) == pytest.approx(hit.score, abs=0.05)


def test_words_are_finer_and_say_the_same(minilm):
    hit = rank(minilm, QUERY, [DOC]).hits[0]
    found = explain_hit(minilm, hit, "words")
    assert DOC[found.carrier.start : found.carrier.end] == "ferry"
    assert found.pairs(1)[0][:2] == ("ferry", "ferry")


def test_contrasts_add_up(minilm):
    assert_adds_up(minilm, [DOC, OTHER])
    assert_adds_up(minilm, [DOC, OTHER], ("question: ", "passage: "), unit="words")


def test_contrasts_add_up_with_a_cut_document(minilm):
    assert_adds_up(minilm, [LONG, OTHER])
    found = explain_hit(minilm, rank(minilm, QUERY, [LONG]).hits[0])
    assert found.to_dict()["cut"] == found.result.b.read < len(LONG)
    assert max(one.end for one in found.spans) <= found.result.b.read


@pytest.mark.parametrize("name", ["exact", "orig"])
def test_contrasts_add_up_for_exact_and_dot_product_models(name):
    assert_adds_up(load_encoder(name, device="cpu"), [DOC, OTHER])


def test_a_prompt_is_no_span(minilm):
    hit = rank(minilm, QUERY, [DOC], prompts=(None, "passage: ")).hits[0]
    found = explain_hit(minilm, hit)
    assert found.spans[0].start == 0
    assert len(found.spans) == 3


def test_contrasts_of_two_queries_or_models_are_refused(minilm):
    one = explain_hit(minilm, rank(minilm, QUERY, [DOC]).hits[0])
    two = explain_hit(minilm, rank(minilm, "Dogs?", [DOC]).hits[0])
    with pytest.raises(ValueError, match="compared for one query"):
        contrast(one, two)
    deep = explain_hit(minilm, rank(minilm, QUERY, [DOC]).hits[0], recipe=Recipe(layer=5))
    with pytest.raises(ValueError, match="by one model and layer"):
        contrast(one, deep)


def test_what_would_lift_names_words_that_the_lower_one_answers_least(minilm):
    hits = rank(minilm, QUERY, [DOC, OTHER]).hits
    found = contrast(*explain_hits(minilm, hits))
    behind = dict(zip(found.words, found.differences, strict=True))
    assert found.lifts[0] == max(behind, key=behind.get)
    assert contrast(*explain_hits(minilm, hits[::-1])).lifts == found.lifts
