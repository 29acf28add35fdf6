"""Reading the Parquet files of results: one that is broken is named, and what to do about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from xsb_core.errors import DataError


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Names the file of results that Arrow can't read.

    Raises:
        DataError: In place of Arrow's errors and the system's.
    """
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        raise DataError(
            f"{path} is broken ({type(error).__name__}); make it again: in a results folder, "
            "delete the part and its rejects, and run the same batch into the folder."
        ) from error


def count_rows(path: Path) -> int:
    """How many rows a file holds.

    Raises:
        DataError: If it is broken.
    """
    with reading(path):
        return pq.read_metadata(path).num_rows


def read_rows(path: Path, **options: Any) -> list[dict[str, Any]]:
    """A file's rows as dictionaries.

    Args:
        path: The file.
        **options: Of ``pyarrow.parquet.read_table``.

    Raises:
        DataError: If it is broken.
    """
    with reading(path):
        return pq.read_table(path, **options).to_pylist()
