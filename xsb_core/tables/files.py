"""Paths as people type them, and files that are there whole or not at all."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def room_on(path: Path, kept: str) -> Iterator[None]:
    """Says in a sentence that a disk is full.

    Args:
        path: The file or folder that is written.
        kept: What is kept, and how to go on, as a clause.

    Raises:
        DataError: In place of the system's error.
    """
    try:
        yield
    except Exception as error:  # the writers of weights have errors of their own
        full = getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT)
        if not full and "No space left on device" not in str(error):
            raise
        raise DataError(
            f"There is no room left on the disk of {path}; {kept} once there is some."
        ) from error


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
