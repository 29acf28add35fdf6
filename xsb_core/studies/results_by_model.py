"""Several results, sorted by the model that they are of."""

from collections.abc import Iterable
from pathlib import Path

from xsb_core.corpus.results import Results
from xsb_core.tables.files import user_path


def results_by_model(paths: Iterable[str | Path]) -> dict[str, dict[str, Results]]:
    """Opens results, those that are given twice, in whatever spelling, once.

    Args:
        paths: As for ``Results``.

    Returns:
        By model, then by whole path, in the order given.

    Raises:
        DataError: If a path holds no results.
    """
    found: dict[str, dict[str, Results]] = {}
    for path in paths:
        one = Results(path)
        found.setdefault(one.manifest.shared["model"], {})[str(user_path(path).resolve())] = one
    return found
