"""Every row of the table: the library's own score and an account that adds up, or refusal."""

from pathlib import Path

import pytest
import torch
from sentence_transformers import MultiVectorEncoder, SentenceTransformer
from sentence_transformers.base.modules import Router
from sentence_transformers.sentence_transformer.modules import StaticEmbedding

from tests.model_table import ROWS, document
from tests.zoo_folders import bert, save
from tests.zoo_kinds import rows, static
from xsb_core import ModelError, account, attribute, load_encoder, trust
from xsb_core.encoders.declared import OWN_MODULES, declared

TEXT_A = "A man isn't playing the guitar."
TEXT_B = "Two dogs run, quickly!"


def own_score(folder) -> float:
    """The score that sentence-transformers itself gives, as a user would ask for it."""
    kind = declared(str(folder), "model", only_local=True).kind
    model = kind._load_with_module_classes(
        str(folder), OWN_MODULES, device="cpu", model_kwargs={"dtype": torch.float32}
    )
    routed = any(type(module).__name__ == "Router" for module in model)
    a, b = (
        (model.encode_query([TEXT_A]), model.encode_document([TEXT_B]))
        if routed or kind is MultiVectorEncoder
        else (model.encode([TEXT_A]), model.encode([TEXT_B]))
    )
    return float(model.similarity(a, b))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.kind}: {row.name}")
def test_row(row, tmp_path):
    folder = tmp_path / "model"
    row.build(folder)
    if row.refused is not None:
        with pytest.raises(ModelError) as refusal:
            load_encoder(folder, device="cpu")
        assert row.refused in str(refusal.value)
        assert str(refusal.value).endswith(".")
        assert "\n" not in str(refusal.value)
        return
    encoder = load_encoder(folder, device="cpu")
    assert any(row.note in note for note in encoder.notes) if row.note else not encoder.notes
    result = attribute(encoder, TEXT_A, TEXT_B, encoder.blocks - 1, tolerance=1e-4)
    own = own_score(folder)
    assert result.score == pytest.approx(own, abs=1e-5, rel=1e-5)
    assert sum(line.value for line in account(result)) == pytest.approx(own, abs=1e-3, rel=1e-4)


def test_a_mean_of_rows_has_its_factors_in_closed_form(tmp_path):
    static(tmp_path / "model", normalize=True)
    encoder = load_encoder(tmp_path / "model", device="cpu")
    result = attribute(encoder, TEXT_A, TEXT_B)
    assert (result.layer, result.blocks, result.nodes_a, trust(result).level) == (0, 1, 0, "exact")
    assert trust(result).sentence.startswith("Exact: this model takes the mean of a row for each")
    a, b = (encoder.read(text).text.output[0].double() for text in (TEXT_A, TEXT_B))
    expected = a @ b.T / (a.sum(0).norm() * b.sum(0).norm())
    assert torch.allclose(torch.tensor(result.matrix), expected, rtol=0, atol=1e-6)
    assert result.matrix.sum() == pytest.approx(result.score, abs=1e-6)


def test_rows_in_half_precision_are_computed_in_single(tmp_path):
    table = rows()
    half = StaticEmbedding(table.tokenizer, embedding_weights=table.embedding.weight.half())
    save(SentenceTransformer(modules=[half], device="cpu"), tmp_path / "model")
    result = attribute(load_encoder(tmp_path / "model", device="cpu"), TEXT_A, TEXT_B)
    assert (result.dtype, result.stored) == ("float32", "float16")
    assert "the model ships in float16" in trust(result).sentence
    assert result.matrix.sum() == pytest.approx(result.score, abs=1e-6)


def test_a_way_for_queries_alone_needs_the_other_texts_task(tmp_path):
    router = Router({"query": [*bert(1)], "other": [*bert(2)]}, default_route="query")
    save(SentenceTransformer(modules=[router], device="cpu"), tmp_path / "model")
    encoder = load_encoder(tmp_path / "model", device="cpu")
    with pytest.raises(ModelError, match=r"name the other text's task too \(its tasks: 'query', "):
        attribute(encoder, TEXT_A, TEXT_B)
    assert attribute(encoder, TEXT_A, TEXT_B, task_b="other").b.task == "other"


def test_the_table_is_large_enough():
    assert len(ROWS) >= 45
    assert len({(row.kind, row.name) for row in ROWS}) == len(ROWS)


def test_the_page_of_models_is_the_table():
    page = Path(__file__).parents[2] / "docs" / "models.md"
    assert page.read_text(encoding="utf-8") == document()
