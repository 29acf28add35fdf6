"""Runs over pairs, made by hand: cells are given, the rest follows."""

import dataclasses
from pathlib import Path

import numpy as np

from tests.figures.factory import make_result
from xsb_core.attribution.result import Attribution, ReferenceTerms
from xsb_core.corpus.folder import ResultsFolder
from xsb_core.corpus.manifest import Manifest
from xsb_core.corpus.schema import Shared, row_of
from xsb_core.tables.columns import Columns
from xsb_core.tables.rows import Pair

WORDS = ["red", "green", "blue", "grey"]


def result(cells: np.ndarray, terms=(0.0, 0.0, 1.0), score=0.5, **changes) -> Attribution:
    """A result with these cells: the texts have two tokens less each, for the special ones."""
    rows, columns = cells.shape
    changes = {"model": "plain", "shifted": False, "cosine": "through"} | changes
    made = make_result(
        [*WORDS, *map(str, range(rows))][: rows - 2],
        [*WORDS, *map(str, range(columns))][: columns - 2],
        matrix=cells,
        sum_matrix=float(cells.sum()),
        reference_terms=ReferenceTerms(*terms),
        **changes,
    )
    return dataclasses.replace(made, score=score)


def random_results(count: int, seed: int = 0, **changes) -> list[Attribution]:
    """Results with random cells and scores; equal seeds have equal texts."""
    sizes, own = np.random.default_rng(7), np.random.default_rng(seed)
    return [
        result(
            own.normal(0.05, 0.1, tuple(sizes.integers(4, 7, 2))),
            (*own.uniform(-0.2, 0.2, 2), own.uniform(0.8, 1.0)),
            own.uniform(0, 1),
            **changes,
        )
        for _ in range(count)
    ]


def write_results(path: Path, results: list[Attribution], ids: list[str] | None = None) -> Path:
    """A results folder as a batch run makes it."""
    path.mkdir(parents=True)
    values = results[0].to_dict()
    Manifest(
        shared={name: values[name] for name in Shared.__annotations__},
        weights="",
        prompts=(None, None),
        input="pairs by hand",
        fingerprint=None,
        encoding="utf-8",
        columns=Columns("a", "b", None, ()),
        part_rows=len(results),
        started="2026-01-01T00:00:00+00:00",
        finished="2026-01-01T00:00:00+00:00",
        pairs=len(results),
    ).save(path)
    names = ids or [str(at) for at in range(len(results))]
    rows = [
        row_of(Pair(at, at + 1, name, one.a.text, one.b.text, None), one)
        for at, (name, one) in enumerate(zip(names, results, strict=True))
    ]
    ResultsFolder(path).write((0, len(rows)), rows, b"")
    return path
