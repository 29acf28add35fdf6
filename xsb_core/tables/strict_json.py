"""JSON that every reader takes: Python's own writes NaN and Infinity, which is none."""

import json
from typing import Any

_KEYS = (str, int, float, bool, type(None))  # what the json module takes


def strict_json(value: Any) -> str:
    """A value as JSON: numbers that are not finite as null, what JSON has no type for as text."""
    value = _with_keys(value)
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, default=str)
    except ValueError:
        lenient = json.dumps(value, default=str)
        finite = json.loads(lenient, parse_constant=lambda name: None)
        return json.dumps(finite, ensure_ascii=False)


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
