"""Reading results back, a folder's also while a run is still writing into it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from xsb_core.attribution.result import Attribution
from xsb_core.corpus.folder import ResultsFolder
from xsb_core.corpus.manifest import Manifest
from xsb_core.corpus.part_files import read_rows, reading
from xsb_core.corpus.results_file import ResultsFile
from xsb_core.corpus.schema import attribution_of
from xsb_core.errors import DataError
from xsb_core.tables.files import user_path

ROWS_AT_ONCE = 64


class Results:
    """What a run has finished so far; a single file has no rejects.

    Attributes:
        manifest: Settings, versions, input.

    Examples:
        >>> results = Results("results")
        >>> len(results), results.pair(1).a.tokens
        (2, ('[CLS]', 'A', 'dog', '.', '[SEP]'))
    """

    def __init__(self, path: str | Path) -> None:
        """Opens results.

        Args:
            path: The folder of a run, or the single Parquet file that ``write_parquet`` made of it.

        Raises:
            DataError: If it holds no results.
        """
        path = user_path(path)
        if path.is_file():
            self._store = ResultsFile(path)
            self.manifest = self._store.manifest
        else:
            self._store = ResultsFolder(path)
            self.manifest = Manifest.load(path)

    def __len__(self) -> int:
        return self._store.counts()[0]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """All pairs, in the input's order, as rows of the schema."""
        return self.rows()

    def rows(self, columns: list[str] | None = None) -> Iterator[dict[str, Any]]:
        """All pairs, in the input's order.

        Args:
            columns: Which columns of the schema to read; None reads all.

        Yields:
            One dictionary a pair.
        """
        for batch in self.batches(columns):
            yield from batch.to_pylist()

    def batches(self, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
        """The same as Arrow's batches of a few rows."""
        for part in self._store.ranges():
            path = self._store.part(part)
            with reading(path), pq.ParquetFile(path) as file:
                yield from file.iter_batches(ROWS_AT_ONCE, columns=columns)

    def rejects(self) -> Iterator[dict[str, Any]]:
        """The rows that could not be used: row, line, reason."""
        for path in self._store.rejected():
            yield from read_rows(path)

    def attributions(self) -> Iterator[tuple[int, Attribution]]:
        """All pairs, in the input's order, with their row numbers, as ``attribute`` gives them."""
        for row in self.rows():
            yield row["row"], attribution_of(row, self.manifest.shared)

    def pair(self, row: int) -> Attribution:
        """One pair as ``attribute`` gives it.

        Args:
            row: Its number among the input's rows, from 0.

        Returns:
            The attribution; cells and borders have float32's precision.

        Raises:
            DataError: If there is no such pair, or not yet.
        """
        for start, stop in self._store.ranges():
            if start <= row < stop:
                path = self._store.part((start, stop))
                for found in read_rows(path, filters=[("row", "=", row)]):
                    return attribution_of(found, self.manifest.shared)
        raise DataError(
            f"Row {row} is not among the results; it was rejected, is not done yet, or never was."
        )
