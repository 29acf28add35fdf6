"""Whether runs are about the same pairs, and each name stands for one kind of run."""

from collections.abc import Sequence
from typing import Any

from xsb_core.corpus.results import Results
from xsb_core.errors import DataError
from xsb_core.studies.references.measures import run_name

_OF_A_LAYER = ("quadrature", "steps", "tolerance")


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
