"""A tiny model, and tables of pairs for it."""

import csv
from pathlib import Path

import numpy as np
import torch

from tests.zoo import make_model, save_model
from tests.zoo_tokenizers import ENGLISH
from xsb_core import Encoder

TINY = {"blocks": 2, "hidden": 16, "heads": 2}


def encoder(dtype=torch.float32, **options) -> Encoder:
    return Encoder(make_model("bert", dtype=dtype, **TINY, **options), "tiny")


def saved(folder: Path) -> str:
    """A folder that the command line and other processes can load."""
    return str(save_model(folder, "bert", dtype=torch.float32, **TINY))


def pairs(count: int, seed: int = 0) -> list[tuple[str, str]]:
    """Pairs of short texts, some of which come again."""
    random = np.random.default_rng(seed)
    words = sorted({word for line in ENGLISH for word in line.split() if word.isalpha()})
    texts = [
        " ".join(random.choice(words, size=random.integers(1, 6))) for _ in range(1 + count // 2)
    ]
    return [(texts[i], texts[j]) for i, j in random.integers(len(texts), size=(count, 2))]


def write_csv(path: Path, rows: list[tuple]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("sentence1", "sentence2"), *rows])
    return path
