"""Pickled weights are converted once, and nothing in a pickle is ever run."""

import pickle

import pytest
import torch
from sentence_transformers import SentenceTransformer

from tests.zoo_folders import usual
from tests.zoo_refused import pickled
from xsb_core import ModelError, load_encoder
from xsb_core.cli import main
from xsb_core.encoders.convert import convert


def test_a_converted_model_is_the_model(tmp_path, capsys):
    pickled(tmp_path / "model")
    own = SentenceTransformer(str(tmp_path / "model"), device="cpu")
    assert main(["convert", str(tmp_path / "model"), str(tmp_path / "new")]) == 0
    assert "converted" in capsys.readouterr().out
    assert not list((tmp_path / "new").rglob("*.bin"))
    encoder = load_encoder(tmp_path / "new", device="cpu")
    text = "A man plays."
    torch.testing.assert_close(
        torch.tensor(encoder.model.encode(text)), torch.tensor(own.encode(text)), rtol=0, atol=1e-6
    )
    with pytest.raises(ModelError, match="exists already"):
        convert(tmp_path / "model", tmp_path / "new")


class Evil:
    def __reduce__(self):
        return (print, ("ran",))


@pytest.mark.parametrize("held", [Evil(), [1, 2], b"\\x00"], ids=["code", "list", "bytes"])
def test_what_is_no_weights_is_refused_and_not_run(tmp_path, held, capsys):
    source = tmp_path / "model"
    source.mkdir()
    (source / "pytorch_model.bin").write_bytes(pickle.dumps(held))
    with pytest.raises(ModelError, match="holds something else than weights"):
        convert(source, tmp_path / "new")
    assert "ran" not in capsys.readouterr().out
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "held",
    [{1: torch.ones(2)}, {"a": torch.ones(2, device="meta")}, {"a": 3}, b"hello" * 100],
    ids=["numbered", "meta", "no tensor", "garbage"],
)
def test_what_safetensors_can_not_hold_is_refused_before_anything_is_made(tmp_path, held):
    source = tmp_path / "model"
    source.mkdir()
    if isinstance(held, bytes):
        (source / "pytorch_model.bin").write_bytes(held)
    else:
        torch.save(held, source / "pytorch_model.bin")
    with pytest.raises(ModelError, match="holds something else than weights"):
        convert(source, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_nothing_half_made_is_left(tmp_path):
    pickled(tmp_path / "model")
    (tmp_path / "model" / "odd").symlink_to(tmp_path / "nowhere")
    with pytest.raises(ModelError, match="nothing was made"):
        convert(tmp_path / "model", tmp_path / "new")
    assert not (tmp_path / "new").exists()
    with pytest.raises(ModelError, match="nothing was made"):
        convert(tmp_path / "model", tmp_path / "model" / "config.json" / "new")


def test_good_weights_are_not_replaced(tmp_path):
    pickled(tmp_path / "model")
    usual(tmp_path / "other", "bert")
    (tmp_path / "other" / "model.safetensors").rename(tmp_path / "model" / "model.safetensors")
    with pytest.raises(ModelError, match=r"has a model\.safetensors beside"):
        convert(tmp_path / "model", tmp_path / "new")


def test_a_folder_without_pickles_is_refused(tmp_path):
    with pytest.raises(ModelError, match=r"no folder with a pytorch_model\.bin"):
        convert(tmp_path, tmp_path / "new")
