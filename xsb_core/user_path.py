"""Paths as people type them."""

from pathlib import Path

from xsb_core.errors import DataError
from xsb_core.tokens import readable

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
