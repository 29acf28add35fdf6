"""The models that come with the package: what they are, what they promise."""

from pathlib import Path

import numpy as np
import pytest

from tests.training.factory import base, splits
from tests.zoo_folders import edit
from xsb_core import (
    READY_MODELS,
    ModelError,
    TextError,
    attribute,
    load_encoder,
    ready_evaluation,
    ready_models,
    train,
    trust,
)
from xsb_core.encoders import loading, ready
from xsb_core.encoders.training_record import TrainingRecord, TrainingSettings
from xsb_core.training.data import evaluation_pairs
from xsb_core.training.evaluation import evaluate

STSB = Path(__file__).parents[3] / "shared" / "data" / "stsb"
needs_stsb = pytest.mark.skipif(not STSB.is_dir(), reason=f"no STS-B in {STSB}")


@pytest.fixture(scope="module")
def exact():
    return load_encoder("exact", device="cpu")


@pytest.mark.parametrize(
    ("name", "shifted", "trained", "similarity"),
    [
        ("shelf", False, False, "cosine"),
        ("tuned", False, True, "cosine"),
        ("exact", True, True, "cosine"),
        ("orig", True, True, "dot"),
    ],
)
def test_the_papers_four_by_name(name, shifted, trained, similarity):
    encoder = load_encoder(name, device="cpu")
    assert (encoder.name, encoder.blocks) == (name, 6)
    assert (encoder.shifted, encoder.trained, encoder.similarity) == (shifted, trained, similarity)
    result = attribute(encoder, "A man plays a guitar.", "Someone makes music.", 5)
    assert trust(result).level == ("exact" if shifted else "approximate")
    assert 0 < result.score < 1.2


def test_records_and_cards_tell_how_they_were_made():
    for name in READY_MODELS[1:]:
        folder = ready.ready_folder(name)
        record = TrainingRecord.load(folder)
        assert record.variant == name
        assert record.finished
        assert record.base == "sentence-transformers/all-MiniLM-L6-v2"
        assert record.pairs == (5749, 1500, 1379)
        assert f"**{record.test:.2f}** on the test pairs" in (folder / "README.md").read_text()


def test_the_shipped_table_holds_the_issues_bars():
    spearman = {row["model"]: row["spearman"] for row in ready_evaluation() if "spearman" in row}
    assert list(spearman) == ["shelf", "tuned", "exact", "orig"]
    assert min(spearman["tuned"], spearman["exact"]) >= 82.03 + 3
    assert spearman["exact"] >= spearman["tuned"] - 0.7
    tests = [row for row in ready_evaluation() if "epsilon_min" in row]
    assert len(tests) == 6


@needs_stsb
def test_the_shipped_table_is_true(exact):
    made = evaluate(exact, evaluation_pairs(STSB))
    (shipped,) = (row for row in ready_evaluation() if row.get("model") == "exact")
    assert made.pairs == shipped["pairs"] == 1379
    assert made.spearman == pytest.approx(shipped["spearman"], abs=0.02)


@needs_stsb
@pytest.mark.parametrize(("layer", "count"), [(5, 5), (3, 3), (1, 1), (0, 1)])
def test_token_pairs_alone_are_the_exact_models_score(exact, layer, count):
    pairs = evaluation_pairs(STSB)
    for i in np.linspace(0, len(pairs) - 1, count).astype(int):
        result = attribute(exact, pairs.a[i], pairs.b[i], layer)
        assert result.sum_matrix == pytest.approx(result.score, abs=1e-3)
        terms = (result.sum_border_a, result.sum_border_b, result.corner)
        assert max(map(abs, terms)) <= 1e-6


def test_a_text_that_is_its_own_reference_is_refused_for_what_it_is(exact):
    with pytest.raises(TextError) as refused:
        attribute(exact, "The film was good.", "[PAD] [PAD]")
    assert str(refused.value) == (
        "Text B: The text is padding alone, which exact maps to zero, so that it is similar to "
        "nothing; type at least one word."
    )


def test_off_the_shelf_the_border_explains_padding_alone(minilm):
    result = attribute(minilm, "[PAD] [PAD]", "The film was good.", tolerance=1e-5)
    np.testing.assert_array_equal(result.matrix, 0)
    assert result.score == pytest.approx(result.corner + result.sum_border_b, abs=1e-4)
    assert result.converged


@pytest.fixture
def mpnet_tuned(monkeypatch, tmp_path):
    """Small adapters as assets/models/mpnet-tuned; their base's folder."""
    folder = base(tmp_path / "base")
    output = tmp_path / "models" / "mpnet-tuned"
    train("tuned", splits(), output, folder, TrainingSettings(lora=True, epochs=1))
    edit(output / "adapter_config.json", base_model_name_or_path=ready.MPNET_ON_HUB)
    monkeypatch.setattr(ready, "ASSETS", tmp_path)
    monkeypatch.delenv("XSB_MPNET", raising=False)
    return folder


def test_variants_of_the_papers_model_find_their_base(monkeypatch, mpnet_tuned):
    assert ready_models() == ("shelf", "mpnet-tuned")
    monkeypatch.setenv("XSB_MPNET", mpnet_tuned)
    tuned = load_encoder("mpnet-tuned", device="cpu")
    assert (tuned.name, tuned.trained, tuned.blocks) == ("mpnet-tuned", True, 2)
    shelf = load_encoder(ready.MPNET_ON_HUB, device="cpu")
    own = load_encoder(mpnet_tuned, device="cpu")
    assert (shelf.name, shelf.trained) == (ready.MPNET_ON_HUB, False)
    text = "A man plays a guitar."
    np.testing.assert_array_equal(shelf.model.encode(text), own.model.encode(text))
    assert np.abs(tuned.model.encode(text) - own.model.encode(text)).max() > 1e-4


def test_what_to_do_without_the_papers_model(monkeypatch, mpnet_tuned):
    monkeypatch.setattr(loading, "_hub_answers", lambda name: False)
    with pytest.raises(ModelError, match=r"could not be reached.*name its folder in XSB_MPNET, or"):
        load_encoder("mpnet-tuned", device="cpu")
    monkeypatch.setenv("XSB_MPNET", f"{mpnet_tuned}-not")
    with pytest.raises(ModelError, match=r"XSB_MPNET names .*base-not, which is no folder"):
        load_encoder("mpnet-tuned", device="cpu")
    with pytest.raises(ModelError, match="--variant exact --base sentence-transformers/all-mpnet"):
        load_encoder("mpnet-exact", device="cpu")


def test_an_installation_without_them_says_so(monkeypatch, tmp_path):
    monkeypatch.setattr(ready, "ASSETS", tmp_path)
    with pytest.raises(ModelError, match="ready model exact is missing"):
        load_encoder("exact")


def test_the_assets_are_small():
    files = [path for path in ready.ASSETS.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 60e6
