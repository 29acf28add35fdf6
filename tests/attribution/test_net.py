"""Net cells: they add up to the score, zero means zero, rows are integrated gradients."""

import dataclasses

import numpy as np
import pytest
import torch

from tests.figures.factory import make_result
from tests.zoo import make_model
from xsb_core import Encoder, Look, Recipe, attribute, pair_attribution, text_factors, to_words
from xsb_core.attribution.cells import shown_cells
from xsb_core.attribution.result import Attribution
from xsb_core.comparison.models import compare
from xsb_core.encoders.ready import EXACT, ORIG
from xsb_core.encoders.variants import as_variant

TEXT_A, TEXT_B = "A man isn't playing the guitar.", "Two dogs run, quickly!"
STEPS = 64  # of a smooth random model: its residuals are rounding


def encoders():
    plain = make_model("bert", blocks=2, dtype=torch.float64)
    dot = make_model("mpnet", blocks=2, dtype=torch.float64, similarity="dot")
    prompts = {"query": "find this: "}
    prompted = make_model(
        "bert", blocks=2, dtype=torch.float64, prompts=prompts, default_prompt_name="query"
    )
    yield "plain", plain
    yield "dot", dot
    yield "prompted", prompted
    for variant in (EXACT, ORIG):
        base = make_model("bert", blocks=2, dtype=torch.float64)
        yield variant.name, as_variant(base, variant)


@pytest.fixture(scope="module", params=list(encoders()), ids=lambda one: one[0])
def result(request):
    name, model = request.param
    return attribute(Encoder(model, name), TEXT_A, TEXT_B, 1, steps=STEPS)


def test_they_add_up_to_the_score_for_any_encoder(result):
    room = 1e-9 + 4 * max(result.residual_a, result.residual_b) * np.abs(result.matrix).sum()
    assert room < 1e-6
    assert result.net_matrix.sum() == pytest.approx(result.score, abs=room)
    assert to_words(result, "sum").net_matrix.sum() == pytest.approx(result.score, abs=room)


def test_they_are_the_cells_where_references_are_zero(result):
    if result.shifted:
        np.testing.assert_allclose(result.net_matrix, result.matrix, atol=1e-9)
    else:
        assert np.abs(result.net_matrix - result.matrix).max() > 1e-3


@pytest.mark.parametrize("how", ["mean", "sum"])
def test_words_reduce_them_as_they_reduce_cells(how):
    result = make_result(["thous", "ands", "of", "jobs"], ["jobs", "cut"])
    spans = ((0, 0), (0, 5), (5, 9), (10, 12), (13, 17), (0, 0))
    side = dataclasses.replace(result.a, text="thousands of jobs", read=17, spans=spans)
    result = dataclasses.replace(result, a=side)
    words = to_words(result, how)
    assert len(words.a.tokens) == 5
    token = result.net_matrix
    expected = np.vstack([token[0], getattr(token[1:3], how)(0), token[3:]])
    np.testing.assert_allclose(words.net_matrix, expected, atol=1e-12)


def test_what_is_planted_as_nothing_is_nothing():
    # orthogonal factors and references: cells of A and the border are not zero, the score is
    result = make_result(["a"], ["b"])
    rows, columns = result.matrix.shape
    planted = {
        "matrix": np.full((rows, columns), 1 / (rows * columns)),
        "border_a": np.full(rows, -1 / rows),
        "border_b": np.full(columns, -1 / columns),
        "corner": 1.0,
    }
    result = make_result(["a"], ["b"], **planted)
    np.testing.assert_allclose(result.net_matrix, 0, atol=1e-15)
    assert (shown_cells(result, Look(cells="paper")) > 0).all()
    np.testing.assert_allclose(shown_cells(result), 0, atol=1e-15)


def test_rows_are_the_integrated_gradient_with_the_other_text_fixed():
    """By automatic differentiation of the score itself, on a grid of its own."""
    encoder = Encoder(make_model("bert", blocks=2, dtype=torch.float64), "plain")
    result = attribute(encoder, TEXT_A, TEXT_B, 1, steps=STEPS)
    a, b = encoder.read(TEXT_A), encoder.read(TEXT_B)
    x, r, tail = a.text.hidden(1), a.reference.hidden(1), a.reference.tail(1)
    with torch.no_grad():
        e_b = b.reference.tail(1)(b.text.hidden(1)[None])[0]
        rho_a = tail(r[None])[0]
    cosine = torch.nn.functional.cosine_similarity
    gradient = torch.zeros_like(x)
    nodes, weights = np.polynomial.legendre.leggauss(48)
    for node, weight in zip(nodes, weights, strict=True):
        point = (r + (node + 1) / 2 * (x - r)).detach().requires_grad_(True)
        score = cosine(tail(point[None])[0], e_b, dim=0)
        gradient += weight / 2 * torch.autograd.grad(score, point)[0]
    share = torch.from_numpy(result.a.parts)
    ours = (gradient * (x - r)).sum(1) + share * cosine(rho_a, e_b, dim=0)
    np.testing.assert_allclose(result.net_matrix.sum(1), ours.detach().numpy(), atol=1e-7)


def test_they_are_saved_and_read_back(tmp_path):
    result = to_words(make_result(["a", "dog"], ["b"]), "mean")
    assert result.to_dict()["net_matrix"] == result.net_matrix.tolist()
    result.save(tmp_path / "one.json")
    again = Attribution.load(tmp_path / "one.json")
    np.testing.assert_array_equal(again.net_matrix, result.net_matrix)


def test_a_token_that_moves_nothing_gets_nothing():
    """Weights are the sizes of factors, by the factors themselves."""
    encoder = Encoder(make_model("bert", blocks=2, dtype=torch.float64), "plain")
    recipe = Recipe(layer=1, steps=STEPS)
    a, b = (text_factors(encoder, text, recipe) for text in (TEXT_A, TEXT_B))
    nets = []
    for text in (a.token, b.token):
        sizes = text.factors.norm(dim=1, keepdim=True)
        nets.append(text.factors + sizes / sizes.sum() * text.reference)
    result = pair_attribution(a, b)
    np.testing.assert_allclose(result.net_matrix, nets[0] @ nets[1].T, atol=1e-12)
    # results saved before shares were: even
    sides = {side: dataclasses.replace(getattr(result, side), shares=()) for side in "ab"}
    even = dataclasses.replace(result, **sides)
    assert even.a.parts == pytest.approx(1 / len(even.a.tokens))
    assert even.net_matrix.sum() == pytest.approx(result.net_matrix.sum())
    assert np.abs(even.net_matrix - result.net_matrix).max() > 1e-4


def test_compared_words_keep_their_shares():
    one = make_result(["a", "dog"], ["b"])
    cells = compare(one, one, "sum").first_cells
    np.testing.assert_allclose(cells.net_matrix.sum(), one.net_matrix.sum())


def test_other_cells_are_refused():
    with pytest.raises(ValueError, match=r"^Cells are net or paper, not 'gross'\.$"):
        Look(cells="gross")
