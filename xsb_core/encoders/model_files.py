"""A model's files that are no weights, in its folder or on the hub."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sentence_transformers.util import load_file_path

from xsb_core.errors import ModelError


@dataclass(frozen=True)
class ModelFiles:
    """A model's files.

    Attributes:
        source: Its folder, or its name on the hub.
        name: What it is called, for errors.
        only_local: Don't ask the hub.
    """

    source: str
    name: str
    only_local: bool

    def path(self, file: str) -> str | None:
        """Where a file is on this machine; None where there is none."""
        return load_file_path(self.source, file, local_files_only=self.only_local)

    def read(self, file: str) -> Any:
        """A JSON file's value; None where there is no such file."""
        path = self.path(file)
        if path is None:
            return None
        try:
            return json.loads(Path(path).read_bytes())
        except ValueError as error:
            raise self.broken(file) from error

    def broken(self, file: str) -> ModelError:
        """The refusal of a file that can't be read."""
        return ModelError(
            f"{self.name} can't be loaded: its {file} is broken; save the model again."
        )


def within(folder: str, name: str) -> str:
    """A file of a module's folder; the first module's is often the model's own."""
    return f"{folder}/{name}" if folder else name
