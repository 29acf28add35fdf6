"""References that are not the paper's: their states are those the model itself gives."""

import dataclasses

import pytest
import torch

from tests.zoo import make_model
from xsb_core import Encoder, ModelError, Recipe, attribute, text_factors
from xsb_core.encoders.ready import EXACT
from xsb_core.encoders.references import REFERENCES
from xsb_core.encoders.variants import as_variant

TEXT = "A man is playing a guitar."


def encoder(architecture="bert", kind="padding"):
    return Encoder(make_model(architecture).double(), "random", reference=kind)


def entering(model, layer, **inputs):
    """Hidden states that enter a block, by the transformer's own output of them."""
    with torch.no_grad():
        return model[0].model(**inputs, output_hidden_states=True).hidden_states[layer][0]


@pytest.mark.parametrize("architecture", ["bert", "mpnet"])
@pytest.mark.parametrize("kind", REFERENCES)
def test_states_are_those_of_the_model(architecture, kind):
    own = encoder(architecture, kind)
    model, tokenizer = own.model, own.tokenizer
    ids = tokenizer(TEXT, return_tensors="pt")["input_ids"]
    special = torch.zeros_like(ids, dtype=torch.bool)
    special[0, [0, -1]] = True
    all_attended = torch.ones_like(ids)
    replaced = {
        name: torch.where(special, ids, token)
        for name, token in (("pad", tokenizer.pad_token_id), ("mask", tokenizer.mask_token_id))
    }
    table = model[0].model.get_input_embeddings()
    mean = torch.where(special[..., None], table(ids), table.weight.mean(0))
    expected = {
        "padding": {"input_ids": replaced["pad"], "attention_mask": all_attended},
        "mask": {"input_ids": replaced["mask"], "attention_mask": all_attended},
        "mean": {"inputs_embeds": mean, "attention_mask": all_attended},
        "empty": {"input_ids": replaced["pad"], "attention_mask": special.long()},
    }[kind]
    reading = own.read(TEXT)
    for layer in (0, 1, 2):
        own_states = reading.reference.hidden(layer)
        truth = entering(model, layer, **expected)
        torch.testing.assert_close(own_states, truth, rtol=0, atol=1e-12)
    # the tail attends to all positions: from the text's own states it gives the text's embedding
    found = reading.reference.tail(1)(reading.text.hidden(1)[None])[0]
    encoded = model.encode(TEXT, convert_to_tensor=True)
    torch.testing.assert_close(found, encoded, rtol=0, atol=1e-12)


@pytest.mark.parametrize("kind", REFERENCES)
def test_net_cells_are_the_score_from_any_reference(kind):
    own = encoder("bert", kind)
    result = attribute(own, TEXT, "Dogs bark.", 1, tolerance=1e-9)
    assert result.converged
    assert result.net_matrix.sum() == pytest.approx(result.score, abs=1e-8)
    factors = text_factors(own, TEXT, Recipe(layer=1, tolerance=1e-9)).token
    torch.testing.assert_close(
        factors.factors.sum(0), factors.embedding - factors.reference, rtol=0, atol=1e-8
    )


def test_results_of_other_references_are_no_part_of_a_run():
    assert "reference" not in encoder().settings
    assert encoder(kind="mask").settings["reference"] == '"mask"'
    with pytest.raises(ModelError, match="no reference 'zero' for this model; choose of padding"):
        encoder(kind="zero")


def test_shifted_models_have_one_reference():
    shifted = Encoder(as_variant(make_model("bert").double(), EXACT), "exact")
    with pytest.raises(ModelError, match="without a shift; others have one reference"):
        dataclasses.replace(shifted, reference="mask")
