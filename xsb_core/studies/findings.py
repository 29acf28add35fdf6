"""What a study says: the answer in words, its data, its figures, and the paper's beside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isnan
from typing import Any

import numpy as np
import pandas as pd

from xsb_core.attribution.numerals import counted

# Below so many pairs a share or a mean says little.
FEW = 30
PAPER_MODEL = "all-mpnet-base-v2"


@dataclass(frozen=True)
class Beside:
    """One figure beside the paper's.

    Attributes:
        what: What it is.
        paper: The paper's value, of all-mpnet-base-v2 (12 blocks); "not given" where there is none.
        here: The value of this run.
    """

    what: str
    paper: str
    here: str


@dataclass(frozen=True, eq=False)
class Chart:
    """A figure to be drawn (``xsb_core.figures.findings.draw``).

    Attributes:
        by: The function of the figures room that draws it.
        data: What that function is given.
        label: What is to be seen, in a few words.
        model: The model that it is of, where it is of one alone.
    """

    by: str
    data: tuple[Any, ...]
    label: str
    model: str | None = None


@dataclass(frozen=True, eq=False)
class Findings:
    """What a study found, in one shape whatever was studied: a page shows it, a command writes it.

    Attributes:
        name: What its files are called, before the suffix.
        title: Its heading.
        answers: What was found, in sentences; the answer comes first.
        table: The data, one row a case.
        charts: The figures by name.
        beside: Figures beside the paper's.
        notes: What it is of, and what limits it, in sentences.
    """

    name: str
    title: str
    answers: tuple[str, ...]
    table: pd.DataFrame
    charts: Mapping[str, Chart]
    beside: tuple[Beside, ...] = field(default=())
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True)
class Spread:
    """Mean and standard deviation of some values that are defined.

    Attributes:
        mean: NaN without any.
        deviation: Of the values themselves (n in the denominator); NaN without any.
        count: How many there are.
    """

    mean: float
    deviation: float
    count: int

    def __str__(self) -> str:
        return "not defined" if isnan(self.mean) else f"{self.mean:.2f} ± {self.deviation:.2f}"


def spread(values: np.ndarray) -> Spread:
    """Mean and deviation of the values that are numbers."""
    defined = np.asarray(values, dtype=float)
    defined = defined[~np.isnan(defined)]
    if not defined.size:
        return Spread(float("nan"), float("nan"), 0)
    return Spread(float(defined.mean()), float(defined.std()), defined.size)


def few_note(count: int, which: str = "") -> tuple[str, ...]:
    """A warning where there are too few pairs; which ones, if not all."""
    if count >= FEW:
        return ()
    pairs = counted(count, "pair")
    return (f"Only {pairs}{which}: too few (below {FEW}) for shares and means to say much.",)


def percent(share: float) -> str:
    """A share, with one decimal."""
    return "not defined" if isnan(share) else f"{100 * share:.1f}%"
