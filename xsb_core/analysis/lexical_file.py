"""A lexical study as a Parquet file: its tokens, and all else in the schema's metadata."""

import dataclasses
import json
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from xsb_core.analysis.lexical import LexicalStudy
from xsb_core.errors import DataError

_KEY = b"xsb_lexical"
_TOKENS = pa.schema(
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
)


def write_lexical(study: LexicalStudy, path: Path) -> None:
    """Writes a study, whole or not at all."""
    about = {f.name: getattr(study, f.name) for f in dataclasses.fields(study)}
    del about["tokens"]
    schema = _TOKENS.with_metadata({_KEY: json.dumps(about, ensure_ascii=False).encode()})
    table = pa.Table.from_pandas(study.tokens, schema, preserve_index=False)
    unfinished = path.with_suffix(".tmp")
    pq.write_table(table.replace_schema_metadata(schema.metadata), unfinished, compression="zstd")
    unfinished.replace(path)


def read_lexical(path: Path) -> LexicalStudy:
    """Reads what ``write_lexical`` wrote.

    Raises:
        DataError: If the file is not such a study.
    """
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise DataError(
            f"{path} can't be read as Parquet ({type(error).__name__}); give a file that "
            "'python -m xsb_core probe lexical' wrote."
        ) from error
    metadata = table.schema.metadata or {}
    if _KEY not in metadata:
        raise DataError(
            f"{path} is not a lexical study; give a file that 'python -m xsb_core probe lexical' "
            "wrote."
        )
    about = json.loads(metadata[_KEY])
    about["sources"] = tuple(about["sources"])
    tokens = pd.DataFrame({name: table[name].to_pylist() for name in _TOKENS.names})
    return LexicalStudy(**about, tokens=tokens)
