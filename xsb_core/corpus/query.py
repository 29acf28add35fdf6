"""SQL over a results folder, by DuckDB: the views ``pairs`` and ``rejects``."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa

from xsb_core.corpus.folder import ResultsFolder
from xsb_core.corpus.manifest import Manifest
from xsb_core.corpus.schema import PAIRS, REJECTS
from xsb_core.errors import DataError
from xsb_core.tables.columns import distinct_names
from xsb_core.tables.files import user_path

ROWS_AT_ONCE = 1000


class Answer(NamedTuple):
    """What a query gives.

    Attributes:
        names: Of its columns; one that comes again gets a number.
        rows: A stream; structs are dictionaries and lists are lists.
    """

    names: tuple[str, ...]
    rows: Iterator[tuple[Any, ...]]


def query(folder: str | Path, sql: str) -> Answer:
    """Asks a results folder, also while a run is still writing into it.

    Args:
        folder: What a batch run made.
        sql: A statement of DuckDB's SQL, on the user's own machine: it may write files too.

    Returns:
        The answer.

    Raises:
        DataError: If the folder holds no results, or DuckDB doesn't take the statement.
    """
    path = user_path(folder)
    Manifest.load(path)  # refuses other folders
    results = ResultsFolder(path)
    parts = results.ranges()
    connection = duckdb.connect()
    with _asking():
        _view(connection, "pairs", [results.part(part) for part in parts], PAIRS)
        _view(connection, "rejects", results.rejected(), REJECTS)
        answer = connection.execute(sql)
    if answer is None:
        raise DataError("The query is empty; give a statement such as SELECT id, score FROM pairs.")
    return Answer(distinct_names([column[0] for column in answer.description]), _rows(answer))


@contextmanager
def _asking() -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        raise DataError(
            f"DuckDB does not take this query: {' '.join(str(error).split())}"
        ) from error


def _view(
    connection: duckdb.DuckDBPyConnection, name: str, files: list[Path], schema: pa.Schema
) -> None:
    if not files:
        connection.register(name, schema.empty_table())
        return
    listed = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
    connection.execute(
        f"CREATE VIEW {name} AS SELECT * FROM read_parquet([{listed}], union_by_name = true)"
    )


def _rows(answer: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    with _asking():  # what is computed as it is fetched may still fail
        while rows := answer.fetchmany(ROWS_AT_ONCE):
            yield from rows
