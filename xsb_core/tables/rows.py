"""Rows of a table of pairs: each a pair that can be used, or the reason why not."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from xsb_core.tables.columns import Columns
from xsb_core.tables.strict_json import strict_json


class Record(NamedTuple):
    """A row of a file as it was found.

    Attributes:
        line: Its first line in the file, from 1.
        values: Its cells by column name.
        problem: Why there are none.
    """

    line: int
    values: dict[str, Any]
    problem: str | None = None


class Pair(NamedTuple):
    """A row that can be used.

    Attributes:
        row: Its number among the file's rows, from 0; rejected ones count too.
        line: Its first line in the file, from 1.
        id: What the file calls it, or the row's number.
        a: The first text.
        b: The second text.
        extra: The row's other columns as a JSON object; None without any.
        prompts: What the table puts before the two texts, None for what the run does; empty where
            it has no columns of instructions.
    """

    row: int
    line: int
    id: str
    a: str
    b: str
    extra: str | None
    prompts: tuple[str | None, ...] = ()


class Reject(NamedTuple):
    """A row that can't be used.

    Attributes:
        row: As for a pair.
        line: As for a pair.
        reason: Why, in a sentence without a full stop.
    """

    row: int
    line: int
    reason: str


Row = Pair | Reject

LONGEST_CELL = 1_000_000  # bytes
MOST_NESTED = 100  # lists and objects within each other

_SURROGATE = re.compile("[\ud800-\udfff]")
_TOO_LONG = f"more than {LONGEST_CELL:,} bytes, which is what a cell may have"
_KINDS = {
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "an object",
}


def rows_of(records: Iterator[Record], columns: Columns, encoding: str) -> Iterator[Row]:
    """Turns records into pairs and rejects.

    Args:
        records: What was found.
        columns: Which cells are the texts and the id.
        encoding: What the file was decoded as, for reasons.

    Yields:
        One row a record.
    """
    for number, (line, values, problem) in enumerate(records):
        if problem is None and _is_nested_too_deeply(values):
            problem = f"it is nested more than {MOST_NESTED} deep"
        texts: list[Any] = [values.get(name) for name in (columns.a, columns.b)]
        prompts: list[Any] = [values.get(name) if name else None for name in columns.prompts]
        prompts = [None if str(cell or "").isspace() else cell or None for cell in prompts]
        if problem is None:
            problems = [
                _problem(text, name, encoding)
                for text, name in zip(
                    texts + prompts, (columns.a, columns.b, *columns.prompts), strict=True
                )
                if name is not None and (name in (columns.a, columns.b) or text is not None)
            ]
            problem = next(filter(None, problems), None)
        if problem is not None:
            yield Reject(number, line, clean(problem))
            continue
        given = values.get(columns.id) if columns.id else None
        name = str(number) if given in (None, "") else clean(str(given))
        taken = (columns.a, columns.b, columns.id, *columns.prompts)
        extra = {clean(key): value for key, value in values.items() if key not in taken}
        extra = _json(extra) if extra else None
        if _is_too_long(name) or (extra and _is_too_long(extra)):
            yield Reject(number, line, f"its other columns have {_TOO_LONG}")
        else:
            own = tuple(prompts) if any(columns.prompts) else ()
            yield Pair(number, line, name, *texts, extra=extra, prompts=own)


def _is_too_long(text: str) -> bool:
    # a character has at most four bytes
    return 4 * len(text) > LONGEST_CELL and len(text.encode("utf-8", "replace")) > LONGEST_CELL


def _is_nested_too_deeply(value: Any) -> bool:
    level = [value]
    for _ in range(MOST_NESTED + 1):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list | tuple)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return False
    return True


def clean(text: str) -> str:
    """The text with a question mark for what can't be written as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _problem(text: Any, name: str, encoding: str) -> str | None:
    """Why a cell is no text; None where it is one."""
    name = clean(name)
    if text is None:
        return f"{name} is missing"
    if not isinstance(text, str):
        kind = _KINDS.get(type(text), type(text).__name__)
        return f"{name} is {kind} ({str(text)[:40]}), not a text"
    if not text.strip():
        return f"{name} is empty"
    if _is_too_long(text):
        return f"{name} has {_TOO_LONG}"
    broken = broken_character(text, encoding)
    return broken and f"{name} {broken}"


def broken_character(text: str, encoding: str = "utf-8") -> str | None:
    """What stands in a text that can't be written as UTF-8; None where all can."""
    broken = _SURROGATE.search(text)
    if broken is None:
        return None
    code, place = ord(broken.group()), broken.start() + 1
    if not 0xDC00 <= code <= 0xDCFF:
        return f"has half of a surrogate pair at character {place}"
    return (
        f"has a byte that is not {encoding} (0x{code & 0xFF:02X}, at character {place}); "
        "convert the file, or name its encoding"
    )


def _json(extra: dict[str, Any]) -> str:
    plain = {key: clean(value) if isinstance(value, str) else value for key, value in extra.items()}
    return clean(strict_json(plain))
