"""Reading a results folder back, also while a run is still writing into it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from xsb_core.corpus.folder import ResultsFolder
from xsb_core.corpus.manifest import Manifest
from xsb_core.corpus.schema import attribution_of
from xsb_core.errors import DataError
from xsb_core.result import Attribution

ROWS_AT_ONCE = 64


class Results:
    """What a run has finished so far.

    Attributes:
        manifest: Settings, versions, input.
    """

    def __init__(self, folder: str | Path) -> None:
        """Opens a folder.

        Raises:
            DataError: If it holds no results.
        """
        path = Path(folder).expanduser()
        self.manifest = Manifest.load(path)
        self._folder = ResultsFolder(path)

    def __len__(self) -> int:
        return self._folder.counts()[0]

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
        for part in self._folder.ranges():
            with pq.ParquetFile(self._folder.part(part)) as file:
                for batch in file.iter_batches(ROWS_AT_ONCE, columns=columns):
                    yield from batch.to_pylist()

    def rejects(self) -> Iterator[dict[str, Any]]:
        """The rows that could not be used: row, line, reason."""
        for part in self._folder.ranges():
            if (path := self._folder.rejects(part)).exists():
                yield from pq.read_table(path).to_pylist()

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
        for start, stop in self._folder.ranges():
            if start <= row < stop:
                path = self._folder.part((start, stop))
                for found in pq.read_table(path, filters=[("row", "=", row)]).to_pylist():
                    return attribution_of(found, self.manifest.shared)
        raise DataError(
            f"Row {row} is not among the results; it was rejected, is not done yet, or never was."
        )
