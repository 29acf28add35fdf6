"""The results folder: parts that are there whole or not at all, by one process at a time."""

import csv
import dataclasses
import fcntl
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from xsb_core.corpus.manifest import MANIFEST_FILE, Manifest
from xsb_core.corpus.part_files import count_rows, read_rows, reading
from xsb_core.corpus.schema import PAIRS, REJECTS, ROWS_HASH
from xsb_core.errors import DataError
from xsb_core.tables.files import commit
from xsb_core.tables.rows import Reject

# The sums of all parts and their rejects, in the form of sha256sum; the last line for a file holds.
CHECKSUMS_FILE = "checksums.sha256"
REJECTS_FILE = "rejects.csv"
_LOCK_FILE = ".lock"
_CHECKSUM = re.compile(r"^([0-9a-f]{64})  (\S+)$", re.MULTILINE)
_PART = re.compile(r"part-(\d+)-(\d+)\.parquet")
# Cells of matrices that are held before they are written.
_CELLS_AT_ONCE = 500_000

RowRange = tuple[int, int]  # input rows: the first, and the one behind the last


class ResultsFolder:
    """A folder of parts, each the pairs of a range of input rows.

    A part is written under another name and renamed when it is whole, its rejects before it, so
    that a run may be killed at any moment and a range be done again without harm.

    Attributes:
        path: Where it is.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Makes the folder, and keeps other processes from writing into it.

        Raises:
            DataError: If it can't be made, another process writes into it, or it is somebody
                else's.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            file = (self.path / _LOCK_FILE).open("w")
        except OSError as error:
            raise DataError(f"{self.path} can't be made a folder: {error.strerror}.") from error
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise DataError(
                    f"Another process is writing into {self.path}; wait for it, or choose another "
                    "folder."
                ) from error
            yield

    def begin(self, manifest: Manifest) -> Manifest:
        """Starts a run, or goes on with the one that the folder holds.

        Args:
            manifest: The run's plan.

        Returns:
            The manifest with the time at which the run first began.

        Raises:
            DataError: If the folder holds a run of other settings, or other things.
        """
        if (self.path / MANIFEST_FILE).exists():
            earlier = Manifest.load(self.path)
            if differences := manifest.differences(earlier):
                raise DataError(
                    f"{self.path} holds a run of other settings ({'; '.join(differences)}); give "
                    "the same settings to resume it, or choose another folder."
                )
            for left in self.path.glob("*.tmp"):  # of parts that were never finished
                left.unlink()
            manifest = dataclasses.replace(earlier, finished=None)
            manifest.save(self.path)
            return manifest
        if any(not path.name.startswith((".", MANIFEST_FILE)) for path in self.path.iterdir()):
            raise DataError(
                f"{self.path} holds other files already; choose an empty or a new folder."
            )
        manifest.save(self.path)
        return manifest

    def ranges(self) -> list[RowRange]:
        """The input rows that are done, in order."""
        found = (_PART.fullmatch(path.name) for path in self.path.iterdir())
        return sorted((int(match[1]), int(match[2])) for match in found if match)

    def part(self, part: RowRange) -> Path:
        """Where the pairs of a range are."""
        return self.path / f"part-{part[0]:09}-{part[1]:09}.parquet"

    def rejects(self, part: RowRange) -> Path:
        """Where the rejects of a range are, if it has any."""
        return self.path / f"rejects-{part[0]:09}-{part[1]:09}.parquet"

    def damaged(self, part: RowRange) -> bool:
        """Whether a finished part, or its rejects, aren't what was written.

        Parts of earlier versions, which took no checksums, are believed.
        """
        try:
            text = (self.path / CHECKSUMS_FILE).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return False
        sums = {name: known for known, name in _CHECKSUM.findall(text)}
        return any(
            path.name in sums and path.exists() and _checksum(path) != sums[path.name]
            for path in (self.part(part), self.rejects(part))
        )

    def _commit(self, unfinished: Path, path: Path) -> None:
        """Notes a whole file's checksum, then gives it its name."""
        with (self.path / CHECKSUMS_FILE).open("a", encoding="utf-8") as file:
            file.write(f"{_checksum(unfinished)}  {path.name}\n")
            file.flush()
            os.fsync(file.fileno())
        commit(unfinished, path)

    def rows_hash(self, part: RowRange) -> bytes:
        """The hash of the input rows that a finished part was made of."""
        path = self.part(part)
        with reading(path):
            return (pq.read_schema(path).metadata or {}).get(ROWS_HASH, b"")

    def rejected(self) -> list[Path]:
        """The files of rejects, in order."""
        return [path for part in self.ranges() if (path := self.rejects(part)).exists()]

    def write(
        self, part: RowRange, rows: Iterable[dict[str, Any] | Reject], rows_hash: bytes
    ) -> None:
        """Writes a part, whole or not at all.

        Args:
            part: The input rows that it stands for.
            rows: What became of each: a row of the schema, or a reject.
            rows_hash: Of those input rows.
        """
        path, rejects = self.part(part), []
        unfinished = path.with_suffix(".tmp")
        schema = PAIRS.with_metadata({ROWS_HASH: rows_hash})
        with pq.ParquetWriter(unfinished, schema, compression="zstd") as writer:
            held, cells = [], 0
            for row in rows:
                if isinstance(row, Reject):
                    rejects.append(row._asdict())
                    continue
                held.append(row)
                cells += len(row["tokens_a"]) * len(row["tokens_b"])
                if cells > _CELLS_AT_ONCE:
                    writer.write_table(pa.Table.from_pylist(held, schema))
                    held, cells = [], 0
            writer.write_table(pa.Table.from_pylist(held, schema))
        if rejects:
            unfinished_rejects = self.rejects(part).with_suffix(".tmp")
            pq.write_table(pa.Table.from_pylist(rejects, REJECTS), unfinished_rejects)
            self._commit(unfinished_rejects, self.rejects(part))
        else:  # those of other rows, whose part was never finished
            self.rejects(part).unlink(missing_ok=True)
        self._commit(unfinished, path)

    def counts(self) -> tuple[int, int]:
        """Pairs and rejects in finished parts."""
        pairs = sum(count_rows(self.part(part)) for part in self.ranges())
        return pairs, sum(map(count_rows, self.rejected()))

    def write_rejects_file(self) -> None:
        """Brings the rejects of all parts into one file to read, if there are any."""
        if not (files := self.rejected()):
            return
        unfinished = self.path / f"{REJECTS_FILE}.tmp"
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, REJECTS.names)
            writer.writeheader()
            for path in files:
                writer.writerows(read_rows(path))
        unfinished.replace(self.path / REJECTS_FILE)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
