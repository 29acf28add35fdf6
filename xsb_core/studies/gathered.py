"""What is gathered from one model's results over a corpus, small enough to be kept and shipped."""

import dataclasses
import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from xsb_core.corpus.results import Results
from xsb_core.encoders.ready import ASSETS, EXACT, SHELF
from xsb_core.errors import DataError
from xsb_core.tables.files import user_path
from xsb_core.tables.strict_json import Count, checked, read_json

_SETTINGS = ("model", "revision", "layer", "blocks", "shifted", "similarity", "cosine")
_KEY = b"xsb_study"

Kind = TypeVar("Kind", bound="Gathered")


@dataclasses.dataclass(frozen=True, eq=False)
class Gathered(ABC):
    """What every kind has; its own table comes in the field that ``TABLE`` names.

    Attributes:
        settings: The model and what it was explained with, as in the results' manifests.
        sources: What the pairs of each results folder were called.
        pairs: How many pairs count.
    """

    KIND: ClassVar[str]  # the probe that gathers it, which its files and its folder are named by
    TABLE: ClassVar[str]
    COLUMNS: ClassVar[pa.Schema]

    settings: dict[str, Any]
    sources: tuple[str, ...]
    pairs: Count

    @property
    def model(self) -> str:
        """The model's name."""
        return self.settings["model"]

    @property
    def heading(self) -> str:
        """The model, the layer, how deep the model is, and which cells count."""
        place = f"{self.model}, layer {self.settings['layer']} of {self.settings['blocks']} blocks"
        if self.settings["shifted"]:
            return place
        return f"{place}, {'net cells' if self.cell_kind == 'net' else 'cells as in the paper'}"

    @property
    def cell_kind(self) -> str:
        """Which cells count, as ``Look.cells``; earlier versions had the paper's alone."""
        return self.settings.get("cells", "paper")

    @property
    def file_name(self) -> str:
        """What its file is called."""
        return file_of(self.model, self.cell_kind, shifted=self.settings["shifted"])

    @abstractmethod
    def cases(self, name: str) -> pd.DataFrame:
        """The cases of a token or a relation, largest first: value, source, row, id and its own."""

    def save(self, path: Path) -> None:
        """Writes it as Parquet, whole or not at all: its table, the rest in the metadata."""
        about = {one.name: getattr(self, one.name) for one in dataclasses.fields(self)}
        table = pa.Table.from_pandas(about.pop(self.TABLE), self.COLUMNS, preserve_index=False)
        text = json.dumps({"kind": self.KIND} | about, ensure_ascii=False)
        unfinished = path.with_suffix(".tmp")
        pq.write_table(
            table.replace_schema_metadata({_KEY: text.encode()}), unfinished, compression="zstd"
        )
        unfinished.replace(path)

    @classmethod
    def load(cls: type[Kind], path: Path) -> Kind:
        """Reads what ``save`` wrote; values of single cells have float32's precision.

        Raises:
            DataError: If the file holds nothing of this kind, or a field of it is wrong.
        """
        wanted = f"give a file that 'xsb probe {cls.KIND}' wrote."
        try:
            table = pq.read_table(path)
        except (OSError, pa.ArrowException) as error:
            raise DataError(
                f"{path} can't be read as Parquet ({type(error).__name__}); {wanted}"
            ) from error
        try:
            about = read_json((table.schema.metadata or {}).get(_KEY, b"{}"))
            if about.get("kind") != cls.KIND or table.schema.names != cls.COLUMNS.names:
                raise DataError(f"it is not a {cls.KIND} study")
            return checked(about | {cls.TABLE: table.to_pandas()}, cls)
        except DataError as error:
            raise DataError(f"{path} can't be used: {error}; {wanted}") from error

    @classmethod
    def shipped(cls: type[Kind], cells: str = "net") -> list[Kind]:
        """What ships of Shelf and Exact on STS-B (assets/README.md).

        Args:
            cells: As ``Look.cells``.

        Raises:
            DataError: If this installation lacks it.
        """
        folder = ASSETS / "studies" / cls.KIND
        return [
            cls.load(folder / file_of(kind.name, cells, shifted=kind.shift))
            for kind in (SHELF, EXACT)
        ]


def file_of(model: str, cells: str, *, shifted: bool) -> str:
    """What the file of a model's study is called: in a shifted model net cells are the paper's."""
    return f"{model.replace('/', '--')}{'' if shifted else f'-{cells}'}.parquet"


def source_names(results: Iterable[Results]) -> tuple[str, ...]:
    """What the pairs of each of these results were called, without folders."""
    return tuple(one.manifest.input.rpartition("/")[2] for one in results)


def common_settings(results: Sequence[Results], cells: str) -> dict[str, Any]:
    """The model, layer and cosine that some results share, with the cells that count.

    Raises:
        DataError: If they don't, or there are none.
    """
    if not results:
        raise DataError("There are no results; give those of one batch run or more.")
    kinds = [{name: one.manifest.shared[name] for name in _SETTINGS} for one in results]
    for name in _SETTINGS:
        found = dict.fromkeys(kind[name] for kind in kinds)
        if len(found) > 1:
            raise DataError(
                f"The results differ in {name} ({', '.join(map(str, found))}), and cells of both "
                "kinds can't be one token's; give results of one kind."
            )
    return kinds[0] | {"cells": cells}


def results_by_model(paths: Iterable[str | Path]) -> dict[str, dict[str, Results]]:
    """Opens results, those that are given twice, in whatever spelling, once.

    Args:
        paths: As for ``Results``.

    Returns:
        By model, then by whole path, in the order given.

    Raises:
        DataError: If a path holds no results.
    """
    found: dict[str, dict[str, Results]] = {}
    for path in paths:
        one = Results(path)
        found.setdefault(one.manifest.shared["model"], {})[str(user_path(path).resolve())] = one
    return found


def unlike_notes(first: Gathered, second: Gathered) -> list[str]:
    """Says in what two models' differ besides the model.

    Args:
        first: One model's.
        second: Another's.

    Returns:
        A sentence, or none where both leave as many blocks before the score and are of the same
        pairs.
    """
    depths = [one.settings["blocks"] - one.settings["layer"] for one in (first, second)]
    apart = []
    if depths[0] != depths[1]:
        apart.append(f"one leaves {depths[0]} blocks before the score, the other {depths[1]}")
    if (first.pairs, sorted(first.sources)) != (second.pairs, sorted(second.sources)):
        apart.append(
            f"one is of {first.pairs:,} pairs ({', '.join(first.sources)}), the other of "
            f"{second.pairs:,} ({', '.join(second.sources)})"
        )
    if not apart:
        return []
    return [
        f"These results differ in more than the model: {'; '.join(apart)}. What the comparison "
        "shows may come from that."
    ]


def of_models(tables: Iterable[tuple[str, pd.DataFrame]]) -> pd.DataFrame:
    """Models' tables one below the other, each row with its model."""
    return pd.concat([table.assign(model=model) for model, table in tables])
