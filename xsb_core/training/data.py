"""Pairs of texts with a similarity score: CSV files, a folder of them, or STS-B by name."""

import hashlib
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float

from xsb_core.errors import DataError
from xsb_core.tables.files import user_path
from xsb_core.training.scored_csv import read_rows

STSB = "stsb"
STSB_ON_HUB = "sentence-transformers/stsb"
TOP_SCORE = 5.0
FEWEST_PAIRS = 10
# What a single file gives to dev and to test each.
HELD_OUT = 0.1

_SPLIT_WORDS = {"train": ("train",), "dev": ("dev", "valid"), "test": ("test",)}


@dataclass(frozen=True, eq=False)
class ScoredPairs:
    """Pairs with what people think of their similarity.

    Attributes:
        a: First texts.
        b: Second texts.
        scores: Similarities in [0, 1]: the file's, divided by its highest possible score.

    Examples:
        >>> ScoredPairs(("A dog.",), ("A puppy.",), np.array([0.9])).scores.tolist()
        [0.9]
    """

    a: tuple[str, ...]
    b: tuple[str, ...]
    scores: Float[np.ndarray, " P"]

    def __len__(self) -> int:
        return len(self.a)

    def __getitem__(self, rows: "np.ndarray | slice") -> "ScoredPairs":
        kept = np.arange(len(self))[rows].tolist()
        return ScoredPairs(
            tuple(self.a[i] for i in kept), tuple(self.b[i] for i in kept), self.scores[kept]
        )

    @property
    def fingerprint(self) -> str:
        """A short hash of texts and scores."""
        text = repr((self.a, self.b, self.scores.tolist()))
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True)
class Splits:
    """Training, development and test pairs.

    Attributes:
        name: Where they come from, for model cards.
        train: What is trained on.
        dev: What is looked at after each epoch.
        test: What is looked at once, at the end.

    Examples:
        >>> scored = read_scored("scored.csv")
        >>> len(Splits("mine", scored[:4], scored[4:7], scored[7:]).train)
        4
    """

    name: str
    train: ScoredPairs
    dev: ScoredPairs
    test: ScoredPairs


def read_scored(path: str | Path, top_score: float = TOP_SCORE) -> ScoredPairs:
    """Reads a CSV (or, by its name, TSV) of two texts and a score a row; see ``read_rows``.

    Args:
        path: The file.
        top_score: The highest possible score; the lowest is 0.

    Returns:
        The pairs, scores divided by ``top_score``.

    Raises:
        DataError: If the file or one of its rows can't be used, with the row or column named, or
            if the highest score is not above 0.

    Examples:
        >>> scored = read_scored("scored.csv")
        >>> scored.a[0], scored.scores[:3].tolist()
        ('There are 0 dogs.', [0.0, 0.1, 0.2])
    """
    if not 0 < top_score < math.inf:
        raise DataError(f"The highest possible score must be a number above 0; got {top_score}.")
    rows = read_rows(Path(path), top_score)
    a, b, scores = zip(*rows, strict=True)
    return ScoredPairs(a, b, np.array(scores) / top_score)


def load_splits(data: str | Path, top_score: float = TOP_SCORE) -> Splits:
    """Loads training, development and test pairs.

    Args:
        data: "stsb" (loaded through the datasets library), a folder with one CSV each whose names
            contain train, dev (or valid) and test, or a single CSV, of which a tenth each is held
            out as dev and test, chosen by a fixed seed.
        top_score: The highest possible score in files.

    Returns:
        The three sets.

    Raises:
        DataError: If they can't be had, saying why.

    Examples:
        >>> splits = load_splits("scored.csv")  # a tenth each is held out
        >>> len(splits.train), len(splits.dev), len(splits.test)
        (4, 3, 3)
    """
    if str(data) == STSB:
        return Splits(STSB, *(_stsb(name) for name in ("train", "validation", "test")))
    path = user_path(data)
    if path.is_dir():
        return Splits(
            path.name, *(read_scored(_split_file(path, name), top_score) for name in _SPLIT_WORDS)
        )
    pairs = read_scored(path, top_score)
    if len(pairs) < FEWEST_PAIRS:
        raise DataError(
            f"{path} has {len(pairs)} pairs; at least {FEWEST_PAIRS} are needed to train on some "
            "and hold out others."
        )
    order = np.random.default_rng(0).permutation(len(pairs))
    held = max(3, math.ceil(HELD_OUT * len(pairs)))
    dev, test, train = np.split(order, [held, 2 * held])
    return Splits(path.name, *(pairs[np.sort(rows)] for rows in (train, dev, test)))


def evaluation_pairs(data: str | Path, top_score: float = TOP_SCORE) -> ScoredPairs:
    """Loads pairs to evaluate on: the test set of "stsb" or of a folder, or all of a file.

    Arguments and errors are those of ``load_splits``.
    """
    return load_split(data, "test", top_score)


def load_split(data: str | Path, split: str, top_score: float = TOP_SCORE) -> ScoredPairs:
    """Loads the "train", "dev" or "test" pairs of "stsb" or of a folder, or all of a file.

    Arguments and errors are those of ``load_splits``.
    """
    if str(data) == STSB:
        return _stsb("validation" if split == "dev" else split)
    path = user_path(data)
    return read_scored(_split_file(path, split) if path.is_dir() else path, top_score)


def _split_file(folder: Path, split: str) -> Path:
    words = _SPLIT_WORDS[split]
    found = [
        path
        for path in sorted(folder.iterdir())
        if path.suffix.lower() in (".csv", ".tsv")
        and any(word in path.name.lower() for word in words)
    ]
    if len(found) == 1:
        return found[0]
    came = ", ".join(path.name for path in found) or "none"
    raise DataError(
        f"The folder {folder} must have one CSV whose name contains {' or '.join(words)}; "
        f"found: {came}."
    )


def _stsb(split: str) -> ScoredPairs:
    """A part of STS-B from the hub, where its scores are in [0, 1] already."""
    from datasets import load_dataset  # a slow import that files do without

    try:
        part = load_dataset(STSB_ON_HUB, split=split)
    except Exception as error:  # no network, offline mode: whatever the library raises
        raise DataError(
            f"STS-B can't be had from the hub ({STSB_ON_HUB}): {type(error).__name__}. Check the "
            "network, or give the path of a folder with its CSV files in place of stsb."
        ) from error
    scores = np.array(part["score"], dtype=float)
    return ScoredPairs(tuple(part["sentence1"]), tuple(part["sentence2"]), scores)
