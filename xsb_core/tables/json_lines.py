"""JSON Lines: one object a line, whose keys are the columns."""

import json
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from xsb_core.errors import DataError
from xsb_core.tables.rows import Record
from xsb_core.tables.table import PEEKED, Table, check_width, textual_columns
from xsb_core.tables.text_files import encoding_of, lines_of


def read_json_lines(path: Path, encoding: str | None) -> Table:
    """A JSON Lines file; its columns are the keys of its first objects.

    Raises:
        DataError: If the file can't be read, or has no objects.
    """
    encoding = encoding_of(path, encoding)

    def records() -> Iterator[Record]:
        return _records(path, encoding)

    peeked = list(islice(records(), PEEKED))
    if not peeked:
        raise DataError(f"{path} is empty; expected one JSON object with two texts a line.")
    names = tuple(dict.fromkeys(name for record in peeked for name in record.values))
    if not names:
        raise DataError(
            f"{path} does not begin with lines of JSON objects; expected one object with two texts "
            "a line."
        )
    check_width(path, len(names))
    return Table(names, textual_columns(names, peeked), encoding, records)


def _records(path: Path, encoding: str) -> Iterator[Record]:
    with closing(lines_of(path, encoding)) as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                values = json.loads(line)
            except (ValueError, RecursionError) as error:
                yield Record(number, {}, f"it is no JSON: {' '.join(str(error).split())}")
                continue
            if isinstance(values, dict):
                yield Record(number, values)
            else:
                yield Record(number, {}, "it is no JSON object")
