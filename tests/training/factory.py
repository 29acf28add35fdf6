"""Small scored pairs and a small base model to train."""

import csv
from pathlib import Path

import numpy as np
import torch

from tests.zoo import save_model
from tests.zoo_tokenizers import ENGLISH
from xsb_core.training.data import ScoredPairs, Splits


def pairs(count: int, seed: int) -> ScoredPairs:
    """Pairs of sentences, scored by the words that they share."""
    random = np.random.default_rng(seed)
    chosen = random.integers(len(ENGLISH), size=(count, 2))
    a, b = ([ENGLISH[i] for i in column] for column in chosen.T)
    words = [[set(text.lower().split()) for text in texts] for texts in (a, b)]
    shared = [len(x & y) / len(x | y) for x, y in zip(*words, strict=True)]
    return ScoredPairs(tuple(a), tuple(b), np.array(shared))


def splits() -> Splits:
    return Splits("toy", pairs(48, 0), pairs(12, 1), pairs(12, 2))


def base(folder: Path, **options) -> str:
    """A random model of two blocks, with dropout as any model has it."""
    return str(save_model(folder, "bert", blocks=2, dtype=torch.float32, **options))


def write_csv(path: Path, some: ScoredPairs) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = zip(some.a, some.b, (5 * some.scores).tolist(), strict=True)
        csv.writer(file).writerows(rows)
    return path
