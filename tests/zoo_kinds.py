"""Folders of small random models of other kinds: static, sparse, late interaction."""

import json
from pathlib import Path
from typing import Any

import torch
import transformers
from sentence_transformers import MultiVectorEncoder, SentenceTransformer, SparseEncoder
from sentence_transformers.base.modules import Normalize, Router, Transformer
from sentence_transformers.multi_vector_encoder.modules import MultiVectorMask
from sentence_transformers.sentence_transformer.modules import StaticEmbedding
from sentence_transformers.sparse_encoder.modules import SparseStaticEmbedding, SpladePooling

from tests.zoo import _randomize, _tokenizer
from tests.zoo_folders import HIDDEN, bert, dense, edit, plain, save


def rows(seed: int = 0) -> StaticEmbedding:
    tokenizer = _tokenizer("bert")
    numbers = torch.randn(len(tokenizer), HIDDEN, generator=torch.Generator().manual_seed(seed))
    return StaticEmbedding(tokenizer, embedding_weights=numbers)


def static(folder: Path, *, normalize: bool = False, head: bool = False) -> None:
    modules = [rows(), *([dense(3)] if head else []), *([Normalize()] * normalize)]
    save(SentenceTransformer(modules=modules, device="cpu"), folder)


def model2vec(folder: Path) -> None:
    """As the model2vec package saves: rows, and a weight for each token."""
    from safetensors.torch import save_file

    folder.mkdir()
    table = rows()
    table.tokenizer.save(str(folder / "tokenizer.json"))
    numbers = table.embedding.weight.detach().half()
    generator = torch.Generator().manual_seed(2)
    weights = torch.rand(len(numbers), generator=generator, dtype=torch.float64)
    save_file({"embeddings": numbers, "weights": weights}, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps({"model_type": "model2vec", "normalize": True}))
    listing = [
        {
            "idx": 0,
            "name": "0",
            "path": ".",
            "type": "sentence_transformers.models.StaticEmbedding",
        },
        {
            "idx": 1,
            "name": "1",
            "path": "1_Normalize",
            "type": "sentence_transformers.models.Normalize",
        },
    ]
    (folder / "modules.json").write_text(json.dumps(listing))


def sparse(
    folder: Path, *, similarity: str = "dot", most: int | None = None, **pooling: Any
) -> None:
    modules = [masked(folder.with_name("base")), SpladePooling(**pooling)]
    model = SparseEncoder(
        modules=modules, device="cpu", similarity_fn_name=similarity, max_active_dims=most
    )
    save(model, folder)


def masked(base: Path) -> Transformer:
    """A transformer that gives each token a weight for each term."""
    tokenizer = _tokenizer("distilbert")
    config = transformers.DistilBertConfig(
        vocab_size=len(tokenizer), dim=HIDDEN, n_layers=2, n_heads=4, hidden_dim=64
    )
    model = transformers.DistilBertForMaskedLM(config)
    _randomize(model, torch.Generator().manual_seed(0))
    model.save_pretrained(base)
    tokenizer.save_pretrained(base)
    return Transformer(str(base), transformer_task="fill-mask")


def sparse_routed(folder: Path) -> None:
    """Queries by a weight for each of their tokens, documents by SPLADE."""
    first = masked(folder.with_name("base"))
    numbers = torch.rand(len(first.tokenizer), generator=torch.Generator().manual_seed(1))
    router = Router.for_query_document(
        [SparseStaticEmbedding(first.tokenizer, numbers)], [first, SpladePooling()]
    )
    save(SparseEncoder(modules=[router], device="cpu"), folder)


def multi_vector(
    folder: Path, *others: Any, similarity: str = "maxsim", prompts: Any = None, **reading: Any
) -> None:
    first = bert()[0]
    for name, value in reading.items():
        setattr(first, name, value)
    head = dense(4, 16)
    head.module_input_name = head.module_output_name = "token_embeddings"
    unit = Normalize(module_input_name="token_embeddings")
    mask = MultiVectorMask(skiplist_words=[".", "!"])
    modules = [first, head, unit, mask, *others]
    model = MultiVectorEncoder(
        modules=modules, device="cpu", similarity_fn_name=similarity, prompts=prompts
    )
    save(model, folder)


def pylate(folder: Path) -> None:
    """As PyLate 1 saves: two modules, one of its own class, and its settings at the top."""
    multi_vector(folder)
    listing = json.loads((folder / "modules.json").read_text())[:2]
    listing[1]["type"] = "pylate.models.Dense.Dense"
    (folder / "modules.json").write_text(json.dumps(listing))
    edit(
        folder / "config_sentence_transformers.json",
        model_type="ColBERT",
        query_prefix="[unused0] ",
        document_prefix="[unused1] ",
        query_length=16,
        document_length=24,
    )


def stanford(folder: Path) -> None:
    """As Stanford's ColBERT saves: one file of weights, the projection among them."""
    from safetensors.torch import load_file, save_file

    plain(folder)
    file = folder / "model.safetensors"
    weights = {f"bert.{key}": value for key, value in load_file(file).items()}
    save_file(weights | {"linear.weight": dense(4, 16).linear.weight.data}, file, {"format": "pt"})
    edit(folder / "config.json", architectures=["HF_ColBERT"])
    (folder / "artifact.metadata").write_text(json.dumps({"query_maxlen": 16, "doc_maxlen": 24}))


def routed_static(folder: Path) -> None:
    router = Router.for_query_document([rows()], list(bert()))
    save(SentenceTransformer(modules=[router], device="cpu"), folder)
