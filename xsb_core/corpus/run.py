"""A run over a table of pairs: from rows to a folder of results, resumable at any moment."""

import dataclasses
import time
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from xsb_core.attribution.recipe import Recipe
from xsb_core.corpus.folder import ResultsFolder, RowRange
from xsb_core.corpus.part import PartMaker
from xsb_core.corpus.plan import plan
from xsb_core.corpus.progress import Reporter, Watch
from xsb_core.corpus.schema import rows_hash
from xsb_core.encoders.encoder import Encoder
from xsb_core.errors import DataError, TextError
from xsb_core.tables.files import room_on, user_path
from xsb_core.tables.reading import PairSource, open_pairs
from xsb_core.tables.rows import Row

# What a kill costs at most.
PART_ROWS = 500
ENGINES = ("local", "ray")


class Summary(NamedTuple):
    """What became of a run.

    Attributes:
        folder: Where the results are.
        pairs: Pairs attributed, earlier runs' included.
        rejects: Rows that could not be used, likewise.
        new: Rows that this run did.
        seconds: Wall-clock time that it took.
        damaged: Finished parts whose checksums were wrong, which it made again.
    """

    folder: Path
    pairs: int
    rejects: int
    new: int
    seconds: float
    damaged: int = 0


def run_corpus(
    encoder: Encoder,
    source: str | Path | Iterable[Any] | PairSource,
    out: str | Path,
    recipe: Recipe = Recipe(),
    *,
    prompt_a: str | None = None,
    prompt_b: str | None = None,
    task_a: str | None = None,
    task_b: str | None = None,
    columns: Sequence[str] | None = None,
    encoding: str | None = None,
    limit: int | None = None,
    engine: str = "local",
    part_rows: int = PART_ROWS,
    progress: Watch | None = None,
) -> Summary:
    """Attributes all pairs of a table, each distinct text once, into a folder.

    Args:
        encoder: From ``load_encoder``.
        source: What ``open_pairs`` takes, or what it gave.
        out: The folder to make; a run that it holds, killed or not, is gone on with.
        recipe: How to compute.
        prompt_a: As for ``attribute``; a row's own, from the table, goes before it.
        prompt_b: As for ``attribute``.
        task_a: As for ``attribute``.
        task_b: As for ``attribute``.
        columns: As for ``open_pairs``.
        encoding: As for ``open_pairs``.
        limit: Only so many rows; a later run may go further.
        engine: "local", or "ray" for Ray's workers, which load the encoder by its name.
        part_rows: Input rows a part: what a kill costs at most.
        progress: Told how far the run is; what it raises ends the run, which can be resumed.

    Returns:
        How many pairs and rejects the folder now holds.

    Raises:
        DataError: If the source can't be read, or the folder holds a run of other settings.
        LayerError: For a layer that the model does not have.
        ModelError: For a model that can't be explained, or without the prompt or task.
        ValueError: For settings that don't fit.

    Examples:
        >>> recipe = Recipe(layer=5)
        >>> summary = run_corpus(encoder, pairs, "results", recipe)  # what is finished is kept
        >>> summary.pairs, summary.rejects
        (2, 0)
    """
    if engine not in ENGINES:
        raise ValueError(f"The engine is {' or '.join(ENGINES)}, not {engine!r}.")
    for name, rows in (("limit", limit), ("part_rows", part_rows)):
        if rows is not None and rows < 1:
            raise ValueError(f"{name} is a number of rows from 1; got {rows}.")
    start = time.perf_counter()
    recipe = recipe.resolved(encoder)
    assert recipe.layer is not None  # it is resolved
    prompts = (prompt_a, prompt_b)
    hows = encoder.instructions(prompts, (task_a, task_b))
    for how in hows:  # refuses wrong layers, writes nothing
        with suppress(TextError):  # where a prompt leaves no room, each text says so
            encoder.read("reference", how).text.hidden(recipe.layer)
    if not isinstance(source, PairSource):
        source = open_pairs(source, columns=columns, encoding=encoding)
    folder = ResultsFolder(user_path(out))
    with (
        folder.locked(),
        room_on(folder.path, "what is finished is kept; run it again"),
    ):
        manifest = folder.begin(plan(encoder, recipe, source, prompts, hows, part_rows, _now()))
        known = [count for count in (source.total, limit) if count is not None]
        reporter = Reporter(progress, min(known, default=None))
        reporter.tell(0.0)
        damaged: list[RowRange] = []
        rows = islice(source.rows(), limit)
        work = _open_parts(rows, folder, part_rows, limit, reporter, damaged)
        new = 0
        if engine == "ray":
            from xsb_core.corpus.ray_engine import make_parts

            made = make_parts(work, encoder, recipe, hows, folder)
        else:
            made = _make_parts(work, PartMaker(encoder, recipe, hows, folder), reporter)
        for rows in made:
            new += rows
            reporter.finish(rows)
        pairs, rejects = folder.counts()
        folder.write_rejects_file()
        dataclasses.replace(manifest, finished=_now(), pairs=pairs, rejects=rejects).save(
            folder.path
        )
    return Summary(folder.path, pairs, rejects, new, time.perf_counter() - start, len(damaged))


def _make_parts(work: Iterable[list[Row]], maker: PartMaker, reporter: Reporter) -> Iterator[int]:
    """Makes parts in this process; yields the rows of each."""
    for rows in work:
        count = len(rows)
        maker.make(rows, lambda share, count=count: reporter.tell(share * count))
        yield count


def _open_parts(
    rows: Iterator[Row],
    folder: ResultsFolder,
    part_rows: int,
    limit: int | None,
    reporter: Reporter,
    damaged: list[RowRange],
) -> Iterator[list[Row]]:
    """The rows of each part that the folder lacks; those that it has are checked and passed over.

    Parts whose checksums are wrong are noted, and made again.

    Raises:
        DataError: If the rows are not those that the folder's parts were made of.
    """
    finished = dict(folder.ranges())
    for chunk in _chunks(rows, sorted(finished.items()), part_rows):
        start, stop = chunk[0].row, chunk[-1].row + 1
        if start not in finished:
            yield chunk
            continue
        if stop == finished[start] and folder.damaged((start, stop)):
            damaged.append((start, stop))
            yield chunk
            continue
        if stop < finished[start]:
            same = stop == limit  # the part's hash is of more rows: these can't be checked
        else:
            same = folder.rows_hash((start, stop)) == rows_hash(chunk)
        if not same:
            raise DataError(
                f"Rows {start} to {stop - 1} are not those that {folder.path} was begun with; "
                "give the same pairs in the same order to resume it, or choose another folder."
            )
        reporter.skip(len(chunk))


def _chunks(rows: Iterator[Row], finished: list[RowRange], part_rows: int) -> Iterator[list[Row]]:
    """Cuts rows at the borders of finished parts, and elsewhere after ``part_rows``."""
    stops, starts = dict(finished), [start for start, _ in finished]
    chunk: list[Row] = []
    stop = 0
    for row in rows:
        if not chunk:
            later = bisect_right(starts, row.row)
            stop = stops.get(row.row, min([row.row + part_rows, *starts[later : later + 1]]))
        chunk.append(row)
        if row.row + 1 == stop:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
