"""The two base models whose variants the claims are held against, and what is shipped of each."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import pandas as pd

from benchmarks.reproduction import MPNET_STUDIES
from xsb_core.encoders.ready import ASSETS, EXACT, MPNET_ON_HUB, SHELF
from xsb_core.errors import DataError
from xsb_core.studies.agreement.by_score import between
from xsb_core.studies.gathered import Gathered, file_of
from xsb_core.studies.measurements import Measurements

Kind = TypeVar("Kind", bound=Gathered)


class NotComputedError(Exception):
    """A figure's assets are not there."""


@dataclass(frozen=True)
class Base:
    """A base model, and where the figures of its variants are.

    Attributes:
        name: What it is called.
        blocks: How many it has.
        layer: Where the paper's layer 9 of 12 is in it: three quarters up, the default.
        studies: The folder of its studies.
        evaluation: What ``xsb evaluate --json`` printed of it.
        models: The names of its variants.
    """

    name: str
    blocks: int
    layer: int
    studies: Path
    evaluation: Path
    models: dict[str, str]

    def table(self, place: str, variant: str | None = None) -> pd.DataFrame:
        """A table of the studies, or the rows of one variant in it."""
        path = self.studies / f"{place}.parquet"
        if not path.exists():
            raise NotComputedError(place)
        table = pd.read_parquet(path)
        if variant is None:
            return table
        own = table[table["model"] == self.models[variant]]
        if own.empty:
            raise NotComputedError(variant)
        return own

    def check(self, found: Iterable[str], *wanted: str) -> None:
        """Raises NotComputedError where one that is wanted was not found."""
        if missing := set(wanted) - set(found):
            raise NotComputedError(", ".join(sorted(missing)))

    def evaluated(self) -> list[dict]:
        """One object a model, under its variant's name, and one a test between two."""
        if not self.evaluation.exists():
            raise NotComputedError(self.evaluation.name)
        names = {model: variant for variant, model in self.models.items()}
        text = self.evaluation.read_text(encoding="utf-8")
        lines = [json.loads(line) for line in text.splitlines()]
        return [
            line | {key: names[line[key]] for key in ("model", "better", "worse") if key in line}
            for line in lines
        ]

    def references(self, variant: str) -> pd.DataFrame:
        """Similarities with references, a row a pair, of a variant that is not shifted."""
        if (self.studies / "references.parquet").exists():
            return self.table("references", variant)
        own = self.measurements.measures
        own = own[own["run"] == self.models[variant]].drop_duplicates("id")
        if own.empty:
            raise NotComputedError(variant)
        return own

    @cached_property
    def measurements(self) -> Measurements:
        """What is measured of STS-B test."""
        try:
            return Measurements.load(self.studies / "stsb")
        except DataError as error:
            raise NotComputedError("stsb") from error

    def agreements(self, left: int) -> pd.DataFrame:
        """How far Tuned and Exact agree, where so many blocks are left."""
        try:
            table = between(
                self.measurements.agreements, self.models["tuned"], self.models["exact"]
            )
        except DataError as error:
            raise NotComputedError("tuned and exact") from error
        own = table[table["layer"] == self.blocks - left]
        if own.empty:
            raise NotComputedError(f"layer {self.blocks - left}")
        return own

    def gathered(self, kind: type[Kind]) -> tuple[Kind, Kind]:
        """Shelf's and Exact's study of a kind, in the paper's cells."""
        files = [
            self.studies / kind.KIND / file_of(self.models[one.name], "paper", shifted=one.shift)
            for one in (SHELF, EXACT)
        ]
        if not all(file.exists() for file in files):
            raise NotComputedError(kind.KIND)
        shelf, exact = map(kind.load, files)
        return shelf, exact


_VARIANTS = ("tuned", "exact", "orig")
MPNET = Base(
    "all-mpnet-base-v2", 12, 9, MPNET_STUDIES, MPNET_STUDIES / "evaluation.jsonl",
    {"shelf": MPNET_ON_HUB} | {name: f"mpnet-{name}" for name in _VARIANTS},
)  # fmt: skip
MINILM = Base(
    "all-MiniLM-L6-v2", 6, 4, ASSETS / "studies", ASSETS / "evaluation.jsonl",
    {name: name for name in ("shelf", *_VARIANTS)},
)  # fmt: skip
