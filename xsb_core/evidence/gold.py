"""Human word alignments of pairs: SemEval's ``.wa``, Pharaoh lines, or a table with such links."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float

from xsb_core.encoders.spans import Range
from xsb_core.errors import DataError
from xsb_core.tables.files import user_path
from xsb_core.tables.reading import SUFFIXES, open_pairs
from xsb_core.tables.rows import Reject

ALIGNMENT = "alignment"  # the column of a table that holds a pair's links
_BEST = 5.0  # the highest score of SemEval's links
_WORD = re.compile(r"(\d+) (.*?) : ?")
_LINK = re.compile(r"(\d+)-(\d+)(?::(\d+(?:\.\d+)?))?")

_Link = tuple[int, int, float, bool]  # words of A and of B from 0, weight, whether opposites


@dataclass(frozen=True, eq=False)
class GoldPair:
    """A pair of texts that people have aligned word by word.

    Attributes:
        id: What the file calls it.
        a: The first text.
        b: The second.
        words_a: Characters of each of the first text's words.
        words_b: The same for the second.
        weights: How strongly two words are linked, 0 to 1.
        opposed: Which links are of opposites.
    """

    id: str
    a: str
    b: str
    words_a: tuple[Range, ...]
    words_b: tuple[Range, ...]
    weights: Float[np.ndarray, "words_a words_b"]
    opposed: Bool[np.ndarray, "words_a words_b"]


def read_gold(path: str | Path, encoding: str | None = None) -> tuple[list[GoldPair], list[Reject]]:
    """Reads human alignments.

    Args:
        path: A ``.wa`` file of SemEval's interpretable similarity; a ``.csv``, ``.tsv``, ``.jsonl``
            or ``.parquet`` table with two texts and a column ``alignment``; any other file has
            lines ``text A ||| text B ||| links``. Links of tables and lines are Pharaoh's, ``0-0``,
            words from 0 as spaces part them, with a weight from 0 to 1 behind a colon where
            links differ (``1-2:0.6``).
        encoding: Of a text file; None takes UTF-8, and Latin-1 for a ``.wa`` file or lines that are
            not UTF-8.

    Returns:
        The pairs with at least one link, and the others with the reason why they can't be used.

    Raises:
        DataError: If the file can't be read, or no pair of it can be used.

    Examples:
        >>> _ = Path("links.txt").write_text("a dog ||| the big dog ||| 0-0 1-2")
        >>> read_gold("links.txt")[0][0].weights.tolist()
        [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    path = user_path(path)
    if path.suffix in SUFFIXES:
        found = _table(path, encoding)
    else:
        lines = _lines(path, encoding)
        found = _semeval(lines) if path.suffix == ".wa" else _pharaoh(lines)
    pairs, rejects = [], []
    for one in found:
        (pairs if isinstance(one, GoldPair) else rejects).append(one)
    if not pairs:
        why = f"; the first ({rejects[0].line}): {rejects[0].reason}" if rejects else ""
        raise DataError(
            f"{path} has no pair with a human alignment that can be used{why}. Give SemEval's .wa, "
            f"lines “text A ||| text B ||| 0-0 1-2”, or a table with a column {ALIGNMENT!r}."
        )
    return pairs, rejects


def _lines(path: Path, encoding: str | None) -> list[str]:
    try:
        raw = path.read_bytes()
        try:
            return raw.decode(encoding or "utf-8-sig").splitlines()
        except UnicodeDecodeError:
            if encoding:
                raise
            return raw.decode("latin-1").splitlines()
    except OSError as error:
        raise DataError(f"{path} can't be read: {error.strerror}.") from error
    except (LookupError, UnicodeDecodeError) as error:
        raise DataError(f"{path} can't be read as {encoding}; name its encoding.") from error


def _table(path: Path, encoding: str | None) -> Iterator[GoldPair | Reject]:
    source = open_pairs(path, encoding=encoding)
    if ALIGNMENT not in source.columns.extra:
        raise DataError(
            f"{path} has no column {ALIGNMENT!r} with links such as 0-0 1-2; beside the texts it "
            f"has: {', '.join(source.columns.extra) or 'nothing'}."
        )
    for row in source.rows():
        if isinstance(row, Reject):
            yield row
        else:
            links = str(json.loads(row.extra or "{}").get(ALIGNMENT) or "")
            yield _linked(row.row, row.line, row.id, row.a.split(), row.b.split(), links)


def _pharaoh(lines: list[str]) -> Iterator[GoldPair | Reject]:
    for number, line in enumerate(lines):
        parts = line.split("|||")
        if not line.strip():
            continue
        if len(parts) != 3:
            reason = f"expected text A ||| text B ||| links, got {len(parts)} parts"
            yield Reject(number, number + 1, reason)
        else:
            yield _linked(
                number, number + 1, str(number), parts[0].split(), parts[1].split(), parts[2]
            )


def _linked(
    row: int, line: int, name: str, a: list[str], b: list[str], text: str
) -> GoldPair | Reject:
    """A pair with links in Pharaoh's form."""
    links: list[_Link] = []
    for part in text.split():
        match = _LINK.fullmatch(part)
        if match is None or float(match[3] or 1) > 1:
            return Reject(row, line, f"{part!r} is no link such as 0-0 or 1-2:0.6")
        links.append((int(match[1]), int(match[2]), float(match[3] or 1), False))
    return _pair(row, line, name, a, b, links)


def _semeval(lines: list[str]) -> Iterator[GoldPair | Reject]:
    """Not XML, though it looks like it: nothing is escaped, so it is read line by line."""
    name, start, row = "", 0, -1
    words: dict[str, list[str]] = {}
    links: list[str] = []
    section = ""
    for number, line in enumerate(map(str.strip, lines), 1):
        if line.startswith("<sentence "):
            row, start, words, links = row + 1, number, {"source": [], "translation": []}, []
            match = re.search(r'id="([^"]*)"', line)
            name = match[1] if match else str(row)
        elif line in ("<source>", "<translation>", "<alignment>"):
            section = line[1:-1]
        elif line in ("</source>", "</translation>", "</alignment>"):
            section = ""
        elif line == "</sentence>":
            yield _semeval_pair(row, start, name, words, links)
        elif section == "alignment" and line:
            links.append(line)
        elif section and (match := _WORD.fullmatch(f"{line} ")):
            words[section].append(match[2])


def _semeval_pair(
    row: int, line: int, name: str, words: dict[str, list[str]], lines: Iterable[str]
) -> GoldPair | Reject:
    links: list[_Link] = []
    for text in lines:
        try:
            sides, kind, score = (part.strip() for part in text.split("//")[:3])
            left, right = ([int(n) - 1 for n in side.split()] for side in sides.split("<==>"))
        except ValueError:
            return Reject(row, line, f"{text!r} is no line of an alignment")
        if kind.startswith("NOALI") or score == "NIL" or -1 in (*left, *right):
            continue
        weight = min(float(score) / _BEST, 1.0)
        links += [(i, j, weight, kind.startswith("OPPO")) for i in left for j in right]
    return _pair(row, line, name, words["source"], words["translation"], links)


def _pair(
    row: int, line: int, name: str, a: list[str], b: list[str], links: list[_Link]
) -> GoldPair | Reject:
    if not (a and b):
        return Reject(row, line, "a sentence is missing")
    weights, opposed = np.zeros((len(a), len(b))), np.zeros((len(a), len(b)), bool)
    for i, j, weight, opposite in links:
        if i >= len(a) or j >= len(b):
            return Reject(
                row, line, f"link {i}-{j} is out of range for {len(a)} and {len(b)} words (from 0)"
            )
        weights[i, j] = max(weights[i, j], weight)
        opposed[i, j] |= opposite
    if not weights.any():
        return Reject(row, line, "no two words are linked")
    return GoldPair(name, " ".join(a), " ".join(b), _ranges(a), _ranges(b), weights, opposed)


def _ranges(words: list[str]) -> tuple[Range, ...]:
    """Where words lie that single spaces join."""
    ends = np.cumsum([len(word) + 1 for word in words]) - 1
    return tuple((int(end) - len(word), int(end)) for word, end in zip(words, ends, strict=True))
