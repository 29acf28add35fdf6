"""Folders of models that are refused: rows of tests/model_table.py."""

import json
from pathlib import Path
from typing import Any

import torch
import transformers
from sentence_transformers import (
    CrossEncoder,
    SentenceTransformer,
    SparseEncoder,
)
from sentence_transformers.base.modules import Router
from sentence_transformers.multi_vector_encoder.modules import (
    HierarchicalTokenPooling,
)
from sentence_transformers.sentence_transformer.modules import (
    LSTM,
    BoW,
    Pooling,
    WeightedLayerPooling,
    WordWeights,
)
from sentence_transformers.sparse_encoder.modules import SparseAutoEncoder

from tests.zoo import _tokenizer, make_model
from tests.zoo_folders import (
    HIDDEN,
    adapters,
    auto_map,
    bert,
    dense,
    edit,
    nested_routers,
    routed_heads,
    save,
    sharded,
    usual,
)
from tests.zoo_kinds import multi_vector, sparse_routed


def auto_map_lacking(folder: Path) -> None:
    auto_map(folder)
    file = folder / "model.safetensors"
    from safetensors.torch import load_file, save_file

    weights = load_file(file)
    lacking = {key: value for key, value in weights.items() if "layer.1.output.dense" not in key}
    save_file(lacking, file, {"format": "pt"})


def auto_encoded(folder: Path) -> None:
    """Terms that are made of a whole text."""
    modules = [*bert(), SparseAutoEncoder(HIDDEN, 64, k=8)]
    save(SparseEncoder(modules=modules, device="cpu"), folder)


def merged(folder: Path) -> None:
    multi_vector(folder, HierarchicalTokenPooling(2.0))


def cross(folder: Path) -> None:
    base = folder.with_name("base")
    tokenizer = _tokenizer("bert")
    config = transformers.BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=HIDDEN,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        num_labels=1,
    )
    transformers.BertForSequenceClassification(config).save_pretrained(base)
    tokenizer.save_pretrained(base)
    save(CrossEncoder(str(base), device="cpu"), folder)


def weighted_layers(folder: Path) -> None:
    first, pooling = bert()
    first.model.config.output_hidden_states = True
    layers = WeightedLayerPooling(HIDDEN, num_hidden_layers=2, layer_start=1)
    save(SentenceTransformer(modules=[first, layers, pooling], device="cpu"), folder)


def weighted_words(folder: Path) -> None:
    first, pooling = bert()
    vocabulary = list(first.tokenizer.get_vocab())
    weights = {token: 1 + place % 3 for place, token in enumerate(vocabulary)}
    words = WordWeights(vocabulary, weights)
    save(SentenceTransformer(modules=[first, words, pooling], device="cpu"), folder)


def recurrent(folder: Path) -> None:
    first, pooling = bert()
    pooling = Pooling(HIDDEN)
    modules = [first, LSTM(HIDDEN, HIDDEN // 2), pooling]
    save(SentenceTransformer(modules=modules, device="cpu"), folder)


def activated(folder: Path) -> None:
    usual(folder, "bert", dense=7)
    (file,) = folder.rglob("*Dense/config.json")
    edit(file, activation_function="transformers.activations.NewGELUActivation")


def wide_dense(folder: Path) -> None:
    usual(folder, "bert", dense=7)
    (file,) = folder.rglob("*Dense/config.json")
    edit(file, out_features=10_000_000)


def heads_of_two_sizes(folder: Path) -> None:
    router = Router.for_query_document([dense(1, 16)], [dense(2, 8)])
    save(SentenceTransformer(modules=[*bert(), router], device="cpu"), folder)


def cut_to_nothing(folder: Path) -> None:
    usual(folder, "bert")
    edit(folder / "config_sentence_transformers.json", truncate_dim=0)


def nested_told(folder: Path) -> None:
    nested_routers(folder)
    file = next(folder.rglob("*/*/sentence_bert_config.json"))
    edit(file, model_args={"offload_folder": "/tmp/x"})


def bag_of_words(folder: Path) -> None:
    SentenceTransformer(modules=[BoW(["a", "b"])], device="cpu").save(str(folder))


def broken_list(folder: Path) -> None:
    usual(folder, "bert")
    (folder / "modules.json").write_text('{"type": 3}')


def empty(folder: Path) -> None:
    folder.mkdir()


def elsewhere(folder: Path) -> None:
    usual(folder, "bert")
    listing = json.loads((folder / "modules.json").read_text())
    listing[1]["type"] = "os.path.join"
    (folder / "modules.json").write_text(json.dumps(listing))


def routed_elsewhere(folder: Path) -> None:
    routed_heads(folder)
    (file,) = folder.rglob("router_config.json")
    types = json.loads(file.read_text())["types"]
    edit(file, types=dict.fromkeys(types, "evil.Evil"))


def many_blocks(folder: Path) -> None:
    make_model("bert", dtype=torch.float32).save(str(folder), create_model_card=False)
    edit(folder / "config.json", num_hidden_layers=2000)


def shard_elsewhere(folder: Path) -> None:
    sharded(folder)
    file = folder / "model.safetensors.index.json"
    places = json.loads(file.read_text())["weight_map"]
    edit(file, weight_map=dict.fromkeys(places, "../../elsewhere.safetensors"))


def told(folder: Path, **told: Any) -> None:
    """A model that tells its loader something."""
    usual(folder, "bert")
    edit(folder / "sentence_bert_config.json", **told)


def told_path(folder: Path) -> None:
    sparse_routed(folder)
    (file,) = [part.parent / "config.json" for part in folder.rglob("query_*/tokenizer.json")]
    edit(file, path="/etc/idf.json")


def pickled_adapters(folder: Path) -> None:
    adapters(folder)
    (folder / "adapter_model.safetensors").rename(folder / "adapter_model.bin")


def adapters_told(folder: Path) -> None:
    adapters(folder)
    file = folder.with_name("base") / "sentence_bert_config.json"
    edit(file, model_args={"offload_folder": "/tmp/x"})


def dora(folder: Path) -> None:
    adapters(folder)
    edit(folder / "adapter_config.json", use_dora=True)


def adapters_elsewhere(folder: Path) -> None:
    adapters(folder)
    edit(folder / "adapter_config.json", base_model_name_or_path="someone/no-such-base")


def pickled(folder: Path) -> None:
    from safetensors.torch import load_file

    usual(folder, "bert")
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
