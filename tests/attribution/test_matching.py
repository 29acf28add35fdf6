"""Late interaction and sparse models: cells and terms that add up to the library's own score."""

import numpy as np
import pytest
import torch
from sentence_transformers import MultiVectorEncoder, SparseEncoder

from tests import zoo_kinds as make
from xsb_core import (
    Attribution,
    Recipe,
    Results,
    account,
    attribute,
    attribute_pairs,
    evaluate,
    load_encoder,
    run_corpus,
    text_factors,
    to_words,
    trust,
)
from xsb_core.cli.table import print_result
from xsb_core.encoders.ready import EXACT
from xsb_core.encoders.variants import as_variant
from xsb_core.errors import DataError, LayerError, ModelError
from xsb_core.figures.report import html_report
from xsb_core.training.data import ScoredPairs

TEXT_A = "A man isn't playing the guitar."
TEXT_B = "Two dogs run, quickly!"


@pytest.fixture(scope="module")
def late(tmp_path_factory):
    folder = tmp_path_factory.mktemp("late") / "model"
    make.multi_vector(folder, query_expansion={"strategy": "fixed", "attend": True, "length": 16})
    return folder


@pytest.fixture(scope="module")
def splade(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sparse") / "model"
    make.sparse(folder)
    return folder


def test_each_query_token_has_one_cell_with_its_best_document_token(late):
    model = MultiVectorEncoder(str(late), device="cpu")
    queries, documents = model.encode_query([TEXT_A])[0], model.encode_document([TEXT_B])[0]
    result = attribute(load_encoder(late, device="cpu"), TEXT_A, TEXT_B)

    assert (result.kind, result.similarity, result.layer, result.nodes_a) == (
        *("late interaction", "maxsim", 0, 0),
    )
    assert (result.a.task, result.b.task) == ("query", "document")
    # the query is filled up to 16 tokens; full stop and exclamation mark don't count in documents
    assert (len(result.a.tokens), result.a.tokens[-1], all(result.a.scored)) == (16, "[MASK]", True)
    assert [result.b.tokens[i] for i in np.flatnonzero(~np.array(result.b.scored))] == ["!"]

    kept = np.flatnonzero(result.b.scored)
    expected = np.zeros(result.matrix.shape)
    for i, query in enumerate(queries.double()):
        matches = [float(query @ document) for document in documents.double()]
        expected[i, kept[int(np.argmax(matches))]] = max(matches)
    assert np.abs(result.matrix - expected).max() < 1e-6
    assert result.score == pytest.approx(float(model.similarity(queries, documents)), abs=1e-5)
    assert (np.count_nonzero(result.matrix, axis=1) == 1).all()


def test_what_a_kind_is_called_is_said_wherever_a_result_is_shown(late, splade, capsys):
    for folder, name, label in (
        (late, "late interaction", "Best matches of text A's tokens"),
        (splade, "sparse", "Shared terms, by token pairs"),
    ):
        result = attribute(load_encoder(folder, device="cpu"), TEXT_A, TEXT_B)
        assert [line.label for line in account(result)] == [label]
        assert sum(line.value for line in account(result)) == pytest.approx(result.score, rel=1e-6)
        verdict = trust(result)
        assert verdict.level == "exact"
        assert f"{name}, so" in verdict.sentence
        assert result.place == f"{name}, in closed form"
        print_result(result)
        assert name in capsys.readouterr().out
        page = html_report(result)
        assert name in page
        assert "Similarities with references" not in page
        assert "A text's reference" not in page
        again = Attribution.from_dict(result.to_dict())
        assert again.to_json() == result.to_json()
        words = to_words(result, "sum")
        assert words.matrix.sum() == pytest.approx(result.score, rel=1e-6)
        assert len(words.a.scored) == (len(words.a.tokens) if name != "sparse" else 0)


def test_a_verdict_counts_the_tokens_that_are_not_matched(late):
    result = attribute(load_encoder(late, device="cpu"), TEXT_A, TEXT_B)
    assert trust(result).sentence.endswith("Tokens that the model does not match: 1 of text B.")


def test_each_term_is_traced_to_the_token_that_gives_it_its_weight(splade):
    encoder = load_encoder(splade, device="cpu")
    result = attribute(encoder, TEXT_A, TEXT_B)
    weights = []
    for text in (TEXT_A, TEXT_B):
        features = encoder.model.preprocess([text])
        with torch.no_grad():
            logits = (
                encoder.model[0]
                .model(**{key: features[key] for key in ("input_ids", "attention_mask")})
                .logits[0]
            )
        weights.append(torch.log1p(torch.relu(logits.double())))
    expected = np.zeros(result.matrix.shape)
    terms = {}
    for term in range(weights[0].shape[1]):
        (i, own), (j, other) = (
            (int(part[:, term].argmax()), float(part[:, term].max())) for part in weights
        )
        expected[i, j] += own * other
        if own * other:
            terms[encoder.tokenizer.convert_ids_to_tokens(term)] = (own * other, i, j)
    assert np.abs(result.matrix - expected).max() < 1e-5 * expected.max()
    assert {term.term for term in result.terms} == set(terms)
    for term in result.terms:
        value, i, j = terms[term.term]
        assert term.value == pytest.approx(value, rel=1e-5)
        assert (term.row, term.column) == (i, j)
    values = [term.value for term in result.terms]
    assert values == sorted(values, reverse=True)
    assert sum(values) == pytest.approx(result.score, rel=1e-5)


def test_terms_of_a_cosine_add_up_to_it(tmp_path):
    make.sparse(tmp_path / "model", similarity="cosine", most=20)
    encoder = load_encoder(tmp_path / "model", device="cpu")
    result = attribute(encoder, TEXT_A, TEXT_B)
    model = SparseEncoder(str(tmp_path / "model"), device="cpu")
    assert sum(term.value for term in result.terms) == pytest.approx(result.score, abs=1e-6)
    for text, side in ((TEXT_A, result.a), (TEXT_B, result.b)):
        kept = text_factors(encoder, text).token.factors.any(0)
        own = model.encode([text])[0].to_dense()
        assert torch.equal(kept.nonzero().flatten(), own.nonzero().flatten())
        assert len(side.tokens) == len(text_factors(encoder, text).token.factors)


@pytest.mark.parametrize("kind", ["late", "splade"])
def test_a_table_of_pairs_gives_what_single_pairs_do(kind, request):
    encoder = load_encoder(request.getfixturevalue(kind), device="cpu")
    pairs = [(TEXT_A, TEXT_B), (TEXT_B, TEXT_A), ("A dog.", "A dog."), (TEXT_A, "A puppy.")]
    for pair, many in zip(pairs, attribute_pairs(encoder, pairs), strict=True):
        one = attribute(encoder, *pair)
        assert np.allclose(many.matrix, one.matrix, rtol=0, atol=2e-5 * np.abs(one.matrix).max())
        assert many.a.scored == one.a.scored
        assert [term.term for term in many.terms] == [term.term for term in one.terms]


@pytest.mark.parametrize("kind", ["late", "splade"])
def test_an_evaluation_takes_the_models_own_scores(kind, request):
    encoder = load_encoder(request.getfixturevalue(kind), device="cpu")
    texts = ["A dog.", "A puppy.", "Two dogs run.", "The man plays.", "A guitar."]
    pairs = ScoredPairs(tuple(texts), (TEXT_A,) * 5, np.linspace(0, 1, 5))
    own = [attribute(encoder, text, TEXT_A).score for text in texts]
    errors = evaluate(encoder, pairs).squared_errors
    assert np.allclose(errors, (np.array(own) - pairs.scores) ** 2, rtol=1e-4)


def test_what_these_models_have_no_use_for_is_refused(late, splade):
    encoder = load_encoder(late, device="cpu")
    with pytest.raises(ValueError, match="compares by MaxSim, so neither cosine treatment"):
        attribute(encoder, TEXT_A, TEXT_B, cosine="endpoint")
    with pytest.raises(
        LayerError, match=r"Layer 1 is out of range for this model of 1 block; choose layer 0\.$"
    ):
        attribute(encoder, TEXT_A, TEXT_B, layer=1)
    with pytest.raises(ValueError, match="matches tokens, so its factors are those of tokens"):
        text_factors(encoder, TEXT_A, unit="words")
    for folder, name in ((late, "MultiVectorEncoder"), (splade, "SparseEncoder")):
        with pytest.raises(ModelError, match=f"The base model is a {name}; variants are made"):
            as_variant(load_encoder(folder, device="cpu").model, EXACT)


def test_a_text_of_which_nothing_is_matched_has_no_score(tmp_path):
    make.multi_vector(tmp_path / "model")
    encoder = load_encoder(tmp_path / "model", device="cpu")
    encoder.model[-1].keep_only_token_ids = [encoder.tokenizer.convert_tokens_to_ids("dogs")]
    assert attribute(encoder, TEXT_A, TEXT_B).score != 0
    with pytest.raises(ModelError, match=r"^Text B: .* or matches none of its tokens\.$"):
        attribute(encoder, TEXT_A, TEXT_A)


def test_a_recipe_is_resolved_without_an_integral(splade):
    factors = text_factors(load_encoder(splade, device="cpu"), TEXT_A, Recipe(work_limit=1))
    assert (factors.token.nodes, factors.token.work, factors.token.converged) == (0, 0, True)


def test_a_folder_of_results_keeps_kind_and_tasks(late, tmp_path):
    encoder = load_encoder(late, device="cpu")
    out = tmp_path / "results"
    run_corpus(encoder, [(TEXT_A, TEXT_B)], out, task_a="document")
    kept, own = Results(out).pair(0), attribute(encoder, TEXT_A, TEXT_B, task_a="document")
    assert (kept.kind, kept.a.task, kept.b.task) == ("late interaction", "document", "document")
    assert kept.stored == own.stored == "float32"
    assert np.allclose(kept.matrix, own.matrix, rtol=0, atol=1e-5)
    with pytest.raises(DataError, match="task_a is document there, query here"):
        run_corpus(encoder, [(TEXT_A, TEXT_B)], out)
    with pytest.raises(ModelError, match="has no task 'index'; its tasks are: 'query', 'document'"):
        run_corpus(encoder, [(TEXT_A, TEXT_B)], out, task_b="index")
