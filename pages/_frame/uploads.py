"""Uploaded files: within the limits, kept by their content, and named as their owner named them."""

import hashlib
import os
import re
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import streamlit as st

from pages._frame.say import as_typed
from pages._frame.settings import settings
from xsb_core import DataError
from xsb_core.tables.files import room_on

# What a name costs beside its content, in bytes.
ENTRY = 4096


def working_folder() -> Path:
    """Where uploads and runs lie, made for this server's user alone.

    Raises:
        DataError: If it is someone else's, or a link to another place.
    """
    folder = settings().folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise DataError(
            "The server's folder for uploads and runs is another user's, or a link; its operator "
            "must set XSB_RUNS to a folder of the server's own."
        )
    return folder


def megabytes_allowed() -> int:
    """The largest upload, from Streamlit's configuration."""
    return int(st.get_option("server.maxUploadSize"))


def pairs_allowed() -> int:
    """The most pairs that a run from the dashboard takes."""
    return settings().max_pairs


def pick_upload(label: str, types: list[str], key: str) -> Path | None:
    """An uploader for one file, under its own name; else as ``pick_uploads``."""
    files = pick_uploads(label, types, key, several=False)
    return files[0] if files else None


def pick_uploads(
    label: str, types: list[str], key: str, help: str | None = None, *, several: bool = True
) -> list[Path]:
    """An uploader for files, which stay in use when the uploader is emptied.

    A change of page empties it, and so does a reload; the link then names the files.

    Raises:
        DataError: If one is larger than allowed.
    """
    _say_when_refused(types, key)
    before, now, link = f"_{key}_before", f"_{key}_now", f"uploaded_{key}"
    earlier = st.session_state.get(before, [])
    if key not in st.session_state:  # the page is new, or was left in between
        earlier = [*earlier, *st.session_state.get(now, [])] or _linked(link)
    uploaded = st.file_uploader(
        label, type=types, key=key, accept_multiple_files=several, help=help
    )
    each = uploaded if isinstance(uploaded, list) else [uploaded] if uploaded else []
    files = [keep_file(one.name, one.getvalue()) for one in each]
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


def keep_file(name: str, content: bytes) -> Path:
    """Writes what a visitor gave where work that outlives the session finds it.

    It keeps its name, in a folder of its own named by its content.

    Raises:
        DataError: If it is larger than allowed; the browser's own check can be gone round.
    """
    if len(content) > megabytes_allowed() * 2**20:
        raise DataError(
            f"{name} has more than {megabytes_allowed()} MB, which is what this server "
            "takes; split it, or use xsb batch."
        )
    folder = _uploads() / hashlib.sha256(content).hexdigest()[:32]
    path = folder / _kept_name(name)
    if path.exists():
        os.utime(folder)
        return path
    count_as_own(folder, len(content), settings().own_uploads_mb)
    make_room(_uploads(), len(content), settings().uploads_mb)
    with room_on(path, "nothing that you gave before is lost; upload it again"):
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
        same = next((one for one in folder.iterdir() if one.is_file()), None)
        if same:  # another name of what is there takes no room
            with suppress(FileExistsError):
                path.hardlink_to(same)
        else:
            write_whole(path, content)
    return path


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file, all of it or nothing, also when two sessions do so at once."""
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".") as folder:
        unfinished = Path(folder) / "unfinished"
        unfinished.write_bytes(content)
        unfinished.replace(path)


def count_as_own(folder: Path, coming: int, most_mb: int) -> None:
    """Counts an upload or a run among those of this session.

    Raises:
        DataError: If the session's would hold more than that.
    """
    what = folder.parent.name
    own: set[Path] = st.session_state.setdefault(f"_own_{what}", set())
    if coming + ENTRY + sum(size_of(one) for one in own | {folder}) > most_mb * 2**20:
        raise DataError(
            f"Your {what} of this session hold {most_mb:,} MB or soon would, which is what this "
            "server takes of one; open it anew, or use xsb batch."
        )
    own.add(folder)


def make_room(
    folder: Path, coming: int, most_mb: int, busy: Callable[[str], bool] = lambda _: False
) -> None:
    """Removes entries of a folder, those longest unused first, until what comes fits.

    Args:
        folder: The folder; one that is not there yet has room.
        coming: Bytes that are to come.
        most_mb: What it may hold in all.
        busy: Of an entry's name, whether it must stay.

    Raises:
        DataError: If all that is left is busy or young.
    """
    entries = sorted(folder.iterdir(), key=_last_used) if folder.is_dir() else []
    sizes = {path: size_of(path) for path in entries}
    over = sum(sizes.values()) + coming + ENTRY - most_mb * 2**20
    young = time.time() - 60 * settings().young_minutes
    for path in entries:
        if over <= 0:
            return
        if _last_used(path) < young and not busy(path.name):
            shutil.rmtree(path, ignore_errors=True)
            over -= sizes[path]
    if over > 0:
        raise DataError(
            f"This server keeps {most_mb:,} MB of files, and what others gave of late fills them; "
            "come back in an hour, or use xsb batch."
        )


def size_of(path: Path) -> int:
    """The bytes of an entry: each content once, and something for each name."""
    found = [one.lstat() for one in path.rglob("*") if one.exists()]
    contents = {one.st_ino: one.st_size for one in found if stat.S_ISREG(one.st_mode)}
    return ENTRY * (1 + len(found)) + sum(contents.values())


def _last_used(path: Path) -> float:
    try:
        return max(one.stat().st_mtime for one in (path, *path.iterdir()))
    except OSError:  # another session has removed it
        return 0.0


@contextmanager
def own_names(*paths: Path) -> Iterator[None]:
    """Has errors call kept files by their own names."""
    try:
        yield
    except ValueError as error:
        said = str(error)
        for path in paths:
            said = said.replace(f"{path.parent}{os.sep}", "")
        raise type(error)(said) from error
