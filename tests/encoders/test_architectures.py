"""Every supported architecture, pooling and head against the slow oracle, in float64."""

import pytest
import torch

from tests.oracle import oracle_text
from tests.zoo import ARCHITECTURES, make_model
from xsb_core import Encoder, ModelError, attribute

TEXT_A = "A man isn't playing the guitar."
TEXT_B = "Two dogs run, quickly!"
NODES = 4


def compare(model, architecture, layer, cosine="through", prompt=None, **options):
    encoder = Encoder(model, architecture)
    result = attribute(encoder, TEXT_A, TEXT_B, layer, steps=NODES, **options)
    unit = cosine == "through"
    a, b = (
        oracle_text(model, architecture, text, layer, NODES, unit=unit, prompt=prompt)
        for text in (TEXT_A, TEXT_B)
    )
    scale = 1 / (a.embedding.norm() * b.embedding.norm()) if cosine == "endpoint" else 1.0
    expected = {
        "matrix": scale * a.factors @ b.factors.T,
        "border_a": scale * a.factors @ b.reference,
        "border_b": scale * b.factors @ a.reference,
        "corner": scale * a.reference @ b.reference,
        "score": scale * a.embedding @ b.embedding,
        "sum_matrix": (scale * a.factors @ b.factors.T).sum(),
    }
    # ModernBERT takes its softmax in single precision, by design
    tolerance = 1e-6 if architecture == "modernbert" else 1e-9
    for name, value in expected.items():
        got = torch.as_tensor(getattr(result, name), dtype=torch.float64)
        assert torch.allclose(got, value, rtol=0, atol=tolerance * float(value.abs().max())), name
    return encoder, result


@pytest.mark.parametrize("layer", [0, 1, 2])
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_matches_the_oracle(architecture, layer):
    compare(make_model(architecture), architecture, layer)


def test_fourier_transforms_match_the_oracle():
    compare(make_model("fnet"), "fnet", 0)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("pooling", ["cls", "max", "lasttoken"])
def test_every_pooling_matches_the_oracle(architecture, pooling):
    compare(make_model(architecture, pooling=pooling), architecture, 1)


@pytest.mark.parametrize("architecture", ["bert", "mpnet"])
def test_dense_after_pooling_and_dot_product(architecture):
    dense = make_model(architecture, dense=7)
    _, result = compare(dense, architecture, 1)
    assert result.cosine == "through"
    dot = make_model(architecture, dense=7, similarity="dot")
    _, result = compare(dot, architecture, 1, cosine=None)
    assert result.cosine is None
    assert result.similarity == "dot"


@pytest.mark.parametrize("architecture", ["bert", "deberta-v2"])
def test_endpoint_matches_the_oracle(architecture):
    model = make_model(architecture)
    encoder = Encoder(model, architecture)
    result = attribute(encoder, TEXT_A, TEXT_B, 1, steps=NODES, cosine="endpoint")
    a, b = (oracle_text(model, architecture, t, 1, NODES, unit=False) for t in (TEXT_A, TEXT_B))
    expected = a.factors @ b.factors.T / (a.embedding.norm() * b.embedding.norm())
    torch.testing.assert_close(torch.tensor(result.matrix), expected, rtol=0, atol=1e-9)


def test_prompts_are_part_of_the_text():
    prompts = {"query": "find this: ", "document": "here is "}
    model = make_model("bert", prompts=prompts, default_prompt_name="query")
    encoder, result = compare(model, "bert", 1, prompt=prompts["query"])
    assert result.a.prompt == "find this: "
    assert result.a.tokens[1:4] == ("find", "this", ":")
    named = attribute(encoder, TEXT_A, TEXT_B, 1, prompt_b="document")
    assert named.b.prompt == "here is "
    embeddings = (
        model.encode([TEXT_A], prompt_name="query"),
        model.encode([TEXT_B], prompt_name="document"),
    )
    assert named.score == pytest.approx(float(model.similarity(*embeddings)), abs=1e-6)
    with pytest.raises(ValueError, match="no prompt 'passage'; its prompts are: 'query'"):
        attribute(encoder, TEXT_A, TEXT_B, prompt_a="passage")


def test_prompts_left_out_of_pooling():
    model = make_model(
        "bert", prompts={"query": "find this: "}, default_prompt_name="query", include_prompt=False
    )
    compare(model, "bert", 1, prompt="find this: ")


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_score_is_the_models_own(architecture):
    model = make_model(architecture, normalize=True)
    result = attribute(Encoder(model, architecture), TEXT_A, TEXT_B)
    own = model.similarity(*(model.encode([text]) for text in (TEXT_A, TEXT_B)))
    assert result.score == pytest.approx(own.item(), abs=1e-6)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_nothing_is_left_on_the_model(architecture):
    model = make_model(architecture)
    before = {name: (m.forward, dict(vars(m))) for name, m in model.named_modules()}
    attribute(Encoder(model, architecture), TEXT_A, TEXT_B)
    after = {name: (m.forward, dict(vars(m))) for name, m in model.named_modules()}
    for name, (forward, state) in before.items():
        assert after[name][0] == forward
        for key in ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_modules"):
            assert after[name][1][key] == state[key]
        assert after[name][1].keys() == state.keys()
    assert all(parameter.grad is None for parameter in model.parameters())


def test_twelve_blocks_default_to_the_papers_layer():
    encoder = Encoder(make_model("mpnet", blocks=12), "mpnet-12")
    assert encoder.blocks == 12
    assert encoder.default_layer == 9
    result = attribute(encoder, TEXT_A, TEXT_B)
    assert result.layer == 9
    assert result.converged


def test_matryoshka_truncation_is_explained():
    model = make_model("bert")
    model.truncate_dim = 8
    result = attribute(Encoder(model, "bert"), TEXT_A, TEXT_B, 1, tolerance=1e-6)
    own = model.similarity(*(model.encode([text]) for text in (TEXT_A, TEXT_B)))
    assert result.score == pytest.approx(own.item(), abs=1e-6)
    total = result.sum_matrix + result.sum_border_a + result.sum_border_b + result.corner
    assert total == pytest.approx(result.score, abs=1e-5)


def test_distances_are_refused():
    with pytest.raises(ValueError, match="euclidean distance; only cosine"):
        Encoder(make_model("bert", similarity="euclidean"), "bert")


def test_models_that_a_short_text_changes_are_refused():
    model = make_model("bert")
    model[0].model.config.attention_type = "block_sparse"  # as BigBird's
    with pytest.raises(ModelError, match='set attention_type to "original_full"'):
        Encoder(model, "bird")


def test_threads_share_a_model():
    from concurrent.futures import ThreadPoolExecutor

    encoder = Encoder(make_model("mpnet"), "mpnet")
    texts = [f"The {word} dog runs." for word in ("old", "young", "quick", "lazy")]
    alone = [attribute(encoder, text, TEXT_B, 1, steps=NODES).matrix for text in texts]
    with ThreadPoolExecutor(4) as pool:
        together = list(
            pool.map(
                lambda text: attribute(encoder, text, TEXT_B, 1, steps=NODES).matrix, texts * 3
            )
        )
    for i, matrix in enumerate(together):
        torch.testing.assert_close(torch.tensor(matrix), torch.tensor(alone[i % 4]))
