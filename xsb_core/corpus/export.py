"""Results as single files: a table to read, JSON Lines, and a Parquet file that opens again."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from jaxtyping import Float

from xsb_core.attribution.result import net_cells
from xsb_core.corpus.results import Results
from xsb_core.corpus.results_file import MANIFEST
from xsb_core.corpus.schema import LATER, PAIRS

_SUMMED_UP = [
    *("row", "id", "text_a", "text_b", "prompt_a", "prompt_b", "score", "reference_terms"),
    *("sum_matrix", "terms"),
    *("residual_a", "residual_b", "nodes_a", "nodes_b", "converged"),
    *("tokens_a", "tokens_b", "special_a", "special_b", "matrix", "extra"),
    *("border_a", "border_b", "corner", "shares_a", "shares_b"),
]


def summary_table(results: Results) -> pd.DataFrame:
    """One row a pair, without the matrices.

    Args:
        results: What a run has finished.

    Returns:
        Columns row, id, text_a, text_b, prompt_a and prompt_b (what stood before them), score,
        a_rb, b_ra, ra_rb (the reference terms), sum_matrix, residual (the larger of the two
        texts'), nodes, converged, strongest_a and strongest_b (the tokens of the largest net cell
        by magnitude, special tokens left aside), strongest (its value), terms (a sparse model's
        shared terms and their products, the largest first, JSON; None without any), extra (the
        input's other columns, JSON).

    Examples:
        >>> summary_table(Results("results"))["text_a"].tolist()
        ['He sat on the bank.', 'A dog.']
    """
    return pd.DataFrame.from_records(
        [_summary(row) for row in results.rows(_SUMMED_UP)], columns=_COLUMNS
    )


_COLUMNS = [
    *("row", "id", "text_a", "text_b", "prompt_a", "prompt_b", "score", "a_rb", "b_ra", "ra_rb"),
    *("sum_matrix", "residual", "nodes", "converged", "strongest_a", "strongest_b", "strongest"),
    *("terms", "extra"),
]


def _summary(row: dict[str, Any]) -> dict[str, Any]:
    matrix, border_a, border_b = (
        np.array(row[name], dtype=np.float64) for name in ("matrix", "border_a", "border_b")
    )
    shares = []
    for side in "ab":
        count = len(row[f"tokens_{side}"])
        kept = row.pop(f"shares_{side}", None)  # results of an earlier version have none
        shares.append(np.array(kept or [1 / count] * count, dtype=np.float64))
    net = net_cells(matrix, border_a, border_b, row["corner"], *shares)
    special = (np.array(row["special_a"]), np.array(row["special_b"]))
    token_a, token_b, value = _strongest(net, *special, row["tokens_a"], row["tokens_b"])
    terms = {term["term"]: term["value"] for term in row.pop("terms", None) or ()}
    derived = {
        "terms": json.dumps(terms, ensure_ascii=False) if terms else None,
        "residual": max(row["residual_a"], row["residual_b"]),
        "nodes": max(row["nodes_a"], row["nodes_b"]),
        "strongest_a": token_a,
        "strongest_b": token_b,
        "strongest": value,
    }
    values = row | row["reference_terms"] | derived
    return {name: values[name] for name in _COLUMNS}


def _strongest(
    matrix: Float[np.ndarray, "a b"],
    special_a: np.ndarray,
    special_b: np.ndarray,
    tokens_a: list[str],
    tokens_b: list[str],
) -> tuple[str, str, float]:
    sizes = np.where(special_a[:, None] | special_b[None, :], -1.0, np.abs(matrix))
    i, j = np.unravel_index(np.argmax(sizes), sizes.shape)
    return tokens_a[i], tokens_b[j], float(matrix[i, j])


def json_lines(results: Results) -> Iterator[str]:
    """Every pair as a line of JSON, its settings with it.

    Args:
        results: What a run has finished.

    Yields:
        Lines with their ends.

    Examples:
        >>> [line[:9] for line in json_lines(Results("results"))]
        ['{"model":', '{"model":']
    """
    for row in results.rows():
        whole = results.manifest.shared | row
        yield json.dumps(whole, ensure_ascii=False, allow_nan=False, default=str) + "\n"


def write_parquet(results: Results, path: Path) -> None:
    """Brings a results folder into one Parquet file, which ``Results`` opens again.

    Args:
        results: What a run has finished.
        path: The file to write.

    Examples:
        >>> write_parquet(Results("results"), Path("results.parquet"))
        >>> len(Results("results.parquet"))
        2
    """
    schema = PAIRS.with_metadata({MANIFEST: results.manifest.to_json().encode()})
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in results.batches():
            table = pa.Table.from_batches([batch])
            for name in LATER.difference(table.schema.names):  # parts of an earlier version
                table = table.append_column(
                    schema.field(name), pa.nulls(len(table), schema.field(name).type)
                )
            writer.write_table(table.select(schema.names).cast(schema))
