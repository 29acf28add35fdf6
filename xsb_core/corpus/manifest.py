"""What a results folder says of itself: settings, versions, the input."""

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec

from xsb_core.corpus.schema import Shared
from xsb_core.errors import DataError, first_sentence
from xsb_core.tables.columns import Columns
from xsb_core.tables.files import commit
from xsb_core.tables.strict_json import Count, checked, read_json

MANIFEST_FILE = "manifest.json"
FORMAT = 2


@dataclass(frozen=True)
class Manifest:
    """A run's plan, and what became of it.

    Attributes:
        shared: What all results of the run share, by the names of ``Attribution``'s fields.
        weights: A hash of the model's weights.
        prompts: The names of the prompts for the first and the second text.
        reading: What else decides what becomes of a text, by name (see ``reading_of``); None in
            results of earlier versions.
        input: What the pairs were called.
        fingerprint: A hash of the input file; None for iterables.
        encoding: What the file was decoded as.
        columns: The part that each of its columns plays.
        part_rows: Input rows a part.
        started: When the run first began, in UTC.
        finished: When it was last at its end; None before.
        pairs: Pairs attributed by then.
        rejects: Rows that could not be used by then.
    """

    shared: Shared
    weights: str
    prompts: tuple[str | None, str | None]
    input: str
    fingerprint: str | None
    encoding: str
    columns: Columns
    part_rows: Annotated[int, msgspec.Meta(ge=1)]
    started: str
    reading: dict[str, str] | None = None
    finished: str | None = None
    pairs: Count = 0
    rejects: Count = 0

    def differences(self, earlier: "Manifest") -> list[str]:
        """What makes it another run than an earlier one: names of settings with both values."""
        if earlier.reading is None:
            return ["begun by an earlier version, which did not note how the model reads texts"]
        mine, theirs = self._plan(), earlier._plan()  # noqa: SLF001 - its own class
        return [
            f"{name} is {theirs.get(name)} there, {mine[name]} here"
            for name in mine
            if mine[name] != theirs.get(name)
        ]

    def to_json(self) -> str:
        """The manifest as a JSON object."""
        values = {"format": FORMAT} | dataclasses.asdict(self)
        return json.dumps(values, indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: Path | str | bytes, path: Path) -> "Manifest":
        """The manifest that ``to_json`` gave.

        Args:
            text: A JSON object, or the file that holds it.
            path: Where it was found, for errors.

        Raises:
            DataError: If this version can't read it, naming the field that is missing or wrong.
        """
        try:
            values = read_json(text)
            if isinstance(values, dict) and values.get("format", FORMAT) != FORMAT:
                raise DataError(
                    f"it is of format {values['format']}, and this version reads {FORMAT}"
                )
            return checked(values, cls)
        except DataError as error:
            raise _unreadable(path, error) from error

    def save(self, folder: Path) -> None:
        """Writes the manifest into its folder, all of it or nothing."""
        part = folder / f"{MANIFEST_FILE}.part"
        part.write_text(self.to_json(), encoding="utf-8")
        commit(part, folder / MANIFEST_FILE)

    @classmethod
    def load(cls, folder: Path) -> "Manifest":
        """Reads a folder's manifest.

        Raises:
            DataError: If it has none, or one that this version can't read.
        """
        try:
            return cls.from_json(folder / MANIFEST_FILE, folder)
        except FileNotFoundError as error:
            raise DataError(
                f"{folder} holds no results (it has no {MANIFEST_FILE}); give the folder that a "
                "batch run made."
            ) from error
        except OSError as error:
            raise _unreadable(folder, error) from error

    def _plan(self) -> dict[str, Any]:
        versions = {f"version of {name}": own for name, own in self.shared["versions"].items()}
        settings = {name: own for name, own in self.shared.items() if name != "versions"}
        return {
            **settings,
            "the model's weights": self.weights,
            **(self.reading or {}),
            "prompt for A": self.prompts[0],
            "prompt for B": self.prompts[1],
            "the input's content": self.fingerprint,
            "encoding": self.encoding,
            "columns": str(self.columns),
            "rows a part": self.part_rows,
            **versions,
        }


def _unreadable(path: Path, error: Exception) -> DataError:
    return DataError(
        f"The manifest of {path} can't be read ({first_sentence(error)}); run it again into "
        "another folder."
    )
