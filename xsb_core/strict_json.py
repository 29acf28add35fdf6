"""JSON that every reader takes: Python's own writes NaN and Infinity, which is none."""

import json
from typing import Any


def strict_json(value: Any) -> str:
    """A value as JSON: numbers that are not finite as null, what JSON has no type for as text."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, default=str)
    except ValueError:
        lenient = json.dumps(value, default=str)
        finite = json.loads(lenient, parse_constant=lambda name: None)
        return json.dumps(finite, ensure_ascii=False)
