"""Trained adapters: loaded as they were saved, refused where broken, of every architecture."""

import json
import shutil

import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.training.factory import base, splits
from tests.zoo import save_model
from xsb_core import ModelError, load_encoder
from xsb_core.encoders.training_record import TrainingSettings
from xsb_core.training.evaluation import evaluate
from xsb_core.training.run import train


@pytest.fixture(scope="module")
def trained_adapters(tmp_path_factory):
    folder = tmp_path_factory.mktemp("adapters")
    settings = TrainingSettings(lora=True, epochs=1)
    train("tuned", splits(), folder / "out", base(folder / "base"), settings)
    return folder / "out"


def test_adapters_without_a_record_are_taken_as_the_library_saves_them(tmp_path, trained_adapters):
    shutil.copytree(trained_adapters, tmp_path / "out")
    told = load_encoder(tmp_path / "out", device="cpu")
    (tmp_path / "out" / "training.json").unlink()
    plain = load_encoder(tmp_path / "out", device="cpu")
    assert (told.trained, plain.trained) == (True, False)
    texts = ["the dog", "a man plays"]
    assert plain.model.encode(texts) == pytest.approx(told.model.encode(texts), abs=1e-6)
    (tmp_path / "out" / "adapter_config.json").write_text("{")
    with pytest.raises(ModelError, match=r"adapter_config\.json is broken"):
        load_encoder(tmp_path / "out")


def cut(folder):
    weights = folder / "adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])


def without_one_weight(folder):
    weights = load_file(folder / "adapter_model.safetensors")
    del weights[min(weights)]
    save_file(weights, folder / "adapter_model.safetensors")


def as_pickle(folder):
    weights = load_file(folder / "adapter_model.safetensors")
    (folder / "adapter_model.safetensors").unlink()
    torch.save(weights, folder / "adapter_model.bin")


def garbled(folder):
    (folder / "adapter_config.json").write_text("{")


def of_another(file, **values):
    def change(folder):
        told = json.loads((folder / file).read_text())
        (folder / file).write_text(json.dumps(told | values))

    return change


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (cut, "can't be loaded: it has no readable"),
        (without_one_weight, "does not hold the weights that its adapter_config"),
        (garbled, r"adapter_config\.json is broken"),
        (as_pickle, r"has no adapter_model\.safetensors"),
        (of_another("adapter_config.json", r=4), "its weights do not fit its configuration"),
        (of_another("adapter_config.json", peft_type="NOPE"), "can't be loaded: a configuration"),
        (of_another("training.json", variant="other"), "variant: expected 'exact', 'tuned' or"),
        (of_another("training.json", test=None), "were not trained to the end"),
    ],
)
def test_broken_adapters_are_refused_in_a_sentence(tmp_path, trained_adapters, spoil, message):
    shutil.copytree(trained_adapters, tmp_path / "broken")
    spoil(tmp_path / "broken")
    with pytest.raises(ModelError, match=message) as refusal:
        load_encoder(tmp_path / "broken", device="cpu")
    assert len(str(refusal.value)) < 300
    assert str(refusal.value).endswith(".")


def test_adapters_whose_base_is_gone(tmp_path, trained_adapters):
    folder = trained_adapters.parent / "base"
    folder.rename(tmp_path / "base")
    try:
        with pytest.raises(ModelError, match="There is no folder"):
            load_encoder(trained_adapters)
    finally:
        (tmp_path / "base").rename(folder)


@pytest.mark.parametrize("architecture", ["mpnet", "modernbert", "deberta-v2", "distilbert"])
def test_adapters_fit_every_architecture(tmp_path, architecture):
    folder = str(save_model(tmp_path / "base", architecture, dtype=torch.float32))
    settings = TrainingSettings(lora=True, epochs=1)
    record = train("exact", splits(), tmp_path / "out", folder, settings)
    encoder = load_encoder(tmp_path / "out", device="cpu")
    assert encoder.shifted
    assert evaluate(encoder, splits().test).spearman == pytest.approx(record.test)
