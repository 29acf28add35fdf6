"""Pickled weights are converted once, and nothing in a pickle is ever run."""

import pickle

import pytest
import torch
from sentence_transformers import SentenceTransformer

from tests.zoo_folders import pickled
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


def test_a_folder_without_pickles_is_refused(tmp_path):
    with pytest.raises(ModelError, match=r"no folder with a pytorch_model\.bin"):
        convert(tmp_path, tmp_path / "new")
