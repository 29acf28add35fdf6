"""Folders of small random models: every row of tests/model_table.py."""

import json
import shutil
from pathlib import Path
from typing import Any

import torch
import transformers
from sentence_transformers import (
    MultiVectorEncoder,
    SentenceTransformer,
    SparseEncoder,
)
from sentence_transformers.base.modules import Dense, Normalize, Router, Transformer
from sentence_transformers.multi_vector_encoder.modules import (
    MultiVectorMask,
)
from sentence_transformers.sentence_transformer.modules import (
    LayerNorm,
    Pooling,
    StaticEmbedding,
)
from sentence_transformers.sparse_encoder.modules import (
    SparseStaticEmbedding,
    SpladePooling,
)

from tests.zoo import ARCHITECTURES, _randomize, _tokenizer, make_model
from xsb_core.encoders.shift import Shift

__all__ = ["ARCHITECTURES"]
HIDDEN = 32


def usual(folder: Path, architecture: str, **options: Any) -> None:
    """A model of the zoo."""
    save(make_model(architecture, dtype=torch.float32, blocks=2, **options), folder)


def save(model: Any, folder: Path) -> None:
    """Saves without a model card, which would ask the hub."""
    model.save_pretrained(str(folder), create_model_card=False)


def other(folder: Path, kind: str, pooling: str = "mean", blocks: int = 2) -> None:
    """A model of an architecture that shares another's tokenizer."""
    tokenizer = _tokenizer("modernbert" if kind != "t5" else "xlm-roberta")
    settings = {
        "vocab_size": len(tokenizer),
        "hidden_size": HIDDEN,
        "intermediate_size": 64,
        "num_hidden_layers": blocks,
        "num_attention_heads": 4,
        "num_key_value_heads": 4,
        "head_dim": 8,
        "max_position_embeddings": 128,
        "pad_token_id": tokenizer.pad_token_id,
        "bos_token_id": tokenizer.cls_token_id,
        "eos_token_id": tokenizer.sep_token_id,
        **_OF_KIND.get(kind, {}),
    }
    config = transformers.AutoConfig.for_model(kind, **settings)
    model = (
        transformers.T5EncoderModel(config)
        if kind == "t5"
        else transformers.AutoModel.from_config(config)
    )
    _randomize(model, torch.Generator().manual_seed(0))
    with_modules(folder, model, tokenizer, [Pooling(HIDDEN, pooling)])


_OF_KIND: dict[str, dict[str, Any]] = {
    "electra": {"embedding_size": HIDDEN},
    "camembert": {"max_position_embeddings": 130},
    "roformer": {"embedding_size": HIDDEN},
    "t5": {"d_model": HIDDEN, "d_kv": 8, "d_ff": 64, "num_layers": 2, "num_heads": 4},
    "gpt2": {"n_embd": HIDDEN, "n_layer": 2, "n_head": 4, "n_positions": 128},
    "gemma3_text": {"query_pre_attn_scalar": 8, "sliding_window": 64},
    "gemma2": {"query_pre_attn_scalar": 8, "sliding_window": 64},
}


def with_modules(folder: Path, model: Any, tokenizer: Any, others: list[Any]) -> None:
    """A transformer with its tokenizer and the modules behind it."""
    parts = folder.with_name(folder.name + "-parts")
    model.save_pretrained(parts)
    tokenizer.save_pretrained(parts)
    first = Transformer(str(parts), max_seq_length=128)
    save(SentenceTransformer(modules=[first, *others], device="cpu"), folder)


def bert(seed: int = 0, blocks: int = 2) -> SentenceTransformer:
    return make_model("bert", dtype=torch.float32, blocks=blocks, seed=seed)


def dense(seed: int, size: int = HIDDEN) -> Dense:
    module = Dense(HIDDEN, size)
    _randomize(module, torch.Generator().manual_seed(seed))
    return module


def truncated(folder: Path) -> None:
    model = bert()
    model.truncate_dim = 8
    save(model, folder)


def layer_norm(folder: Path) -> None:
    norm = LayerNorm(HIDDEN)
    _randomize(norm, torch.Generator().manual_seed(1))
    save(SentenceTransformer(modules=[*bert(), norm], device="cpu"), folder)


def shifted(folder: Path) -> None:
    first, pooling = make_model("mpnet", dtype=torch.float32, blocks=2)
    save(SentenceTransformer(modules=[first, Shift(), pooling], device="cpu"), folder)


def routed_heads(folder: Path) -> None:
    router = Router.for_query_document([dense(1)], [dense(2)])
    save(SentenceTransformer(modules=[*bert(), router], device="cpu"), folder)


def routed_transformers(folder: Path) -> None:
    router = Router.for_query_document(list(bert(1)), list(bert(2, blocks=3)))
    save(SentenceTransformer(modules=[router, Normalize()], device="cpu"), folder)


def routed_static(folder: Path) -> None:
    router = Router.for_query_document([rows()], list(bert()))
    save(SentenceTransformer(modules=[router], device="cpu"), folder)


def rows(seed: int = 0) -> StaticEmbedding:
    tokenizer = _tokenizer("bert")
    numbers = torch.randn(len(tokenizer), HIDDEN, generator=torch.Generator().manual_seed(seed))
    return StaticEmbedding(tokenizer, embedding_weights=numbers)


def static(folder: Path, *, normalize: bool = False, dense: bool = False) -> None:
    modules = [rows(), *([globals()["dense"](3)] if dense else []), *([Normalize()] * normalize)]
    save(SentenceTransformer(modules=modules, device="cpu"), folder)


def plain(folder: Path) -> None:
    first = bert()[0]
    first.model.save_pretrained(folder)
    first.tokenizer.save_pretrained(folder)


def half(folder: Path) -> None:
    save(bert().to(torch.bfloat16), folder)


def edit(file: Path, **values: Any) -> None:
    file.write_text(json.dumps(json.loads(file.read_text()) | values))


def auto_map(folder: Path) -> None:
    usual(folder, "bert")
    edit(folder / "config.json", auto_map={"AutoModel": "modeling_own.OwnModel"})


def adapters(folder: Path) -> None:
    from peft import LoraConfig

    base = folder.with_name("base")
    usual(base, "bert")
    model = SentenceTransformer(str(base), device="cpu")
    model.add_adapter(LoraConfig(r=4, target_modules=["query", "value"], lora_dropout=0.1))
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for name, part in model.named_parameters():
            if "lora_" in name:
                part.normal_(0, 0.3, generator=generator)
    save(model, folder)


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


def nested_routers(folder: Path) -> None:
    inner = [Router.for_query_document(list(bert(seed)), list(bert(seed + 1))) for seed in (1, 3)]
    router = Router.for_query_document(*([part] for part in inner))
    save(SentenceTransformer(modules=[router], device="cpu"), folder)


def sharded(folder: Path, blocks: int = 2) -> None:
    from safetensors.torch import load_file, save_file

    usual(folder, "bert")
    weights = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    places = {}
    for number in (1, 2):
        name = f"model-0000{number}-of-00002.safetensors"
        part = dict(list(weights.items())[number - 1 :: 2])
        save_file(part, folder / name, {"format": "pt"})
        places |= dict.fromkeys(part, name)
    index = {"metadata": {"total_size": 1}, "weight_map": places}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    edit(folder / "config.json", num_hidden_layers=blocks)


def adapters_of_own_code(folder: Path) -> None:
    adapters(folder)
    edit(folder.with_name("base") / "config.json", auto_map={"AutoModel": "modeling_own.Own"})


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


def copy(source: Path, folder: Path) -> Path:
    return Path(shutil.copytree(source, folder))
