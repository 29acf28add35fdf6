"""The columns of a results folder's Parquet parts; docs/corpus.md tells what they mean.

They bear the names of ``Attribution.to_dict``, without what all pairs of a run share: that is in
the manifest.
"""

import hashlib
from collections.abc import Iterable
from typing import Any, NotRequired, TypedDict

import pyarrow as pa

from xsb_core.attribution.result import FORMAT, Attribution, Cosine, Kind, Rule, Similarity
from xsb_core.encoders.tokens import UNKNOWN_MARK
from xsb_core.tables.rows import Pair, Row
from xsb_core.tables.strict_json import Count, Size

# Hash of the input rows that a part was made of, in its schema's metadata.
ROWS_HASH = b"xsb_rows"


class Shared(TypedDict):
    """What the manifest holds once for all pairs, as ``Attribution`` does for each."""

    model: str
    revision: str | None
    layer: Count
    blocks: Count
    shifted: bool
    similarity: Similarity
    cosine: Cosine | None
    quadrature: Rule
    tolerance: Size
    steps: Count | None
    # not in results of earlier versions
    work_limit: NotRequired[Count]
    kind: NotRequired[Kind]
    stored: NotRequired[str | None]
    notes: NotRequired[tuple[str, ...]]
    task_a: NotRequired[str | None]
    task_b: NotRequired[str | None]
    dtype: str
    versions: dict[str, str]


_REFERENCE_TERMS = pa.struct([(name, pa.float64()) for name in ("a_rb", "b_ra", "ra_rb")])
_TERM = pa.struct(
    [("term", pa.string()), ("value", pa.float64()), ("row", pa.int32()), ("column", pa.int32())]
)


def _of_each_side(suffix: str) -> list[tuple[str, pa.DataType]]:
    return [
        (f"text_{suffix}", pa.string()),
        (f"prompt_{suffix}", pa.string()),
        (f"read_{suffix}", pa.int32()),
        (f"tokens_{suffix}", pa.list_(pa.string())),
        (f"pieces_{suffix}", pa.list_(pa.string())),
        (f"spans_{suffix}", pa.list_(pa.list_(pa.int32()))),
        (f"special_{suffix}", pa.list_(pa.bool_())),
        (f"shares_{suffix}", pa.list_(pa.float32())),
        (f"scored_{suffix}", pa.list_(pa.bool_())),
        (f"border_{suffix}", pa.list_(pa.float32())),
        (f"sum_border_{suffix}", pa.float64()),
        (f"residual_{suffix}", pa.float64()),
        (f"nodes_{suffix}", pa.int32()),
        (f"error_{suffix}", pa.float64()),
        (f"panels_{suffix}", pa.int32()),
        (f"work_{suffix}", pa.int64()),
        (f"needed_{suffix}", pa.int64()),
    ]


PAIRS = pa.schema(
    [
        ("row", pa.int64()),
        ("id", pa.string()),
        ("score", pa.float64()),
        *_of_each_side("a"),
        *_of_each_side("b"),
        ("matrix", pa.list_(pa.list_(pa.float32()))),
        ("sum_matrix", pa.float64()),
        ("corner", pa.float64()),
        ("reference_terms", _REFERENCE_TERMS),
        ("terms", pa.list_(_TERM)),
        ("cell_error", pa.float64()),
        ("converged", pa.bool_()),
        ("device", pa.string()),
        ("seconds", pa.float64()),
        ("extra", pa.string()),
    ]
)
# Columns that results of earlier versions lack.
LATER = frozenset({"shares_a", "shares_b", "scored_a", "scored_b", "terms"})
REJECTS = pa.schema([("row", pa.int64()), ("line", pa.int64()), ("reason", pa.string())])


def row_of(pair: Pair, result: Attribution) -> dict[str, Any]:
    """A pair's row in a part."""
    values = result.to_dict() | {"row": pair.row, "id": pair.id, "extra": pair.extra}
    return {name: values[name] for name in PAIRS.names}


def attribution_of(row: dict[str, Any], shared: Shared) -> Attribution:
    """A pair's attribution, from its row and what the manifest holds for all pairs."""
    unknown = {  # no column of its own: the labels tell
        f"unknown_{side}": [
            token.endswith(UNKNOWN_MARK) and token != UNKNOWN_MARK
            for token in row[f"tokens_{side}"]
        ]
        for side in "ab"
    }
    known = {name: value for name, value in row.items() if name not in LATER or value is not None}
    return Attribution.from_dict({"format": FORMAT, "words": None, **shared, **known, **unknown})


def rows_hash(rows: Iterable[Row]) -> bytes:
    """A short hash of input rows, to see that a run goes on with the rows it began with."""
    digest = hashlib.sha256()
    for row in rows:
        # without instructions the hash is that of earlier versions
        values = (*row[:-1], *row.prompts) if isinstance(row, Pair) else tuple(row)
        digest.update(repr(values).encode())
    return digest.hexdigest()[:32].encode()
