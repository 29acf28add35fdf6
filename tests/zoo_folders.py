"""Folders of small random models: every row of tests/model_table.py."""

import json
from pathlib import Path
from typing import Any

import torch
import transformers
from sentence_transformers import (
    SentenceTransformer,
)
from sentence_transformers.base.modules import Dense, Normalize, Router, Transformer
from sentence_transformers.sentence_transformer.modules import (
    LayerNorm,
    Pooling,
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
