"""A passage for a query: only what the query sees of it, at the query's cost."""

import numpy as np
import pytest
import torch

from tests.zoo import make_model
from xsb_core import Encoder, Recipe, explain_hit, pair_attribution, rank, text_factors
from xsb_core.attribution import text_factors as rooms

QUERY = "Which ferry?"
TEXT = (
    "The ferry, e.g. the old one, leaves. It is slow! Tickets can be bought on board, and dogs "
    "travel free of charge. Parking costs four euros a day. Nobody waits for the last bus."
)


@pytest.fixture(scope="module")
def precise():
    return Encoder(make_model("bert", blocks=2, dtype=torch.float64), "bert")


@pytest.fixture
def always(monkeypatch):
    monkeypatch.setattr(rooms.FactorBatches, "_partner", lambda self, *_: self._seen_by)


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("unit", ["tokens", "words", "sentences"])
@pytest.mark.parametrize("cosine", ["through", "endpoint"])
def test_the_papers_cells_are_those_of_all_factors(precise, unit, cosine):
    recipe = Recipe(layer=0, cosine=cosine, steps=4)
    query = text_factors(precise, QUERY, recipe)
    whole = text_factors(precise, TEXT, recipe, unit=unit)
    seen = text_factors(precise, TEXT, recipe, unit=unit, seen_by=query)
    assert whole.seen_by is None
    assert seen.seen_by is query
    one, other = pair_attribution(query, whole), pair_attribution(query, seen)
    for name in ("matrix", "border_a", "border_b"):
        np.testing.assert_allclose(getattr(other, name), getattr(one, name), rtol=0, atol=1e-12)
    assert other.corner == pytest.approx(one.corner, abs=1e-12)
    assert other.score == pytest.approx(one.score, abs=1e-12)
    # what a word of the query gives in all does not depend on how the passage was computed
    np.testing.assert_allclose(other.net_matrix.sum(1), one.net_matrix.sum(1), rtol=0, atol=1e-12)
    # and either text may be the passage
    turned = pair_attribution(seen, query)
    np.testing.assert_allclose(turned.net_matrix, other.net_matrix.T, rtol=0, atol=1e-15)


def test_what_is_left_of_factors_is_what_the_query_sees(precise):
    recipe = Recipe(layer=0, steps=4)
    query = text_factors(precise, QUERY, recipe)
    sight = query.sight
    torch.testing.assert_close(sight @ sight.T, torch.eye(len(sight), dtype=sight.dtype))
    for vector in (*query.token.factors, query.token.reference):
        torch.testing.assert_close(vector @ sight.T @ sight, vector)
    whole = text_factors(precise, TEXT, recipe).token.factors
    seen = text_factors(precise, TEXT, recipe, seen_by=query)
    torch.testing.assert_close(seen.token.factors, whole @ sight.T @ sight)


@pytest.mark.parametrize("tolerance", [1e-2, 1e-3])
def test_the_error_that_is_told_is_that_of_the_seen_part(minilm, tolerance):
    recipe = Recipe(layer=4, tolerance=tolerance)
    query = text_factors(minilm, QUERY, recipe)
    seen = text_factors(minilm, TEXT, recipe, seen_by=query)
    truth = text_factors(minilm, TEXT, Recipe(layer=4, tolerance=1e-5)).token
    sight = query.sight
    size = torch.linalg.vector_norm(truth.embedding - truth.reference)
    off = torch.linalg.vector_norm(seen.token.factors - truth.factors @ sight.T @ sight) / size
    assert seen.token.converged
    assert off <= 2 * tolerance
    assert off <= 2 * seen.token.error  # two draws of random signs: a factor of 2 is 1.4 deviations
    result = pair_attribution(query, seen)
    assert abs(result.net_matrix.sum() - result.score) <= 2 * tolerance


def test_a_passage_costs_a_query_and_not_its_own_length(minilm):
    recipe = Recipe(layer=5, steps=2)
    query = text_factors(minilm, QUERY, recipe)
    works = []
    for times in (1, 2, 4):
        text = " ".join([TEXT] * times)
        found = text_factors(minilm, text, recipe, seen_by=query).token
        works.append((found.work, len(found.factors)))
    assert {work for work, _ in works} == {2 * len(query.sight)}
    assert works[-1][1] > 3 * works[0][1]
    assert text_factors(minilm, TEXT, recipe).token.work == 2 * works[0][1]


def test_it_is_done_only_where_it_saves_half(minilm):
    recipe = Recipe(layer=5, steps=2)
    query = text_factors(minilm, QUERY, recipe)
    longer = text_factors(minilm, TEXT[: len(TEXT) // 2], recipe)
    for text, unit, other, saves in (
        ("The ferry leaves.", "tokens", query, False),
        (TEXT, "tokens", query, True),
        (TEXT, "tokens", longer, False),
        (TEXT, "sentences", query, True),
        (TEXT, ((0, 1), tuple(range(2, 20))), query, False),
    ):
        found = text_factors(minilm, text, recipe, unit=unit, seen_by=other)
        assert (found.seen_by is other) == saves, (text, unit)


def test_such_factors_meet_no_other_text(minilm):
    recipe = Recipe(layer=5, steps=2)
    query, other = (text_factors(minilm, text, recipe) for text in (QUERY, "Which train?"))
    seen = text_factors(minilm, TEXT, recipe, seen_by=query)
    with pytest.raises(ValueError, match="computed for one partner, seen_by, can't meet another"):
        pair_attribution(other, seen)
    again = text_factors(minilm, QUERY, recipe)  # the same text computed anew is the same partner
    assert pair_attribution(again, seen).score == pair_attribution(query, seen).score


def test_a_document_is_explained_for_its_query(minilm):
    (hit,) = rank(minilm, QUERY, [TEXT]).hits
    found = explain_hit(minilm, hit, "words").result
    assert found.work_b < found.nodes_b * len(found.b.tokens) / 2
    assert found.net_matrix.sum() == pytest.approx(found.score, abs=2e-3)
