"""Studies as Parquet files: their table, and all else in the schema's metadata."""

import dataclasses
import json
from pathlib import Path
from typing import NamedTuple, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from xsb_core.errors import DataError
from xsb_core.studies.lexical.same_tokens import LexicalStudy
from xsb_core.studies.syntax.relations import SyntaxStudy

Study = TypeVar("Study", LexicalStudy, SyntaxStudy)

_KEY = b"xsb_study"


class _Kind(NamedTuple):
    """What a kind of study is called, its table's field, and the columns of it."""

    name: str
    field: str
    columns: pa.Schema


_KINDS = {
    LexicalStudy: _Kind(
        "lexical",
        "tokens",
        pa.schema(
            [
                ("token", pa.string()),
                ("count", pa.int64()),
                ("mean", pa.float64()),
                ("deviation", pa.float64()),
                ("values", pa.list_(pa.float32())),
                ("sources", pa.list_(pa.int16())),
                ("rows", pa.list_(pa.int64())),
                ("ids", pa.list_(pa.string())),
            ]
        ),
    ),
    SyntaxStudy: _Kind(
        "syntax",
        "links",
        pa.schema(
            [
                ("source", pa.int16()),
                ("row", pa.int64()),
                ("id", pa.string()),
                ("word_a", pa.int16()),
                ("word_b", pa.int16()),
                ("relation", pa.string()),
                ("value", pa.float32()),
            ]
        ),
    ),
}


def save_study(study: LexicalStudy | SyntaxStudy, path: Path) -> None:
    """Writes a study, whole or not at all."""
    kind = _KINDS[type(study)]
    about = {f.name: getattr(study, f.name) for f in dataclasses.fields(study)}
    table = pa.Table.from_pandas(about.pop(kind.field), kind.columns, preserve_index=False)
    about = json.dumps({"kind": kind.name} | about, ensure_ascii=False)
    unfinished = path.with_suffix(".tmp")
    pq.write_table(
        table.replace_schema_metadata({_KEY: about.encode()}), unfinished, compression="zstd"
    )
    unfinished.replace(path)


def load_study(of: type[Study], path: Path) -> Study:
    """Reads what ``save_study`` wrote.

    Args:
        of: The kind of study.
        path: The file.

    Returns:
        The study; values of single cells have float32's precision.

    Raises:
        DataError: If the file is not such a study.
    """
    kind = _KINDS[of]
    wanted = f"give a file that 'python -m xsb_core probe {kind.name}' wrote."
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise DataError(
            f"{path} can't be read as Parquet ({type(error).__name__}); {wanted}"
        ) from error
    about = json.loads((table.schema.metadata or {}).get(_KEY, b"{}"))
    if about.pop("kind", None) != kind.name:
        raise DataError(f"{path} is not a {kind.name} study; {wanted}")
    about["sources"] = tuple(about["sources"])
    return of(**about, **{kind.field: table.to_pandas()})
