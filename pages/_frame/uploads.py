"""Uploaded files: within the limits, kept by their content, and named as their owner named them."""

import hashlib
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import streamlit as st

from pages._frame.say import as_typed
from xsb_core import DataError

KEPT = 30


def working_folder() -> Path:
    """Where uploads and runs lie: $XSB_RUNS, or a folder for temporary files."""
    default = Path(tempfile.gettempdir()) / f"xsb-explorer-{os.getuid()}"
    folder = Path(os.environ.get("XSB_RUNS") or default)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def megabytes_allowed() -> int:
    """The largest upload, from Streamlit's configuration."""
    return int(st.get_option("server.maxUploadSize"))


def pairs_allowed() -> int:
    """The most pairs that a run from the dashboard takes: $XSB_MAX_PAIRS, or 5,000."""
    given = os.environ.get("XSB_MAX_PAIRS", "5000")
    if not given.isdecimal() or int(given) < 1:
        raise DataError(
            f"XSB_MAX_PAIRS is a number of pairs from 1, not {given!r}; mend the server's settings."
        )
    return int(given)


def pick_upload(label: str, types: list[str], key: str) -> Path | None:
    """An uploader for one file, which stays in use when the uploader is emptied.

    A change of page empties it, and so does a reload; the link then names the file.

    Args:
        label: The uploader's label.
        types: The file types that it takes.
        key: Its key.

    Returns:
        The file, under its own name; None before there is one.

    Raises:
        DataError: If it is larger than allowed.
    """
    files = _pick(label, types, key, several=False, help=None)
    return files[0] if files else None


def pick_uploads(label: str, types: list[str], key: str, help: str) -> list[Path]:
    """An uploader for several files, all of which stay in use like the one of ``pick_upload``.

    Args:
        label: The uploader's label.
        types: The file types that it takes.
        key: Its key.
        help: What to know of them.

    Returns:
        The files, in the order in which they came.

    Raises:
        DataError: If one is larger than allowed.
    """
    return _pick(label, types, key, several=True, help=help)


def _pick(label: str, types: list[str], key: str, several: bool, help: str | None) -> list[Path]:
    _say_when_refused(types, key)
    before, now, link = f"_{key}_before", f"_{key}_now", f"uploaded_{key}"
    earlier = st.session_state.get(before, [])
    if key not in st.session_state:  # the page is new, or was left in between
        earlier = [*earlier, *st.session_state.get(now, [])] or _linked(link)
    uploaded = st.file_uploader(
        label, type=types, key=key, accept_multiple_files=several, help=help
    )
    each = uploaded if isinstance(uploaded, list) else [uploaded] if uploaded else []
    files = [_keep_upload(one) for one in each]
    if files and not several:
        earlier = []
    earlier = [path for path in dict.fromkeys(earlier) if path.exists() and path not in files]
    st.session_state[before], st.session_state[now] = earlier, files
    _name_in_link(link, [*earlier, *files])
    if earlier:
        many = len(earlier) > 1
        names = ", ".join(path.name for path in earlier)
        st.caption(as_typed(f"{names}, uploaded before, {'are' if many else 'is'} in use."))
        if st.button(f"Remove {'them' if many else 'it'}", key=f"{key}_remove"):
            st.session_state[before] = []
            st.rerun()
    return [*earlier, *files]


def _uploads() -> Path:
    return working_folder() / "uploads"


def _linked(link: str) -> list[Path]:
    """The kept files that the link names; says which are gone."""
    found = []
    for one in st.query_params.get_all(link):
        folder, _, name = one.partition("/")
        if not re.fullmatch("[0-9a-f]{32}", folder) or name != _kept_name(name):
            continue  # not written by this page
        path = _uploads() / folder / name
        if path.is_file():
            os.utime(path.parent)
            found.append(path)
        else:
            st.warning(as_typed(f"{name} is no longer kept on this server; upload it again."))
    return found


def _name_in_link(link: str, paths: list[Path]) -> None:
    names = [f"{path.parent.name}/{path.name}" for path in paths]
    if names != st.query_params.get_all(link):
        st.query_params[link] = names


def _kept_name(name: str) -> str:
    """What a file is called where it is kept; a kept name stays as it is."""
    plain = Path(re.sub(r"[^\w. -]", "_", Path(name).name))
    # file systems take 255 bytes
    return _cut(plain.stem, 200) + _cut(plain.suffix, 50)


def _cut(text: str, most: int) -> str:
    return text.encode()[:most].decode(errors="ignore")


def _say_when_refused(types: list[str], key: str) -> None:
    """Has the uploader with this key say what the browser does not take.

    The browser refuses wrong and large files itself, and says so to screen readers only.
    """
    st.html(
        f"<style>.st-key-{key}:has([data-testid='stFileChipIconError'])::after {{ color: "
        "var(--st-red-text-color, #b2182b); content: 'A file marked red was not taken: it has "
        f"more than {megabytes_allowed()} MB, or is none of {', '.join(types)}; remove it.'; }}"
        "</style>"
    )


def _keep_upload(uploaded: Any) -> Path:
    """Writes an uploaded file where work that outlives the session finds it.

    Args:
        uploaded: What ``st.file_uploader`` gave.

    Returns:
        The file, under its own name, in a folder of its own named by its content.

    Raises:
        DataError: If it is larger than allowed; the browser's own check can be gone round.
    """
    if uploaded.size > megabytes_allowed() * 2**20:
        raise DataError(
            f"{uploaded.name} has more than {megabytes_allowed()} MB, which is what this server "
            "takes; split it, or use xsb batch."
        )
    content = uploaded.getvalue()
    folder = _uploads() / hashlib.sha256(content).hexdigest()[:32]
    path = folder / _kept_name(uploaded.name)
    folder.mkdir(parents=True, exist_ok=True)
    os.utime(folder)
    if not path.exists():
        write_whole(path, content)
    prune(folder.parent, set())
    return path


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file, all of it or nothing, also when two sessions do so at once."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as unfinished:
        unfinished.write(content)
    Path(unfinished.name).replace(path)


def prune(folder: Path, busy: set[str]) -> None:
    """Removes all but the newest entries of a folder, and none that is busy."""
    for path in sorted(folder.iterdir(), key=_last_used, reverse=True)[KEPT:]:
        if path.name not in busy:
            shutil.rmtree(path, ignore_errors=True)


def _last_used(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # another session has removed it
        return 0.0


def without_folder(error: ValueError, path: Path) -> ValueError:
    """The error with a kept file called by its own name."""
    return type(error)(str(error).replace(f"{path.parent}{os.sep}", ""))
