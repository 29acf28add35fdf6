"""The same run on Ray Data: one worker a device makes parts under the same names."""

import pickle
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from xsb_core.attribution.attribute import Instructions
from xsb_core.attribution.recipe import Recipe
from xsb_core.corpus.folder import ResultsFolder
from xsb_core.corpus.part import PartMaker
from xsb_core.corpus.plan import reading_of, weights_hash
from xsb_core.encoders.encoder import Encoder
from xsb_core.encoders.loading import load_encoder
from xsb_core.errors import DataError, ModelError
from xsb_core.tables.rows import Row

# The input's rows for the workers, part after part; the suffix has a later run remove it.
ROWS_FILE = "rows.tmp"
MOST_BLOCKS = 1000

ModelState = tuple[str, dict[str, str]]


def make_parts(
    work: Iterable[list[Row]],
    encoder: Encoder,
    recipe: Recipe,
    hows: Instructions,
    folder: ResultsFolder,
) -> Iterator[int]:
    """Makes parts on Ray's workers, which load the encoder by its name.

    The rows go to the workers by a file in the results folder, which they all can read anyway:
    Ray itself sees where in it a part begins, and no process holds more than a part.

    Args:
        work: The rows of each part.
        encoder: The encoder.
        recipe: How to compute.
        hows: How first and second texts are read.
        folder: Where to; on a cluster, on a file system that all nodes share.

    Yields:
        The number of rows of each part that is done.

    Raises:
        DataError: If Ray isn't installed, or a worker can't do its part: it loads another model by
            the encoder's name, say.
    """
    ray = _ray()
    path = folder.path.resolve()
    places = _write(work, path / ROWS_FILE)
    if not places:
        return
    begun = not ray.is_initialized()
    if begun:
        ray.init(log_to_driver=False, logging_level="ERROR")
    ray.data.DataContext.get_current().enable_progress_bars = False
    try:
        resources = ray.cluster_resources()
        gpus = int(resources.get("GPU", 0))
        workers = min(len(places), gpus or int(resources["CPU"]))
        parts = ray.data.from_items(
            [{"place": place} for place in places],
            override_num_blocks=min(len(places), MOST_BLOCKS),
        )
        made = parts.map_batches(
            _Worker,
            fn_constructor_args=(encoder.name, _state(encoder, hows), recipe, hows, path),
            batch_size=1,
            compute=ray.data.ActorPoolStrategy(size=workers),
            num_gpus=1 if gpus else 0,
            num_cpus=1,
        )
        for batch in made.iter_batches(batch_size=1, prefetch_batches=0):
            yield int(batch["rows"][0])
    except ray.exceptions.RayError as error:
        raise _told(error) from error
    finally:
        (path / ROWS_FILE).unlink(missing_ok=True)
        if begun:
            ray.shutdown()


class _Worker:
    """Makes the parts that Ray hands to one device."""

    def __init__(
        self, model: str, own: ModelState, recipe: Recipe, hows: Instructions, folder: Path
    ) -> None:
        encoder = load_encoder(model)
        if _state(encoder, hows) != own:
            raise ModelError(
                f"A worker loads other weights or settings than yours by the name {model}; give a "
                "model that all nodes share, as it is on disk."
            )
        self._rows = folder / ROWS_FILE
        self._maker = PartMaker(encoder, recipe, hows, ResultsFolder(folder))

    def __call__(self, batch: dict[str, np.ndarray]) -> dict[str, Any]:
        """Makes parts; tells how many rows each has."""
        made = []
        with self._rows.open("rb") as file:
            for place in batch["place"].tolist():
                file.seek(place)
                rows = pickle.load(file)  # written by this run's own driver
                self._maker.make(rows)
                made.append(len(rows))
        return {"rows": np.array(made)}


def _state(encoder: Encoder, hows: Instructions) -> ModelState:
    """What must be the same wherever a part is made."""
    return weights_hash(encoder), reading_of(encoder, hows)


def _write(work: Iterable[list[Row]], path: Path) -> list[int]:
    """Writes the rows of each part; where each begins."""
    places = []
    with path.open("wb") as file:
        for rows in work:
            places.append(file.tell())
            pickle.dump(rows, file, pickle.HIGHEST_PROTOCOL)
    return places


def _told(error: Exception) -> DataError:
    """What a worker raised, which stands in the last line of what Ray tells, in a sentence."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    reason = re.sub(r"^[\w.]+: ", "", lines[-1]).rstrip(".")
    return DataError(f"A worker of Ray failed: {reason}.")


def _ray() -> Any:
    try:
        import ray
        import ray.data
    except ImportError as error:
        raise DataError(
            "The engine ray needs Ray, which is not installed; install it with pip install "
            "'xsb-explorer[ray]'."
        ) from error
    return ray
