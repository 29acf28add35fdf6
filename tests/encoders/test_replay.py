"""Recording and replaying blocks, and what can't be replayed."""

import copy

import pytest
import torch
from torch import nn
from transformers import DebertaV2Model

from tests.zoo import ARCHITECTURES, make_model
from xsb_core import Encoder, ModelError, attribute
from xsb_core.encoders.replay import blocks_path
from xsb_core.integration.dual import Dual

TEXT = "A man plays a guitar."


def read(architecture, **options):
    return Encoder(make_model(architecture, **options), architecture).read(TEXT)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_tail_from_any_layer_is_the_model(architecture):
    model = make_model(architecture)
    reading = Encoder(model, architecture).read(TEXT)
    own = torch.as_tensor(model.encode(TEXT), dtype=torch.float64)
    assert len(reading.text.blocks) == 3
    for layer in range(3):
        hidden = reading.text.hidden(layer)
        replayed = reading.text.tail(layer)(torch.stack([hidden, hidden]))
        assert torch.allclose(replayed[0], own, rtol=0, atol=1e-6)
        torch.testing.assert_close(replayed[0], replayed[1])


def test_modernbert_has_its_final_norm_replayed():
    assert len(read("modernbert").text.after) == 1
    assert len(read("bert").text.after) == 0


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_references_keep_special_tokens_and_pad_the_rest(architecture):
    model = make_model(architecture)
    encoder = Encoder(model, architecture)
    ids = encoder.read(TEXT).reference.features["input_ids"][0].tolist()
    tokenizer = model.tokenizer
    assert ids[0] == tokenizer.cls_token_id
    assert ids[-1] == tokenizer.sep_token_id
    assert set(ids[1:-1]) == {tokenizer.pad_token_id}
    assert len(ids) == len(tokenizer(TEXT)["input_ids"])
    assert encoder.read(TEXT).reference.features["attention_mask"].tolist() == [[1] * len(ids)]


def test_layers_below_a_convolution_are_refused():
    # DeBERTa-v2's largest models put a convolution behind their first block
    model = make_model("deberta-v2")
    config = copy.deepcopy(model[0].model.config)
    config.conv_kernel_size, config.conv_act = 3, "gelu"
    torch.manual_seed(0)
    model[0].model = DebertaV2Model(config).double().eval()
    encoder = Encoder(model, "with convolution")
    told = r"of 3 blocks; choose 1 to 2 .below, its blocks do not follow"
    with pytest.raises(ValueError, match=told):
        attribute(encoder, TEXT, TEXT, 0)
    assert attribute(encoder, TEXT, "Two dogs.", 1).converged


def with_block(forward):
    """A model whose second block is changed by ``forward(layer's own forward, hidden states)``."""
    model = make_model("bert")
    block = model[0].model.encoder.layer[1]

    class Odd(type(block)):
        def forward(self, hidden_states, *args, **kwargs):
            return forward(
                lambda hidden: super(Odd, self).forward(hidden, *args, **kwargs), hidden_states
            )

    block.__class__ = Odd
    return model


def wants_one_text(own, hidden):
    if len(hidden) > 1:
        raise IndexError("index 1 is out of bounds")
    return own(hidden)


@pytest.mark.parametrize("forward", [wants_one_text, lambda own, hidden: own(hidden * len(hidden))])
def test_blocks_that_serve_one_text_alone_are_refused(forward):
    with pytest.raises(ModelError, match=r"^odd has blocks that can't be called again on several"):
        Encoder(with_block(forward), "odd")


def test_blocks_that_cannot_be_differentiated_are_told():
    def branches(own, hidden):
        if isinstance(hidden, Dual):
            raise RuntimeError("vmap: it looks like you're calling .item(). Some hints follow.")
        return own(hidden)

    encoder = Encoder(with_block(branches), "odd")
    message = r"^odd can't be differentiated at layer 1: vmap: it looks like .* \.item\(\)\.$"
    with pytest.raises(ModelError, match=message):
        attribute(encoder, TEXT, TEXT, 1)


def test_too_little_memory_is_no_fault_of_the_blocks():
    def large(own, hidden):
        if isinstance(hidden, Dual):
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory")
        return own(hidden)

    with pytest.raises(RuntimeError, match="can't allocate memory"):
        attribute(Encoder(with_block(large), "odd"), TEXT, TEXT, 1)


def test_a_model_without_blocks_is_refused():
    with pytest.raises(ValueError, match="no list of transformer blocks"):
        blocks_path(nn.Linear(2, 2))


def test_an_unknown_step_behind_the_blocks_is_refused():
    model = make_model("bert")

    class Scaled(type(model[0].model)):
        def forward(self, *args, **kwargs):
            output = super().forward(*args, **kwargs)
            output.last_hidden_state = output.last_hidden_state * 2
            return output

    model[0].model.__class__ = Scaled
    with pytest.raises(ValueError, match="can't be replayed"):
        Encoder(model, "scaled")
