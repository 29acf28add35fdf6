"""Opening text files whose encoding nobody told: byte order marks, wrong bytes, disguises."""

import codecs
from collections.abc import Generator
from itertools import count
from pathlib import Path

from xsb_core.errors import DataError

# Wrong bytes come through as lone surrogates U+DC00 to U+DCFF, whatever the encoding, so that they
# cost their row and not the file.
_MARK_BYTES = "xsb_core.mark_bytes"
LONGEST_LINE = 2**24
_LOOKED_AT = 2**16
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins with UTF-16's mark: before it
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DISGUISES = (
    (b"PK\x03\x04", "a zip archive (or a spreadsheet)", "unpack it, or save it as CSV"),
    (b"\x1f\x8b", "a gzip archive", "unpack it"),
    (b"BZh", "a bzip2 archive", "unpack it"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive", "unpack it"),
    (b"PAR1", "a Parquet file", "name it .parquet"),
)


def encoding_of(path: Path, encoding: str | None) -> str:
    """The encoding to read a text file with.

    Args:
        path: The file.
        encoding: What the user says; None goes by the byte order mark, else takes UTF-8.

    Returns:
        A name that ``open`` knows.

    Raises:
        DataError: If the file can't be read, is empty or no text, or there is no such encoding.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_LOOKED_AT)
    except OSError as error:
        raise DataError(f"{path} can't be read: {error.strerror}.") from error
    for magic, kind, advice in _DISGUISES:
        if head.startswith(magic):
            raise DataError(f"{path} is {kind}, whatever its name; {advice}.")
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    if encoding is None:
        encoding = marked or "utf-8"
        if marked in (None, "utf-8-sig") and b"\0" in head:
            raise DataError(
                f"{path} has zero bytes, so it is no UTF-8 text; if it is a text, name its "
                "encoding (utf-16, say)."
            )
        return encoding
    if not (known := _known(encoding)):
        raise DataError(
            f"There is no encoding {encoding!r}; usual ones are utf-8, latin-1, cp1252 and utf-16."
        )
    return marked if marked and known.name.startswith(("utf-8", "utf_8")) else known.name


def _known(encoding: str) -> codecs.CodecInfo | None:
    """The encoding by any of its names; None where there is none that texts can be read with."""
    try:
        known = codecs.lookup(encoding)
        if known._is_text_encoding:  # noqa: SLF001 - as bytes.decode asks
            known.incrementaldecoder(_MARK_BYTES).decode(b"a")  # idna can't mark wrong bytes
            return known
    except (LookupError, ValueError):
        pass
    return None


def garbled(text: str) -> str | None:
    """What a text should read where UTF-8 was taken for Western European; None where it reads well.

    Examples:
        >>> garbled("CafÃ© crÃ¨me"), garbled("Café crème")
        ('Café crème', None)
    """
    for wrong in ("cp1252", "latin-1"):
        try:
            meant = text.encode(wrong).decode("utf-8")
        except UnicodeError:
            continue
        return meant if meant != text else None
    return None


def lines_of(path: Path, encoding: str) -> Generator[str]:
    """A text file's lines, wrong bytes as lone surrogates, line ends as they are.

    Raises:
        DataError: If one is longer than ``LONGEST_LINE``.
    """
    with path.open(encoding=encoding, errors=_MARK_BYTES, newline="") as file:
        for number in count(1):
            if not (line := file.readline(LONGEST_LINE + 1)):
                return
            if len(line) > LONGEST_LINE:
                raise DataError(
                    f"Line {number} of {path} has more than {LONGEST_LINE:,} characters, which is "
                    "what a row may have; split it."
                )
            yield line


def _mark_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return "".join(chr(0xDC00 + byte) for byte in wrong), error.end


codecs.register_error(_MARK_BYTES, _mark_bytes)


def decode(value: bytes) -> str:
    """Bytes as UTF-8, wrong ones as lone surrogates."""
    return value.decode("utf-8", _MARK_BYTES)
