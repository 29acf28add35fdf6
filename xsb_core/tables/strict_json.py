"""Strict JSON: written so that every reader takes it, read with every field checked by its type."""

import json
import re
import sys
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec
import numpy as np

from xsb_core.errors import DataError

T = TypeVar("T")

_MOST = sys.float_info.max
Finite = Annotated[float, msgspec.Meta(ge=-_MOST, le=_MOST)]
Size = Annotated[float, msgspec.Meta(ge=0, le=_MOST)]  # a finite number from 0
Count = Annotated[int, msgspec.Meta(ge=0)]


LARGEST = 16 * 2**20  # bytes of a file that describes something

_KEYS = (str, int, float, bool, type(None))  # what the json module takes
_KINDS = {
    "float": "a number",
    "int": "a whole number",
    "str": "a text",
    "bool": "true or false",
    "null": "null",
    "array": "a list",
    "object": "an object",
}
_SHOWN = 60  # characters of a wrong value


def one_of(*names: str) -> msgspec.Meta:
    """What says of a text in ``Annotated`` that it is one of a few."""
    return msgspec.Meta(pattern=rf"^({'|'.join(names)})\Z")


def strict_json(value: Any) -> str:
    """A value as JSON: numbers that are not finite as null, what JSON has no type for as text."""
    value = _with_keys(value)
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, default=str)
    except ValueError:
        lenient = json.dumps(value, default=str)
        finite = json.loads(lenient, parse_constant=lambda _: None)
        return json.dumps(finite, ensure_ascii=False)


def read_json(source: Path | str | bytes, largest: int = LARGEST) -> Any:
    """The plain values of JSON in UTF-8.

    Args:
        source: A file, or JSON itself.
        largest: How many bytes it may have.

    Raises:
        DataError: If it is larger, nested too deeply, or no JSON: a clause without full stop.
        OSError: If the file can't be read.
    """
    size = source.stat().st_size if isinstance(source, Path) else len(source)
    if size > largest:
        raise DataError(f"it has {size:,} bytes, more than the {largest:,} that are read")
    text = source.read_bytes() if isinstance(source, Path) else source
    try:
        try:
            return msgspec.json.decode(text)
        except msgspec.ValidationError:  # too large for a float: infinite, so its field is named
            return msgspec.json.Decoder(float_hook=float).decode(text)
    except RecursionError as error:
        raise DataError("it is nested too deeply") from error
    except ValueError as error:
        raise DataError(f"it is not JSON: {error}") from error


def checked(values: Any, kind: type[T]) -> T:
    """Plain values as a dataclass or another type, every field checked, what is not one left out.

    Arrays with jaxtyping's shapes are made of lists. A field with a default may be missing. A
    ``ValueError`` raised in ``__post_init__`` may name a field, as "tokens: expected …".

    Raises:
        DataError: If a field is missing or wrong, as "score: expected a number, got 'abc'": without
            a full stop, to stand in a sentence that says what to do.

    Examples:
        >>> from xsb_core.tables.columns import Columns
        >>> checked({"a": "text", "b": 3, "id": None, "extra": []}, Columns)
        Traceback (most recent call last):
        ...
        xsb_core.errors.DataError: b: expected a text, got 3
    """
    try:
        return msgspec.convert(values, kind, dec_hook=_array)
    except msgspec.ValidationError as error:
        raise DataError(_sentence(str(error), values)) from error
    except RecursionError as error:
        raise DataError("it is nested too deeply") from error


def _array(kind: Any, values: Any) -> Any:
    """Lists as an array of a jaxtyping type; msgspec looks at what any other holds."""
    if not hasattr(kind, "dims"):
        return values
    nested: Any = Finite
    for _ in kind.dims:
        nested = list[nested]
    try:
        rows = msgspec.convert(values, nested)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from error  # another's path goes on with it
    if len(kind.dims) > 1 and len({len(row) for row in rows}) > 1:
        raise ValueError("expected rows of one length")
    return np.array(rows, dtype=np.float64).reshape([len(rows), -1][: len(kind.dims)])


def _sentence(message: str, values: Any) -> str:
    """The message of msgspec in our words."""
    message, *paths = re.split(r" - at (?:`key` in )?`\$", message)
    path = "".join(part.rstrip("`") for part in reversed(paths))
    if missing := re.match("Object missing required field `(.+)`", message):
        return f"{_name(f'{path}.{missing[1]}')}: missing"
    if own := re.match(r"(\w+): (expected .+)", message):
        return f"{_name(f'{path}.{own[1]}')}: {own[2]}"
    if types := re.match(r"Expected `([^`]+)`(?:, got `([^`]+)`)?", message):
        wanted = " or ".join(_KINDS.get(name, name) for name in types[1].split(" | "))
        bound = message[types.end() :].replace(" >= 0", " from 0")
        if str(_MOST) in bound:
            wanted, bound = "a finite number", ""
        elif choices := re.search(r"\^\((.+)\)", bound):
            *others, last = map(repr, choices[1].split("|"))
            wanted, bound = f"{', '.join(others)} or {last}", ""
        found = f", got {_shown(values, path, types[2])}" if ", got " not in bound else ""
        message = f"expected {wanted}{bound}{found}"
    return f"{_name(path)}: {message}"


def _name(path: str) -> str:
    return path.lstrip(".") or "the whole"


def _shown(values: Any, path: str, type_name: str | None) -> str:
    """The value at a path; its type where it is long, or a dictionary's (which is not told)."""
    value = values
    for key in re.findall(r"\w+|\.\.\.", path):
        if key == "...":
            return _KINDS.get(type_name or "", "another")
        value = value[int(key)] if key.isdigit() else value[key]
    if isinstance(value, list | tuple | dict):
        return _KINDS["object" if isinstance(value, dict) else "array"]
    shown = json.dumps(value) if value is None or isinstance(value, bool) else repr(value)
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"


def _with_keys(value: Any) -> Any:
    """The value with keys that JSON has, such as a date's text in place of the date."""
    if isinstance(value, dict):
        return {
            key if isinstance(key, _KEYS) else str(key): _with_keys(one)
            for key, one in value.items()
        }
    if isinstance(value, list | tuple):
        return [_with_keys(one) for one in value]
    return value
