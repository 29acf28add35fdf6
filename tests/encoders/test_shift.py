"""The embedding shift: each text's own reference, whatever shares its batch."""

from functools import lru_cache

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer

from tests.oracle import OracleText, oracle_text
from tests.zoo import ARCHITECTURES, make_model
from xsb_core import Encoder, ModelError, attribute, load_encoder
from xsb_core.encoders.ready import EXACT, ORIG, SHELF, TUNED
from xsb_core.encoders.references import reference_features
from xsb_core.encoders.shift import Shift
from xsb_core.encoders.variants import as_variant

TEXTS = [
    "A man isn't playing the guitar.",
    "Two dogs run, quickly!",
    "No.",
    "She does not like cold coffee, but she drinks it anyway, and the weather looks better then.",
    "Nobody asked him.",
]
POOLINGS = ("mean", "cls", "max", "lasttoken")


def shifted_by_hand(model: SentenceTransformer, text: str) -> np.ndarray:
    """The shifted embedding of one text, from two runs of the transformer."""
    features = model.preprocess([text])
    ids = features["input_ids"]
    special = torch.zeros_like(ids, dtype=torch.bool)
    special[:, [0, -1]] = True  # all families of the zoo: one token before, one behind
    pad = model.tokenizer.pad_token_id
    with torch.no_grad():
        own = model[0](dict(features))["token_embeddings"]
        ids = torch.where(special, ids, pad)
        reference = model[0]({**features, "input_ids": ids})["token_embeddings"]
        out = {**features, "token_embeddings": own - reference}
        for module in list(model)[1:]:
            out = module(out)
    return out["sentence_embedding"][0].numpy()


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("pooling", POOLINGS)
def test_a_padded_batch_gives_what_each_text_gives_alone(architecture, pooling):
    base = make_model(architecture, pooling=pooling, dtype=torch.float32)
    model = as_variant(base, EXACT)
    expected = np.stack([shifted_by_hand(base, text) for text in TEXTS])
    alone = np.stack([model.encode(text) for text in TEXTS])
    batch = model.encode(TEXTS, batch_size=len(TEXTS))
    np.testing.assert_allclose(alone, expected, atol=1e-5)
    np.testing.assert_allclose(batch, expected, atol=1e-5)
    assert np.abs(batch - base.encode(TEXTS)).max() > 0.1  # the shift does something


def test_padding_on_the_left_changes_nothing():
    base = make_model("roberta", pooling="lasttoken")
    model = as_variant(base, EXACT)
    alone = np.stack([model.encode(text) for text in TEXTS])
    before = model.tokenizer.padding_side
    assert before == "right"
    # absolute positions count the attended tokens in this family, so padding may go either way
    model.tokenizer.padding_side = "left"
    np.testing.assert_allclose(model.encode(TEXTS), alone, atol=1e-9)


@pytest.mark.parametrize("text", ["[SEP] in the text [PAD]", "a", "😀"])
def test_special_words_of_the_text_are_not_kept_in_the_reference(text):
    base = make_model("bert")
    np.testing.assert_allclose(
        as_variant(base, EXACT).encode(text), shifted_by_hand(base, text), atol=1e-9
    )


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_encoder_and_encode_agree(architecture):
    model = as_variant(make_model(architecture, dtype=torch.float32), EXACT)
    encoder = Encoder(model, architecture)
    assert encoder.shifted
    for text in TEXTS:
        reading = encoder.read(text)
        for layer in range(encoder.blocks):
            ours = reading.text.tail(layer)(reading.text.hidden(layer)[None])[0]
            np.testing.assert_allclose(ours.numpy(), model.encode(text), atol=1e-5)
            zero = reading.reference.tail(layer)(reading.reference.hidden(layer)[None])
            assert zero.abs().max() <= 1e-5 * ours.abs().max()


@lru_cache
def base_factors(architecture: str) -> list[OracleText]:
    plain = make_model(architecture)
    return [oracle_text(plain, architecture, text, 1, 24, unit=False) for text in TEXTS[:2]]


@pytest.mark.parametrize("architecture", ["bert", "mpnet", "deberta-v2"])
@pytest.mark.parametrize("variant", [EXACT, ORIG])
def test_attributions_add_up_and_match_the_oracle(architecture, variant):
    base = make_model(architecture, normalize=True)
    encoder = Encoder(as_variant(base, variant), "shifted")
    result = attribute(encoder, TEXTS[0], TEXTS[1], 1, tolerance=1e-8)
    assert (result.cosine, result.similarity) == (
        ("endpoint", "cosine") if variant is EXACT else (None, "dot")
    )
    vectors = encoder.model.encode(TEXTS[:2], convert_to_tensor=True)
    size = 1.0 if variant is EXACT else float(torch.linalg.vector_norm(vectors, dim=1).prod())
    # both residuals are below 1e-8
    assert result.sum_matrix == pytest.approx(result.score, abs=2.1e-8 * size)
    terms = result.reference_terms
    assert (terms.a_rb, terms.b_ra, terms.ra_rb) == (0, 0, 0)
    assert max(abs(result.border_a).max(), abs(result.border_b).max(), abs(result.corner)) < 1e-9
    own = encoder.model.similarity_pairwise(vectors[:1], vectors[1:])
    assert result.score == pytest.approx(own.item(), abs=1e-9 * size)
    # a constant has no slope: the factors are those of the base, divided by the shifted lengths
    a, b = base_factors(architecture)
    scale = 1.0
    if variant is EXACT:
        lengths = [torch.linalg.vector_norm(text.embedding - text.reference) for text in (a, b)]
        scale = 1 / float(lengths[0] * lengths[1])
    np.testing.assert_allclose(
        result.matrix,
        scale * (a.factors @ b.factors.T).numpy(),
        atol=1e-6 * abs(result.matrix).max(),
    )


def test_prompts_are_shifted_like_any_text():
    model = as_variant(make_model("bert", prompts={"query": "find this: "}), EXACT)
    np.testing.assert_allclose(
        model.encode("two dogs", prompt_name="query"),
        model.encode("find this: two dogs"),
        atol=1e-9,
    )


def test_scale_changes_dot_products_and_no_cosine():
    base = make_model("bert")
    small, plain = as_variant(base, EXACT, 0.1), as_variant(base, EXACT)
    np.testing.assert_allclose(small.encode(TEXTS), 0.1 * plain.encode(TEXTS), atol=1e-9)


def test_saved_and_loaded(tmp_path):
    model = as_variant(make_model("mpnet", dtype=torch.float32), ORIG, 0.5)
    folder = str(tmp_path / "model")
    model.save(folder, create_model_card=False)
    # since version 6 sentence-transformers asks before it imports any class that is not its own
    with pytest.raises(ValueError, match="trust_remote_code"):
        SentenceTransformer(folder, device="cpu")
    again = SentenceTransformer(folder, device="cpu", trust_remote_code=True)
    assert again.similarity_fn_name == "dot"
    np.testing.assert_allclose(again.encode(TEXTS), model.encode(TEXTS), atol=1e-5)
    encoder = load_encoder(folder, device="cpu")
    assert encoder.shifted
    np.testing.assert_allclose(encoder.model.encode(TEXTS), model.encode(TEXTS), atol=1e-5)


def test_variants_are_put_together_as_the_paper_does():
    base = make_model("bert", normalize=True)
    kinds = {
        variant.name: [type(module).__name__ for module in as_variant(base, variant)]
        for variant in (SHELF, TUNED, EXACT, ORIG)
    }
    assert kinds == {
        "shelf": ["Transformer", "Pooling", "Normalize"],
        "tuned": ["Transformer", "Pooling", "Normalize"],
        "exact": ["Transformer", "Shift", "Pooling", "Normalize"],
        "orig": ["Transformer", "Shift", "Pooling"],
    }
    with pytest.raises(ModelError, match="shifted already"):
        as_variant(as_variant(base, EXACT), ORIG)


def test_references_keep_what_is_attended():
    ids, mask = torch.tensor([[5, 6, 7, 0]]), torch.tensor([[1, 1, 1, 0]])
    special = torch.tensor([[True, False, True, True]])
    made = reference_features({"input_ids": ids, "attention_mask": mask}, special, 0)
    assert made["input_ids"].tolist() == [[5, 0, 7, 0]]
    assert made["attention_mask"].tolist() == [[1, 1, 1, 0]]


def test_the_shift_has_no_weights():
    model = as_variant(make_model("bert"), EXACT)
    assert isinstance(model[1], Shift)
    assert not list(model[1].parameters())
    assert model.state_dict().keys() == make_model("bert").state_dict().keys()
