"""Paths as people type them, and files that are there whole or not at all."""

import os
from pathlib import Path

from xsb_core.errors import DataError, readable

_SHOWN = 80  # characters of a path that can't be one


def user_path(path: str | Path) -> Path:
    """A path with ~ for a home; nothing need be there.

    Raises:
        DataError: If nothing can be there: an unknown user's home, too long a name, a character
            that no name has, a folder that can't be entered.
    """
    try:
        whole = Path(path).expanduser()
        whole.stat()
    except (FileNotFoundError, NotADirectoryError):
        pass  # what should be there is known to who opens it
    except (OSError, RuntimeError, ValueError) as error:
        reason = str(getattr(error, "strerror", None) or error).rstrip(".")
        raise DataError(
            f"{readable(str(path)[:_SHOWN])} can't be opened: {reason}; check the path."
        ) from error
    return whole


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
