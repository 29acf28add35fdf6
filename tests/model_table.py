"""The configurations of models that are tested, each a row: docs/models.md is made of them.

``python -m tests.model_table > docs/models.md`` writes it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import zoo_folders as make
from tests import zoo_kinds as kinds
from tests import zoo_refused as wrong

DECODERS = ("llama", "mistral", "qwen2", "qwen3", "gemma", "gemma2", "gemma3_text", "phi", "gpt2")
ENCODERS = ("electra", "camembert", "roformer", "ernie", "nomic_bert", "eurobert", "t5")


@dataclass(frozen=True)
class Row:
    """A configuration.

    Attributes:
        kind: A heading of the list.
        name: What is tested.
        build: Makes it in a folder.
        refused: What the sentence of refusal says; None where it is explained.
        note: What is said of it before its score.
    """

    kind: str
    name: str
    build: Callable[[Path], Any]
    refused: str | None = None
    note: str | None = None


def _usual(architecture: str, **options: Any) -> Callable[[Path], Any]:
    return lambda folder: make.usual(folder, architecture, **options)


EXPANSION = {"strategy": "fixed", "attend": False, "length": 16}
PROMPTS = {"query": "find this: ", "document": "here is "}
ROWS = (
    *(Row("Encoders", f"{name}, mean pooling", _usual(name)) for name in make.ARCHITECTURES),
    *(
        Row("Encoders", f"{name}, mean pooling", lambda folder, name=name: make.other(folder, name))
        for name in ENCODERS
    ),
    *(
        Row(
            "Decoders",
            f"{name}, last token's pooling",
            lambda folder, name=name: make.other(folder, name, pooling="lasttoken"),
        )
        for name in DECODERS
    ),
    *(
        Row("Poolings", f"bert, {pooling} pooling", _usual("bert", pooling=pooling))
        for pooling in ("cls", "max", "lasttoken", "mean_sqrt_len_tokens", "weightedmean")
    ),
    Row("Poolings", "bert, cls and mean, concatenated", _usual("bert", pooling=("cls", "mean"))),
    Row("Modules", "bert, Dense with Tanh", _usual("bert", dense=7)),
    Row("Modules", "bert, Dense and Normalize", _usual("bert", dense=7, normalize=True)),
    Row(
        "Modules",
        "bert, Normalize and dot product",
        _usual("bert", normalize=True, similarity="dot"),
    ),
    Row("Modules", "bert, dot product", _usual("bert", similarity="dot")),
    Row("Modules", "bert, embeddings cut to 8 dimensions", lambda folder: make.truncated(folder)),
    Row("Modules", "bert, LayerNorm behind the pooling", make.layer_norm),
    Row("Modules", "mpnet, shifted by its references", make.shifted),
    Row(
        "Prompts",
        "bert, default prompt",
        _usual("bert", prompts=PROMPTS, default_prompt_name="query"),
    ),
    Row(
        "Prompts",
        "bert, default prompt left out of the pooling",
        _usual("bert", prompts=PROMPTS, default_prompt_name="query", include_prompt=False),
    ),
    Row("Tasks", "Router: Dense heads behind the pooling", make.routed_heads),
    Row("Tasks", "Router: two transformers", make.routed_transformers),
    Row("Tasks", "Routers within a Router", make.nested_routers),
    Row("Tasks", "Router: static query, transformer for documents", kinds.routed_static),
    Row("Static", "StaticEmbedding", kinds.static),
    Row(
        "Static",
        "StaticEmbedding and Normalize",
        lambda folder: kinds.static(folder, normalize=True),
    ),
    Row("Static", "as Model2Vec saves it", kinds.model2vec),
    Row("Static", "StaticEmbedding and Dense", lambda folder: kinds.static(folder, head=True)),
    Row(
        "Folders",
        "plain transformers folder",
        make.plain,
        note="names no pooling",
    ),
    Row("Folders", "weights in bfloat16", make.half),
    Row("Folders", "weights in several files", make.sharded),
    Row(
        "Folders",
        "built-in type whose config names own code",
        make.auto_map,
        note="code of its own",
    ),
    Row("Folders", "adapters as sentence-transformers saves them", make.adapters),
    Row(
        "Folders",
        "adapters of a model whose config names own code",
        make.adapters_of_own_code,
        note="code of its own",
    ),
    *(
        Row("Sparse", f"SPLADE, {name}", lambda folder, own=own: kinds.sparse(folder, **own))
        for name, own in {
            "max pooling": {},
            "sum pooling": {"pooling_strategy": "sum"},
            "log of the log": {"activation_function": "log1p_relu"},
            "the 20 largest terms": {"most": 20},
            "cosine": {"similarity": "cosine"},
        }.items()
    ),
    Row("Sparse", "Router: static query, SPLADE for documents", kinds.sparse_routed),
    *(
        Row("Late interaction", name, lambda folder, own=own: kinds.multi_vector(folder, **own))
        for name, own in {
            "MaxSim": {},
            "mean MaxSim": {"similarity": "meanmaxsim"},
            "prompts": {"prompts": PROMPTS},
            "lengths of their own": {"query_length": 6, "document_length": 5},
            "queries filled up with [MASK], unattended": {"query_expansion": EXPANSION},
            "queries of at least 16 tokens, attended": {
                "query_expansion": EXPANSION | {"strategy": "min", "attend": True}
            },
        }.items()
    ),
    Row("Late interaction", "as PyLate saves it", kinds.pylate),
    Row("Late interaction", "as Stanford's ColBERT saves it", kinds.stanford),
    *(
        Row("Refused", name, build, refused)
        for name, build, refused in (
            (
                "late interaction that merges tokens",
                wrong.merged,
                "merges tokens before it matches them",
            ),
            (
                "sparse embedding of a dense one (SparseAutoEncoder)",
                wrong.auto_encoded,
                "made of whole texts by its module SparseAutoEncoder",
            ),
            ("CrossEncoder", wrong.cross, "is a CrossEncoder, which reads both"),
            (
                "WeightedLayerPooling",
                wrong.weighted_layers,
                "its module WeightedLayerPooling (number 1) can't be replayed",
            ),
            (
                "WordWeights behind a transformer",
                wrong.weighted_words,
                "its module WordWeights (number 1) can't be replayed",
            ),
            (
                "LSTM behind a transformer",
                wrong.recurrent,
                "does not turn a text into an embedding",
            ),
            (
                "Dense of 10,000,000 dimensions",
                wrong.wide_dense,
                "asks for 32 × 10000000 weights, but 231 are there",
            ),
            (
                "Dense with an activation from elsewhere",
                wrong.activated,
                "needs code of its own",
            ),
            (
                "Router: heads of two sizes",
                wrong.heads_of_two_sizes,
                "embeddings of several sizes (without a task 8, query 16, document 8)",
            ),
            (
                "embeddings cut to 0 dimensions",
                wrong.cut_to_nothing,
                "config_sentence_transformers.json is broken",
            ),
            (
                "offload_folder told within Routers",
                wrong.nested_told,
                "tells its loader offload_folder, which may lead out of",
            ),
            (
                "offload_folder told by adapters' base",
                wrong.adapters_told,
                "tells its loader offload_folder, which may lead out of",
            ),
            ("adapters with DoRA", wrong.dora, "holds adapters with DoRA, and only plain LoRA"),
            ("euclidean distance", _usual("bert", similarity="euclidean"), "euclidean"),
            ("bag of words", wrong.bag_of_words, "does not start with a text"),
            ("own code and missing weights", wrong.auto_map_lacking, "made for code of its own"),
            ("module list that is no list", wrong.broken_list, "modules.json is broken"),
            ("no module list, no configuration", wrong.empty, "has no modules.json"),
            ("module class from elsewhere", wrong.elsewhere, "needs code of its own"),
            (
                "Router with a module class from elsewhere",
                wrong.routed_elsewhere,
                "needs code of its own",
            ),
            (
                "configuration of 2,000 blocks",
                wrong.many_blocks,
                "asks for 2000 blocks, but its weights are those of 3",
            ),
            (
                "configuration of 2,000 blocks, weights in several files",
                lambda folder: make.sharded(folder, blocks=2000),
                "asks for 2000 blocks, but its weights are those of 2",
            ),
            (
                "weights in another folder's files",
                wrong.shard_elsewhere,
                "model.safetensors.index.json is broken",
            ),
            *(
                (
                    f"{key} told to its loader",
                    lambda folder, group=group, key=key: wrong.told(
                        folder, **{group: {key: "/tmp/x"}}
                    ),
                    f"sentence_bert_config.json tells its loader {key}, which may lead out of",
                )
                for group, key in {
                    "model_args": "offload_folder",
                    "model_kwargs": "weights_only",
                    "tokenizer_args": "vocab_file",
                    "config_args": "cache_dir",
                }.items()
            ),
            (
                "a file anywhere, told to its loader",
                wrong.told_path,
                "tells its loader path, which may lead out of",
            ),
            ("adapters in a pickle", wrong.pickled_adapters, "has no adapter_model.safetensors"),
            (
                "adapters of a hub's model that is not on this machine",
                wrong.adapters_elsewhere,
                "holds adapters of the model someone/no-such-base, which is not on this machine",
            ),
            ("pytorch_model.bin", wrong.pickled, "no readable model.safetensors"),
        )
    ),
)

HEAD = """# Models

Which models are explained, and which are refused, with the sentence.

On real weights: the embedded all-MiniLM-L6-v2, its variants exact, tuned and orig, and
all-mpnet-base-v2. Their replayed embedding of a probe text equals that of `encode` to 3e-8
(relative difference, float32). Official weights of other models could not be had for tests.

On small random weights: every row below. Where a row is explained, the score equals
sentence-transformers' own within 1e-5, and the account adds up to it within 1e-3. Any other model
is loaded too, and checked in the same way: its replayed embedding of a probe text must equal that
of `encode` within 1e-5, for each of its tasks; if not, the module that isn't replayed is named.

## The paper's own model

`mpnet-tuned`, `mpnet-exact`, `mpnet-orig`: the paper's variants of all-mpnet-base-v2, adapters in
`assets/models` ([training.md](training.md)); those that are there are offered. Their base is the
hub's `sentence-transformers/all-mpnet-base-v2`, or the folder that `XSB_MPNET` names.
"""


def document() -> str:
    """docs/models.md."""
    parts = [HEAD]
    for kind in dict.fromkeys(row.kind for row in ROWS):
        parts.append(f"## {kind}\n\n| configuration | what becomes of it |\n| --- | --- |")
        for row in ROWS:
            if row.kind == kind:
                parts.append(f"| {row.name} | {_outcome(row)} |")
        parts.append("")
    return "\n".join(parts)


def _outcome(row: Row) -> str:
    if row.refused is not None:
        return f"refused: “… {row.refused} …”"
    return "explained" + (f"; said: “… {row.note} …”" if row.note else "")


if __name__ == "__main__":
    print(document(), end="")
