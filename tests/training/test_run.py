"""Training for real, a few steps of a tiny model; killed, resumed, refused."""

import dataclasses
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from tests.training.factory import base, pairs, splits, write_csv
from xsb_core import DataError, ModelError, attribute, load_encoder
from xsb_core.cli import main
from xsb_core.encoders.training_record import TrainingRecord, TrainingSettings
from xsb_core.training.evaluation import evaluate, predictions
from xsb_core.training.run import train

ROOT = Path(__file__).parents[2]
SHORT = TrainingSettings(epochs=2, learning_rate=1e-3)


@pytest.mark.parametrize(
    ("variant", "lora"), [("exact", False), ("exact", True), ("tuned", False), ("orig", True)]
)
def test_trains_saves_and_is_recognised(tmp_path, variant, lora):
    steps = []
    settings = TrainingSettings(lora=lora, epochs=3, learning_rate=3e-3)
    folder = base(tmp_path / "base", normalize=True)
    record = train(variant, splits(), tmp_path / "out", folder, settings, steps.append)
    assert [step.step for step in steps] == list(range(1, 10))
    assert steps[-1].steps == 9
    assert len(record.dev) == 3
    assert record == TrainingRecord.load(tmp_path / "out")

    encoder = load_encoder(tmp_path / "out", device="cpu")
    assert encoder.trained
    assert encoder.shifted == (variant != "tuned")
    assert encoder.similarity == ("dot" if variant == "orig" else "cosine")
    assert evaluate(encoder, splits().test).spearman == pytest.approx(record.test)
    assert evaluate(encoder, splits().dev).spearman == pytest.approx(max(record.dev))
    result = attribute(encoder, "Two dogs run.", "A man plays a guitar.", 1, tolerance=1e-6)
    if variant == "tuned":
        assert result.cosine == "through"
    else:
        assert result.sum_matrix == pytest.approx(result.score, abs=1e-4)
    # it has learned: on the pairs that it saw, errors are smaller than before
    seen = splits().train
    error = evaluate(encoder, seen).squared_errors.mean()
    assert error < evaluate(load_encoder(folder, device="cpu"), seen).squared_errors.mean()
    assert not (tmp_path / "out" / "checkpoints").exists()

    own = SentenceTransformer(
        str(tmp_path / "out"), device="cpu", trust_remote_code=variant != "tuned"
    )
    expected = predictions(encoder.model, seen)
    np.testing.assert_allclose(predictions(own, seen), expected, atol=1e-5 * abs(expected).max())
    card = (tmp_path / "out" / "README.md").read_text()
    assert f"**{record.test:.2f}** on the test pairs" in card
    assert "toy; 48 pairs to train on" in card
    assert ("LoRA adapters of rank 16, which" if lora else "all weights; ") in card


def test_the_same_seed_gives_the_same_model_and_another_one_another(tmp_path):
    folder = base(tmp_path / "base")
    tests = [
        train("exact", splits(), tmp_path / name, folder, TrainingSettings(epochs=1, seed=seed))
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    ]
    weights = [weight_bytes(tmp_path / name) for name in "abc"]
    assert weights[0] == weights[1] != weights[2]
    assert tests[0].test == tests[1].test


def weight_bytes(folder: Path) -> bytes:
    return (folder / "model.safetensors").read_bytes()


class Stop(Exception):
    """Stands for a kill."""


@pytest.mark.parametrize("lora", [False, True])
def test_an_interrupted_run_ends_as_if_it_had_not_been(tmp_path, lora):
    folder = base(tmp_path / "base")
    settings = TrainingSettings(lora=lora, epochs=4, learning_rate=1e-3)

    def stop_at_eight(step):
        if step.step == 8:
            raise Stop

    whole = train("exact", splits(), tmp_path / "whole", folder, settings)
    with pytest.raises(Stop):
        train("exact", splits(), tmp_path / "out", folder, settings, stop_at_eight)
    with pytest.raises(ModelError):  # half a model is none
        load_encoder(tmp_path / "out")
    first = TrainingRecord.load(tmp_path / "out")
    assert first.seconds > 0
    (tmp_path / "out" / "training.json").write_text(
        json.dumps(dataclasses.asdict(dataclasses.replace(first, seconds=5000.0)))
    )
    steps = []
    resumed = train("exact", splits(), tmp_path / "out", folder, settings, steps.append)
    assert steps[0].step == 8  # the last of the checkpoints was at step 7
    assert resumed.seconds > 5000
    assert resumed.dev == pytest.approx(whole.dev)
    name = "adapter_model.safetensors" if lora else "model.safetensors"
    assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


def test_a_killed_process_is_resumed_by_the_same_command(tmp_path, capfd):
    data = write_csv(tmp_path / "pairs.csv", pairs(200, 0))
    folder = base(tmp_path / "base")
    command = ["train", "--variant", "tuned", "--base", folder, "--data", str(data)]
    command += ["--output", str(tmp_path / "out"), "--epochs", "3"]
    process = subprocess.Popen(
        [sys.executable, "-m", "xsb_core", *command], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 120
    while not list((tmp_path / "out").glob("checkpoints/checkpoint-*/trainer_state.json")):
        assert time.monotonic() < deadline
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert main(command) == 0
    said = capfd.readouterr()
    assert "Spearman" in said.out
    assert "step 30 of 30: loss" in said.err
    assert load_encoder(tmp_path / "out").trained


def test_other_folders_are_refused_before_anything_is_done(tmp_path):
    folder = base(tmp_path / "base")
    (tmp_path / "mine").mkdir()
    with pytest.raises(ValueError, match="mine exists already"):
        train("exact", splits(), tmp_path / "mine", folder, SHORT)
    train("exact", splits(), tmp_path / "out", folder, SHORT)
    with pytest.raises(ValueError, match="out exists already"):
        train("exact", splits(), tmp_path / "out", folder, SHORT)
    record = json.loads((tmp_path / "out" / "training.json").read_text())
    (tmp_path / "out" / "training.json").write_text(json.dumps(record | {"test": None}))
    longer = TrainingSettings(epochs=3, learning_rate=1e-3)
    with pytest.raises(ValueError, match="epochs is 2 there, 3 here"):
        train("exact", splits(), tmp_path / "out", folder, longer)
    with pytest.raises(ValueError, match="variant is exact there, tuned here"):
        train("tuned", splits(), tmp_path / "out", folder, SHORT)


@pytest.mark.parametrize("name", ["exact", "shelf", "all-MiniLM-L6-v2"])
def test_names_of_ready_models_are_no_folders(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=f"^{name} names a model that comes with XSB Explorer"):
        train("tuned", splits(), name, "/nowhere", SHORT)


def test_what_cannot_be_trained_is_said(tmp_path):
    with pytest.raises(ValueError, match="tuned, exact, orig; got 'shelf'"):
        train("shelf", splits(), tmp_path / "out")
    few = dataclasses.replace(splits(), test=splits().test[:2])
    with pytest.raises(DataError, match=r"which the test set \(2 pairs\) does not have"):
        train("exact", few, tmp_path / "out")
    folder = base(tmp_path / "base", dense=8)
    with pytest.raises(ModelError, match="can't be made exact"):
        train("exact", splits(), tmp_path / "out", folder, SHORT)
    with pytest.raises(ModelError, match="no folder"):
        train("exact", splits(), tmp_path / "out", "/nowhere", SHORT)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "options",
    [
        {"epochs": 0},
        {"batch_size": 0},
        {"learning_rate": 0.0},
        {"weight_decay": -1.0},
        {"warmup": 1.0},
    ],
)
def test_settings_out_of_range(options):
    with pytest.raises(ValueError, match=next(iter(options))):
        TrainingSettings(**options)


def test_default_settings_are_the_papers():
    settings = TrainingSettings()
    assert (settings.epochs, settings.batch_size, settings.learning_rate) == (5, 16, 2e-5)
    assert (settings.weight_decay, settings.warmup) == (0.1, 0.1)
