"""Folders and files to write: those that can't be are refused, where it can be told before work."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def check_folder(folder: Path, option: str = "--out") -> None:
    """Refuses a folder that can't be made or written into, before any work.

    Args:
        folder: The folder, which need not be there yet.
        option: What gave it.

    Raises:
        ValueError: If it is something else, or closed to the user.
    """
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        kind = "may not be written into" if there.is_dir() else "is no folder"
        raise ValueError(f"{folder} can't be written: {there} {kind}; give another {option}.")


def check_file(path: Path, option: str) -> None:
    """The same for a file and the folder that it shall lie in."""
    check_folder(path.parent, option)
    if path.is_dir():
        raise ValueError(f"{path} can't be written: it is a folder; give another {option}.")


@contextmanager
def writing(path: Path, option: str = "--out") -> Iterator[None]:
    """Says in a sentence why a file or a folder can't be written.

    Args:
        path: The file or folder.
        option: What gave it.

    Raises:
        ValueError: In place of the system's errors.
    """
    try:
        yield
    except OSError as error:
        raise ValueError(
            f"{path} can't be written: {error.strerror or error}; give another {option}."
        ) from error
