"""A run's results as one Parquet file, with the manifest in its schema's metadata."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from xsb_core.corpus.folder import RowRange
from xsb_core.corpus.manifest import Manifest
from xsb_core.corpus.part_files import count_rows, read_rows
from xsb_core.corpus.schema import LATER, PAIRS
from xsb_core.errors import DataError

MANIFEST = b"xsb_manifest"


class ResultsFile:
    """A file that ``write_parquet`` made, read as a folder of one part.

    Attributes:
        path: Where it is.
        manifest: Settings, versions, input.
    """

    def __init__(self, path: Path) -> None:
        """Opens a file.

        Raises:
            DataError: If it holds no results.
        """
        self.path = path
        try:
            schema = pq.read_schema(path)
        except pa.ArrowInvalid as error:
            raise DataError(
                f"{path} is no Parquet file, or only a part of one; give the file that was made of "
                "a batch run, or its folder."
            ) from error
        except OSError as error:
            raise DataError(
                f"{path} can't be read ({type(error).__name__}); give a folder that a batch run "
                "made, or the Parquet file that was made of it."
            ) from error
        values = (schema.metadata or {}).get(MANIFEST)
        if values is None:
            raise DataError(
                f"{path} is a Parquet file, but no results; give the one that was made of a batch "
                "run, or its folder."
            )
        names, expected = {*schema.names}, {*PAIRS.names}
        if others := (expected - LATER - names) | (names - expected):
            raise DataError(
                f"{path} is of another version, which differs in {', '.join(sorted(others))}; "
                "attribute its pairs again."
            )
        if wrong := [own.name for own in schema if own.type != PAIRS.field(own.name).type]:
            raise DataError(
                f"{path} holds other types than results do in {', '.join(wrong)}; attribute its "
                "pairs again."
            )
        self.manifest = Manifest.from_json(values, path)

    def ranges(self) -> list[RowRange]:
        """The input rows that are done."""
        rows = read_rows(self.path, columns=["row"])
        return [(rows[0]["row"], rows[-1]["row"] + 1)] if rows else []

    def part(self, _: RowRange) -> Path:
        """Where the pairs of a range are."""
        return self.path

    def rejected(self) -> list[Path]:
        """Files of rejects: a single file carries none."""
        return []

    def counts(self) -> tuple[int, int]:
        """Pairs in the file, and rejects of the run."""
        return count_rows(self.path), self.manifest.rejects
