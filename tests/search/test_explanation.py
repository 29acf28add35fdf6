"""Explanations of hits: spans in the document's characters, totals that add up to the scores."""

import itertools

import pytest

from xsb_core import (
    Recipe,
    TextError,
    contrast,
    explain_hit,
    explain_hits,
    hit_html,
    load_encoder,
    own_hit,
    rank,
    text_factors,
)
from xsb_core.search import explanation
from xsb_core.search.windows import windows

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
    assert not any("passage" in other for _, other, _ in found.pairs(99))


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


def test_a_long_document_is_explained_in_windows_of_whole_sentences(minilm):
    filler = f" {' and '.join(['The island has one hotel'] * 18)}."  # of 108 tokens
    long = f"{DOC}{filler * 3} {QUERY} At nine it does.\n{filler}"
    hit = rank(minilm, QUERY, [long, OTHER]).find("1")
    found = list(explain_hits(minilm, [hit], windows=True))
    places = sorted(one.window for one in found)
    assert len(places) == 2
    assert places[0][0] == 0
    assert places[-1][1] == len(long)
    for before, after in itertools.pairwise(places):
        assert not long[before[1] : after[0]].strip()
        assert long[before[1] - 1] in ".?"
    scores = [one.hit.score for one in found]
    assert scores == sorted(scores, reverse=True)
    for one in found:
        assert not one.result.b.cut
        assert one.result.score == pytest.approx(one.hit.score, abs=1e-5)
        assert sum(value for _, value in one.query_totals) == pytest.approx(
            one.hit.score, abs=one.error + 1e-5
        )
    best = found[0].carrier
    assert long[best.start : best.end] == QUERY
    html = hit_html(hit, found[0])
    assert "scored as a text of their own" in html
    assert "not read by the model" in html


def test_windows_are_as_few_as_can_be_and_one_if_all_fits(minilm):
    how = minilm.instructions()[1]
    assert windows(minilm, DOC, how) == [(0, len(DOC))]
    (one,) = explain_hits(minilm, rank(minilm, QUERY, [DOC]).hits, windows=True)
    assert one.window is None
    assert windows(minilm, "  " + DOC, how) == [(2, len(DOC) + 2)]
    endless = "word " * 600  # a single sentence is cut where the model stops reading
    assert windows(minilm, endless, how) == [(0, 1269), (1270, 2539), (2540, 2999)]


def test_a_text_of_ones_own_is_set_beside_a_result(minilm):
    ranking = rank(minilm, QUERY, [DOC, OTHER], prompts=("question: ", "passage: "))
    own = own_hit(minilm, ranking, "The ferry leaves at noon.")
    expected = rank(minilm, QUERY, [own.text], prompts=("question: ", "passage: ")).hits[0]
    assert own.score == pytest.approx(expected.score, abs=1e-6)
    assert (own.rank, own.hows) == (1, expected.hows)
    assert own_hit(minilm, ranking, "Tax law.").rank == 3
    found = contrast(*explain_hits(minilm, [ranking.hits[0], own]))
    assert found.ids == ("1", "your text")
    assert found.differences.sum() == pytest.approx(
        ranking.hits[0].score - own.score, abs=found.error + 1e-5
    )
    with pytest.raises(TextError, match="Your text is empty"):
        own_hit(minilm, ranking, " ")


def test_html_of_a_hit_is_escaped_and_marks_the_carrier(minilm):
    text = "<script>alert(1)</script> & more. The ferry leaves at nine."
    hit = rank(minilm, QUERY, [{"id": "<b>'", "text": text}]).hits[0]
    found = explain_hit(minilm, hit)
    for html in (hit_html(hit), hit_html(hit, found)):
        assert "<script" not in html
        assert "&lt;b&gt;&#x27;" in html
    assert "font-weight:600;" in hit_html(hit, found)
    assert hit_html(hit, found).split("font-weight:600;")[1].split(">")[1].startswith("The ferry")


def test_known_factors_of_a_query_serve_its_hits_and_no_others(minilm, monkeypatch):
    hits = rank(minilm, "A puppy.", ["Tax law.", "A dog."]).hits
    other = rank(minilm, "A kitten.", ["A cat."]).hits
    query = text_factors(minilm, "A puppy.", Recipe(layer=5), unit="words")
    computed = []

    def counted(encoder, text, *rest, **named):
        computed.append(text)
        return text_factors(encoder, text, *rest, **named)

    monkeypatch.setattr(explanation, "text_factors", counted)
    found = list(explain_hits(minilm, [*hits, *other], recipe=Recipe(layer=5), factors=query))
    assert computed == ["A dog.", "Tax law.", "A kitten.", "A cat."]
    assert [one.result.a.text for one in found] == ["A puppy.", "A puppy.", "A kitten."]
