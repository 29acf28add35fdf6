"""Batch runs side by side: their names, whether they fit together, and figures of every pair."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from xsb_core.attribution.cosine import usual_cosine
from xsb_core.corpus.results import Results
from xsb_core.corpus.schema import Shared
from xsb_core.errors import DataError

MEASURES = [
    *("id", "run", "model", "layer", "cosine", "blocks", "shifted", "similarity"),
    *("score", "a_rb", "b_ra", "ra_rb", "positive", "negative", "residual", "cells"),
]
_OF_A_LAYER = ("quadrature", "steps", "tolerance")
_COLUMNS = ["row", "id", "score", "reference_terms", "matrix", "residual_a", "residual_b"]


def run_name(shared: Shared) -> str:
    """A run by its model, and by its cosine treatment where that is not the model's default."""
    model, cosine = shared["model"], shared["cosine"]
    return (
        model
        if cosine in (None, usual_cosine(shifted=shared["shifted"]))
        else f"{model} ({cosine})"
    )


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


def check_runs(runs: Sequence[Results], key: str) -> None:
    """Refuses runs whose figures can't stand side by side.

    Args:
        runs: Results of some runs.
        key: The column that names pairs, from ``keys_of``.

    Raises:
        DataError: If a pair of one name has other texts in another run, or if a model has other
            weights or prompts in another run, or other settings in another run at its layer.
    """
    settings: dict[tuple, dict[str, Any]] = {}
    texts: dict[str, tuple[int, Results]] = {}
    for run in runs:
        _check_settings(run, settings)
        for row in run.rows([key, "text_a", "text_b"]):
            own = hash((row["text_a"], row["text_b"]))
            known, earlier = texts.setdefault(str(row[key]), (own, run))
            if known != own:
                raise DataError(
                    f"Pair {row[key]} has other texts in {_called(run)} than in "
                    f"{_called(earlier)}; give runs over one file of pairs."
                )


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


def _check_settings(run: Results, known: dict[tuple, dict[str, Any]]) -> None:
    manifest, shared = run.manifest, run.manifest.shared
    of_model = {"weights": manifest.weights, "prompts": manifest.prompts}
    of_layer = {name: shared[name] for name in _OF_A_LAYER}
    for kind, own in (
        ((shared["model"],), of_model),
        ((run_name(shared), shared["layer"]), of_layer),
    ):
        earlier = known.setdefault(kind, own)
        for name, value in own.items():
            if earlier[name] != value:
                raise DataError(
                    f"{_called(run)} differs from an earlier run of {kind[0]} in {name} "
                    f"({earlier[name]} there, {value} here), and both can't stand under one name; "
                    "give one of them."
                )


def _called(run: Results) -> str:
    shared = run.manifest.shared
    return f"{run_name(shared)}, layer {shared['layer']} (of {run.manifest.input})"
