"""What was measured of some runs over one set of pairs, small enough to ship."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import Path

import pandas as pd
import pyarrow as pa

from xsb_core.corpus.results import Results
from xsb_core.encoders.ready import ASSETS
from xsb_core.errors import DataError
from xsb_core.integration.jacobians import Progress
from xsb_core.studies.agreement.pairs import AGREEMENTS, pair_agreements
from xsb_core.studies.runs import check_runs, keys_of, pair_measures, run_name

STSB = ASSETS / "studies" / "stsb"
_FILES = {"measures": "measures.parquet", "agreements": "agreements.parquet"}
_NAMES = ["model", "run", "cosine", "similarity", "run_1", "run_2"]


@dataclass(frozen=True)
class Measurements:
    """Figures of every pair of some runs.

    Attributes:
        measures: One row a pair and run (see ``pair_measures``).
        agreements: One row a pair and two runs that leave as many blocks (see
            ``pair_agreements``).
    """

    measures: pd.DataFrame
    agreements: pd.DataFrame

    def runs(self) -> list[str]:
        """The runs by name, in the order given."""
        return self.measures["run"].unique().tolist()

    def save(self, folder: str | Path) -> None:
        """Writes both tables into a folder, as Parquet."""
        path = Path(folder)
        path.mkdir(parents=True, exist_ok=True)
        for name, file in _FILES.items():
            table = getattr(self, name)
            floats = dict.fromkeys(table.select_dtypes("float64"), "float32")
            small = table.astype(floats | {c: "category" for c in _NAMES if c in table})
            small.to_parquet(path / file, compression="zstd", index=False)

    @classmethod
    def load(cls, folder: str | Path) -> "Measurements":
        """Reads what ``save`` wrote.

        Raises:
            DataError: If the folder holds none.
        """
        try:
            return cls(**{name: _read(Path(folder) / file) for name, file in _FILES.items()})
        except (OSError, pa.ArrowException) as error:
            raise DataError(
                f"{folder} holds no measurements ({type(error).__name__}); make them with 'python "
                "-m xsb_core analyse measures RESULTS --out FOLDER'."
            ) from error


def _read(path: Path) -> pd.DataFrame:
    table = pd.read_parquet(path)
    floats = dict.fromkeys(table.select_dtypes("float32"), "float64")
    return table.astype(floats | {column: "str" for column in _NAMES if column in table})


def measure_runs(
    paths: Sequence[str | Path],
    progress: Progress | None = None,
    *,
    agreements: bool = True,
) -> Measurements:
    """Measures runs, and compares those that leave as many blocks with each other.

    Args:
        paths: Results of batch runs over one set of pairs: folders or single Parquet files. Of two
            runs alike in model, layer and treatment, pairs that both have count once.
        progress: Told the share done.
        agreements: Whether runs are compared.

    Returns:
        The measurements.

    Raises:
        DataError: If a path holds no results, or runs can't stand side by side (see
            ``check_runs``).

    Examples:
        >>> measure_runs(["results"]).measures[["id", "layer"]].values.tolist()
        [['0', 5], ['1', 5]]
    """
    runs = [Results(path) for path in paths]
    key = keys_of(*runs)
    check_runs(runs, key)
    twos = _comparable(runs) if agreements else []
    steps = len(runs) + 4 * len(twos)  # comparing takes longer than measuring
    done, measured, compared = 0, [], []
    for run in runs:
        measured.append(pair_measures(run, key))
        done += 1
        if progress:
            progress(done / steps)
    for two in twos:
        compared.append(pair_agreements(*two, key))
        done += 4
        if progress:
            progress(done / steps)
    measures = pd.concat(measured, ignore_index=True)
    compared = [table for table in compared if len(table)]
    table = pd.concat(compared, ignore_index=True) if compared else _none()
    return Measurements(
        measures.drop_duplicates(["run", "layer", "id"], ignore_index=True),
        table.drop_duplicates(["run_1", "run_2", "layer_1", "id"], ignore_index=True),
    )


def _comparable(runs: Sequence[Results]) -> list[tuple[Results, Results]]:
    """Every two of different names that leave as many blocks, so that depths don't matter.

    Two names always come in one order, so that pairs that overlapping runs share are known as such.
    """
    names = dict.fromkeys(run_name(run.manifest.shared) for run in runs)
    by_name = [[run for run in runs if run_name(run.manifest.shared) == name] for name in names]
    return [
        two
        for first, second in combinations(by_name, 2)
        for two in product(first, second)
        if _left(two[0]) == _left(two[1])
    ]


def _left(run: Results) -> int:
    """The blocks that a run's layer leaves before the score."""
    return run.manifest.shared["blocks"] - run.manifest.shared["layer"]


def _none() -> pd.DataFrame:
    return pd.DataFrame({name: [] for name in AGREEMENTS})
