"""What is measured of every pair of a run: figures only, no texts and no matrices."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from xsb_core.attribution.text_factors import usual_cosine
from xsb_core.corpus.results import Results
from xsb_core.errors import DataError

MEASURES = [
    *("id", "run", "model", "layer", "cosine", "blocks", "shifted", "similarity"),
    *("score", "a_rb", "b_ra", "ra_rb", "positive", "negative", "residual", "cells"),
]
_COLUMNS = ["row", "id", "score", "reference_terms", "matrix", "residual_a", "residual_b"]


def run_name(shared: dict[str, Any]) -> str:
    """A run by its model, and by its cosine treatment where that is not the model's default."""
    model, cosine = shared["model"], shared["cosine"]
    return model if cosine in (None, usual_cosine(shared["shifted"])) else f"{model} ({cosine})"


def keys_of(*runs: Results) -> str:
    """The column that tells the pairs of runs apart and matches them.

    Returns:
        "id", the name that the input gives a pair (its row number without one); or "row" where
        an id comes twice in a run.
    """
    for run in runs:
        ids = [row["id"] for row in run.rows(["id"])]
        if len(set(ids)) < len(ids):
            return "row"
    return "id"


def pair_measures(results: Results, key: str) -> pd.DataFrame:
    """Measures every pair of a run.

    Args:
        results: A run's results.
        key: The column that names pairs, from ``keys_of``.

    Returns:
        One row a pair: ``id`` (text), the run's ``run``, ``model``, ``layer``, ``cosine`` ("none"
        for dot product), ``blocks``, ``shifted`` and ``similarity``; the ``score`` f(a, b); the
        reference terms ``a_rb``, ``b_ra`` and ``ra_rb``; the sums of ``positive`` and of
        ``negative`` cells; the larger ``residual`` of both texts; the number of ``cells``.

    Raises:
        DataError: If there is no pair.
    """
    shared = results.manifest.shared
    table = pd.DataFrame(list(_measured(results, key)))
    if table.empty:
        raise DataError(_why_empty(results))
    for name in ("model", "layer", "blocks", "shifted", "similarity"):
        table[name] = shared[name]
    table["cosine"] = shared["cosine"] or "none"
    table["run"] = run_name(shared)
    return table[MEASURES]


def _why_empty(results: Results) -> str:
    manifest = results.manifest
    if not manifest.rejects:
        return (
            f"The results of {manifest.input} hold no pairs yet; wait for the run, or give another "
            "one."
        )
    first = next(results.rejects(), None)
    reason = f", the first row because {first['reason']}" if first else ""
    return (
        f"The results of {manifest.input} hold no pairs: all {manifest.rejects:,} rows were "
        f"rejected{reason}; mend the table and run it anew."
    )


def _measured(results: Results, key: str) -> Iterator[dict[str, Any]]:
    for row in results.rows(_COLUMNS):
        cells = np.concatenate(row["matrix"])
        yield row["reference_terms"] | {
            "id": str(row[key]),
            "score": row["score"],
            "positive": cells[cells > 0].sum(),
            "negative": cells[cells < 0].sum(),
            "residual": max(row["residual_a"], row["residual_b"]),
            "cells": len(cells),
        }
