"""Runs over a table of pairs: found again by their link, started once, resumed."""

import dataclasses
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

from pages._frame.jobs import Job, find, start
from pages._frame.settings import settings
from pages._frame.uploads import count_as_own, make_room, working_folder, write_whole
from xsb_core import DataError, Encoder, Recipe
from xsb_core.corpus.progress import Advance
from xsb_core.corpus.results import Results
from xsb_core.corpus.run import run_corpus
from xsb_core.tables.files import room_on
from xsb_core.tables.strict_json import Count, checked, read_json

# What a cancelled run loses at most.
PART_ROWS = 8
_KEY = re.compile("[0-9a-f]{16}")


@dataclass(frozen=True)
class Run:
    """What is to be attributed, and how.

    Attributes:
        file: The table.
        columns: Its two columns of texts, and those of instructions, empty for none.
        encoding: What it is decoded as; None goes by its byte order mark.
        limit: Only so many rows.
        model: The model's name.
        layer: Attribution is to the hidden states that enter this block.
        fingerprint: Of the encoder; results of another one can't be gone on with.
        key: What the run is known by.
    """

    file: str
    columns: tuple[str, ...]
    encoding: str | None
    limit: Count
    model: str
    layer: Count
    fingerprint: str

    @property
    def key(self) -> str:
        """A hash of everything; uploads lie in folders named by their content."""
        values = json.dumps(dataclasses.asdict(self), sort_keys=True)
        return hashlib.sha256(values.encode()).hexdigest()[:16]

    @property
    def name(self) -> str:
        """What its owner calls the table."""
        return Path(self.file).name

    @property
    def folder(self) -> Path:
        """Where its results are."""
        return _folder(self.key) / "results"

    @property
    def job(self) -> Job | None:
        """The work on it, if this server has begun any."""
        return find(self.key)

    def results(self) -> Results | None:
        """What is finished so far; None before the first part."""
        try:
            found = Results(self.folder)
        except DataError:
            return None
        return found if len(found) or found.manifest.finished else None

    def start(self, encoder: Encoder) -> Job:
        """Starts or resumes it; one that is under way is left alone.

        Raises:
            DataError: If the table is no longer there.
        """
        folder = _folder(self.key)
        try:
            coming = Path(self.file).stat().st_size
        except FileNotFoundError:
            coming = 0
        if not folder.exists():
            count_as_own(folder, coming, settings().own_runs_mb)
            make_room(folder.parent, coming, settings().runs_mb, _busy)
        with room_on(folder, "nothing of it is lost; go on"):
            self._prepare(folder)

        def work(job: Job) -> None:
            summary = run_corpus(
                encoder,
                folder / self.name,
                self.folder,
                Recipe(layer=self.layer),
                columns=self.columns,
                encoding=self.encoding,
                limit=self.limit,
                part_rows=PART_ROWS,
                progress=lambda advance: _tell(job, advance),
            )
            if summary.damaged:
                job.said = (
                    f"{summary.damaged} parts of the run were damaged on this server's disk; they "
                    "were made again."
                )

        kept = "What is finished is kept, and the run's link goes on from there."
        return start(self.key, f"Attributing {self.name}", work, kept)

    def _prepare(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        # a copy: the upload may be removed while the work waits
        table = folder / self.name
        if not table.exists():
            try:
                write_whole(table, Path(self.file).read_bytes())
            except FileNotFoundError as error:
                raise DataError(
                    f"{self.name} is no longer on this server; upload it again."
                ) from error
        write_whole(folder / "run.json", json.dumps(dataclasses.asdict(self)).encode())


def find_run(key: str) -> Run:
    """The run that a link names.

    Raises:
        DataError: If this server does not know it, or no longer.
    """
    try:
        if not _KEY.fullmatch(key):
            raise FileNotFoundError
        return checked(read_json(_folder(key) / "run.json"), Run)
    except FileNotFoundError as error:
        raise DataError(
            "This server does not have the results that the link names, or no longer; upload the "
            "file again."
        ) from error
    except DataError as error:  # another version has other fields
        raise DataError(
            f"This server can't read the run that the link names ({error}); upload the file again."
        ) from error


def _folder(key: str) -> Path:
    return working_folder() / "runs" / key


def _busy(key: str) -> bool:
    job = find(key)
    return job is not None and job.active


def _tell(job: Job, advance: Advance) -> None:
    """Tells a job how far its run is."""
    total = advance.total or 1
    speed = f", {advance.speed}" if advance.speed else ""
    note = f"{advance.done:,} of {total:,} pairs{speed}"
    job.tell(advance.done / total, note, new=advance.rate is not None)
