"""Files that are there whole or not at all, whatever happens to the machine."""

import os
from pathlib import Path


def commit(unfinished: Path, path: Path) -> None:
    """Gives a whole file its name, for good: the file and then its folder are on the disk."""
    _sync(unfinished)
    unfinished.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
