"""Parquet as an input: a batch of rows at a time, texts decoded one by one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from xsb_core.errors import DataError
from xsb_core.tables.columns import distinct_names
from xsb_core.tables.rows import LONGEST_CELL, Record
from xsb_core.tables.table import Table, check_width
from xsb_core.tables.text_files import decode

ROWS_AT_ONCE = 100
LARGEST_GROUP = 2**29  # bytes of a row group, unpacked


def read_parquet(path: Path) -> Table:
    """A Parquet file.

    Raises:
        DataError: If it can't be read, or has no rows.
    """
    try:
        with pq.ParquetFile(path) as file:
            schema, total = file.schema_arrow, file.metadata.num_rows
            groups = map(file.metadata.row_group, range(file.metadata.num_row_groups))
            largest = max((group.total_byte_size for group in groups), default=0)
    except OSError as error:
        raise DataError(f"{path} can't be read: {error.strerror or _first_line(error)}.") from error
    except pa.ArrowException as error:
        raise DataError(
            f"{path} is no Parquet file, or only a part of one; export it again, or give a CSV, "
            "TSV or JSON Lines file."
        ) from error
    if largest > LARGEST_GROUP:
        raise DataError(
            f"{path} unpacks to {largest:,} bytes at once, and {LARGEST_GROUP:,} are read; export "
            "it in smaller row groups."
        )
    check_width(path, len(schema))
    if total == 0:
        raise DataError(f"{path} has no rows; expected rows of texts.")
    names = distinct_names(schema.names)
    textual = tuple(_is_text(field.type) for field in schema)
    return Table(names, textual, "UTF-8", lambda: _records(path, names), total)


def _records(path: Path, names: tuple[str, ...]) -> Iterator[Record]:
    number = 0
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(ROWS_AT_ONCE):
                columns = [_values(column) for column in batch.columns]
                for row in zip(*columns, strict=True):
                    number += 1
                    yield Record(number, dict(zip(names, row, strict=True)))
    except (OSError, pa.ArrowException) as error:
        raise DataError(f"{path} is broken after row {number} ({_first_line(error)}).") from error


def _values(column: pa.Array) -> list[Any]:
    if not _is_text(column.type):
        try:
            return column.to_pylist()
        except (OverflowError, ValueError):  # a date beyond Python's, a wrong byte in a list
            return [_value(cell) for cell in column]
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    # Parquet does not promise that its texts are UTF-8: one that isn't costs its row
    binary = column.cast(pa.large_binary())
    if (pc.max(pc.binary_length(binary)).as_py() or 0) > LONGEST_CELL:  # costs its row too
        binary = pc.binary_slice(binary, 0, LONGEST_CELL + 1)
    values = binary.to_pylist()
    return [None if value is None else decode(value) for value in values]


def _value(cell: pa.Scalar) -> Any:
    """A cell of a batch in which not all can be Python's; None for one that can't."""
    try:
        return cell.as_py()
    except (OverflowError, ValueError):
        return None


def _is_text(kind: pa.DataType) -> bool:
    kind = kind.value_type if pa.types.is_dictionary(kind) else kind
    is_kinds = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    return any(is_kind(kind) for is_kind in is_kinds)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0].rstrip(".")
