"""The factors of every distinct text of a run, on disk: memory stays flat."""

import dataclasses
import hashlib
import pickle
import tempfile
from pathlib import Path

from xsb_core.attribution.text_factors import TextFactors
from xsb_core.encoders.instruction import Instruction


class FactorStore:
    """Factors by text and instruction, or why a text has none.

    They lie in a file without a name in the results folder, which vanishes with the process,
    however that ends.
    """

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 (lives as long as this)
        self._places: dict[bytes, int] = {}
        self._shared: TextFactors | None = None

    def __contains__(self, key: bytes) -> bool:
        return key in self._places

    def add(self, key: bytes, found: TextFactors | str) -> None:
        """Keeps a text's factors, or the reason why it has none."""
        if isinstance(found, TextFactors):
            self._shared = found
            token = dataclasses.replace(
                found.token,
                **{
                    name: getattr(found.token, name).cpu()
                    for name in ("factors", "embedding", "reference")
                },
            )
            found = (found.side, token, found.seconds)
        self._places[key] = self._file.seek(0, 2)
        pickle.dump(found, self._file, pickle.HIGHEST_PROTOCOL)

    def get(self, key: bytes) -> TextFactors | str:
        """What was kept for a text."""
        self._file.seek(self._places[key])
        found = pickle.load(self._file)  # written by this process, in a file that no other can open
        if isinstance(found, str):
            return found
        side, token, seconds = found
        return dataclasses.replace(self._shared, side=side, token=token, seconds=seconds)


def text_key(text: str, how: Instruction) -> bytes:
    """What a text is found by: a hash, so that texts themselves need not stay in memory."""
    return hashlib.blake2b(repr((how, text)).encode(), digest_size=16).digest()
