"""Small random sentence-transformer models, one of each supported architecture, for the tests.

Everything is built without network; weights are large enough for attention and MLP to be nonlinear.
"""

import copy
import functools
import math
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import torch
import transformers
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Dense, Normalize, Transformer
from sentence_transformers.sentence_transformer.modules import Pooling
from torch import nn
from transformers import PreTrainedTokenizerFast

from tests.zoo_tokenizers import TOKENIZERS


def _copied(make: Callable[..., SentenceTransformer]) -> Callable[..., SentenceTransformer]:
    """Makes each model once and gives a copy, which a test may change."""
    made: dict[str, SentenceTransformer] = {}

    @functools.wraps(make)
    def copied(*args: Any, **options: Any) -> SentenceTransformer:
        key = repr((args, sorted(options.items())))
        if key not in made:
            made[key] = make(*args, **options)
        return copy.deepcopy(made[key])

    return copied


@_copied
def make_model(
    architecture: str,
    *,
    pooling: Literal["mean", "cls", "max", "lasttoken"] = "mean",
    dense: int | None = None,
    similarity: Literal["cosine", "dot", "euclidean", "manhattan"] = "cosine",
    blocks: int = 3,
    hidden: int = 32,
    heads: int = 4,
    max_length: int = 128,
    normalize: bool = False,
    prompts: dict[str, str] | None = None,
    default_prompt_name: str | None = None,
    include_prompt: bool = True,
    dtype: torch.dtype = torch.float64,
    seed: int = 0,
) -> SentenceTransformer:
    """Builds a random sentence-transformer on the CPU, in evaluation mode, with eager attention.

    The weights are float32 numbers whatever the dtype: models that differ in dtype alone are the
    same function up to rounding. The global random state is left as it was.

    ModernBERT computes rotations and softmax in float32 whatever the dtype; in float64 its padded
    batches are NaN where the window of a padded position holds no token: encode texts singly.

    Args:
        architecture: One of `ARCHITECTURES`, or "fnet".
        pooling: How the token embeddings become one embedding.
        dense: Output size of an extra Dense module with Tanh; none when absent.
        similarity: The model's similarity function.
        blocks: Number of Transformer blocks.
        hidden: Hidden size, a multiple of twice the heads.
        heads: Number of attention heads.
        max_length: Longest input, in tokens.
        normalize: Whether the last module scales the embedding to length one.
        prompts: Prompts by name.
        default_prompt_name: The prompt that `encode` uses unasked.
        include_prompt: Whether pooling counts the tokens of the prompt.
        dtype: Type of the weights.
        seed: Seed of the weights.
    """
    tokenizer = _tokenizer(architecture)
    config = _config(architecture, tokenizer, max_length, blocks, hidden, heads)
    generator = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        encoder = transformers.AutoModel.from_config(config)
        head: list[nn.Module] = [Pooling(hidden, pooling, include_prompt=include_prompt)]
        if dense is not None:
            head.append(Dense(hidden, dense))
        if normalize:
            head.append(Normalize())
    for module in (encoder, *head):
        _randomize(module, generator)

    # The Transformer module only knows how to load from a folder.
    with tempfile.TemporaryDirectory() as folder:
        encoder.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        transformer = Transformer(
            folder,
            model_kwargs={"attn_implementation": "eager", "dtype": dtype},
            max_seq_length=max_length,
        )
    model = SentenceTransformer(
        modules=[transformer, *head],
        device="cpu",
        prompts=prompts,
        default_prompt_name=default_prompt_name,
        similarity_fn_name=similarity,
    )
    return model.eval()


def save_model(folder: Path, architecture: str, **options: Any) -> Path:
    """Saves `make_model(architecture, **options)` as an ordinary folder; returns the folder.

    `SentenceTransformer(str(folder))` loads it in the dtype it was saved in; to choose, pass
    `model_kwargs={"dtype": torch.float64, "attn_implementation": "eager"}`. The attention is not
    saved: by default it is SDPA where the family has it, equal up to rounding.
    """
    make_model(architecture, **options).save(str(folder), create_model_card=False)
    return folder


@torch.no_grad()
def _randomize(module: nn.Module, generator: torch.Generator) -> None:
    """Overwrites every weight: with HF's own initial scale, 0.02, a block is nearly linear."""
    for name, part in module.named_modules():
        if isinstance(part, nn.Embedding):
            # Strong words beside weak positions, or all texts would have nearly one embedding.
            scale = 1.0 if name.endswith(("word_embeddings", "tok_embeddings")) else 0.5
            part.weight.normal_(0.0, scale, generator=generator)
        elif isinstance(part, nn.LayerNorm):
            part.weight.normal_(1.0, 0.3, generator=generator)
        elif isinstance(part, nn.Linear):
            part.weight.normal_(0.0, 1.4 / math.sqrt(part.in_features), generator=generator)
        if isinstance(part, nn.LayerNorm | nn.Linear) and part.bias is not None:
            part.bias.normal_(0.0, 0.1, generator=generator)


def _config(
    architecture: str,
    tokenizer: PreTrainedTokenizerFast,
    max_length: int,
    blocks: int,
    hidden: int,
    heads: int,
) -> transformers.PreTrainedConfig:
    """The architecture's configuration, in agreement with its tokenizer."""
    # RoBERTa's positions start after the padding index.
    shifted = {"max_position_embeddings": max_length + tokenizer.pad_token_id + 1}
    family: dict[str, dict[str, Any]] = {
        "mpnet": shifted,
        "roberta": {**shifted, "type_vocab_size": 1},
        "xlm-roberta": {**shifted, "type_vocab_size": 1},
        "distilbert": {"hidden_dim": 2 * hidden},
        "deberta-v2": {
            "max_position_embeddings": 512,  # only the scale of the logarithmic buckets
            "relative_attention": True,
            "pos_att_type": ["p2c", "c2p"],
            "share_att_key": True,
            "norm_rel_ebd": "layer_norm",
            "position_buckets": 16,
            "position_biased_input": False,
            "type_vocab_size": 0,
        },
        "modernbert": {
            "global_attn_every_n_layers": 2,
            "local_attention": 8,
            "cls_token_id": tokenizer.cls_token_id,
            "sep_token_id": tokenizer.sep_token_id,
        },
        "albert": {"embedding_size": hidden // 2},
    }
    settings = {
        "vocab_size": len(tokenizer),
        "hidden_size": hidden,
        "intermediate_size": 2 * hidden,
        "num_hidden_layers": blocks,
        "num_attention_heads": heads,
        "max_position_embeddings": max_length,
        "pad_token_id": tokenizer.pad_token_id,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
    }
    settings.update(family.get(architecture, {}))
    return transformers.AutoConfig.for_model(architecture, **settings)


@functools.cache
def _tokenizer(architecture: str) -> PreTrainedTokenizerFast:
    """A fast tokenizer with the family's own algorithm, special tokens and template."""
    return TOKENIZERS[architecture]()


# FNet mixes a batch's padding into every text, so its embeddings depend on the batch.
ARCHITECTURES: tuple[str, ...] = tuple(name for name in TOKENIZERS if name != "fnet")
