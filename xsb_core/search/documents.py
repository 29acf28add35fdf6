"""Documents of any origin as a stream: files, records of other libraries, tables with vectors."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import regex
from jaxtyping import Float

from xsb_core.errors import DataError
from xsb_core.tables.files import user_path
from xsb_core.tables.reading import SUFFIXES, open_table
from xsb_core.tables.rows import clean
from xsb_core.tables.text_files import encoding_of, lines_of

# How LangChain, LlamaIndex, Haystack and tables call a text, its name and its stored embedding.
TEXT_NAMES = ("page_content", "text", "content", "document", "passage", "body", "sentence")
ID_NAMES = ("id", "id_", "node_id", "doc_id", "_id")
VECTOR_NAMES = ("embedding", "vector", "embeddings")


@dataclass(frozen=True, eq=False)
class Document:
    """A document.

    Attributes:
        id: What it is called.
        text: Its text, which may be blank: it is then passed over.
        embedding: A stored embedding, to rank by; None: the model's own.
    """

    id: str
    text: str
    embedding: Float[np.ndarray, " D"] | None = None


def documents_of(source: Any) -> Iterator[Document]:
    """Goes through documents, whatever they are.

    Args:
        source: Texts; mappings or records with a text (``page_content`` of LangChain, ``text`` of
            LlamaIndex, ``content`` of Haystack, …), perhaps an id and an embedding; or a DuckDB
            relation or result with such columns.

    Yields:
        Documents, in order; those without an id are called by their number, from 1.

    Raises:
        DataError: For a record without a text.

    Examples:
        >>> [one.id for one in documents_of(["A dog.", {"id": "b7", "text": "A cat."}])]
        ['1', 'b7']
    """
    table = hasattr(source, "fetchmany") or hasattr(source, "to_arrow_reader")
    records: Iterable[Any] = _rows(source) if table else source
    for number, record in enumerate(records, 1):
        yield record if isinstance(record, Document) else _document(record, number)


def open_documents(path: str | Path, column: str | None = None) -> Iterator[Document]:
    """Goes through the documents of a file.

    Args:
        path: A CSV, TSV, JSON Lines or Parquet file, or a text file (.txt): one document a line, or
            separated by blank lines where it has any.
        column: The column of texts; None takes the first of the usual names (text, content, …),
            else the only column that holds texts.

    Yields:
        As ``documents_of``.

    Raises:
        DataError: If the file can't be read, or it can't be told which column holds the texts.

    Examples:
        >>> from pathlib import Path
        >>> Path("documents.txt").write_text("A dog runs.")
        11
        >>> [document.text for document in open_documents("documents.txt")]
        ['A dog runs.']
    """
    path = user_path(path)
    if path.suffix.lower() == ".txt":
        return documents_of(_text_blocks(path))
    if path.suffix.lower() not in SUFFIXES:
        raise DataError(
            f"{path} is no kind of file known here; expected {', '.join(SUFFIXES)}, .txt."
        )
    table = open_table(path, None, None)
    chosen = column or next((name for name in TEXT_NAMES if name in table.names), None)
    texts = [name for name, own in zip(table.names, table.textual, strict=True) if own]
    texts = [name for name in texts if name not in ID_NAMES]
    if chosen is None and len(texts) == 1:
        (chosen,) = texts
    if chosen not in table.names:
        asked = f"no column {column!r}" if column else "no column that is known to hold the texts"
        raise DataError(
            f"{path} has {asked}; its columns are {', '.join(table.names)}: name one of them "
            "'text', or give --column."
        )
    rows = (record.values for record in table.records() if record.problem is None)
    return (_document(row, number, (chosen,)) for number, row in enumerate(rows, 1))


def split_documents(text: str) -> list[str]:
    r"""The documents of a pasted text, separated by blank lines where there are any, else by lines.

    Examples:
        >>> split_documents("A dog.\nA cat.")
        ['A dog.', 'A cat.']
    """
    parts = (
        regex.split(r"\n\s*\n", text.strip())
        if regex.search(r"\S\s*\n\s*\n", text)
        else (text.splitlines())
    )
    return [part.strip() for part in parts if part.strip()]


def json_documents(lines: Iterable[str]) -> Iterator[Document]:
    """Documents from a pipe: a JSON object, a JSON string or a plain text a line.

    Raises:
        DataError: For an object without a text.
    """
    number = count(1)
    for line in filter(str.strip, lines):
        try:
            record = json.loads(line) if line.lstrip()[0] in '{"' else line
        except ValueError:
            record = line
        yield _document(record.strip() if isinstance(record, str) else record, next(number))


def found_documents(
    ids: Iterable[Any], documents: Sequence[Any] | Mapping[Any, Any]
) -> Iterator[Document]:
    """The documents that a FAISS or hnswlib search named, in its order.

    Args:
        ids: A row of its labels; −1, FAISS's sign for nothing found, is passed over.
        documents: The documents by these numbers, as for ``documents_of``.

    Raises:
        DataError: If there is no document of such a number.

    Examples:
        >>> [one.text for one in found_documents([1, -1], ["A dog.", "A cat."])]
        ['A cat.']
    """
    for name in map(int, ids):
        if name < 0:
            continue
        try:
            record = documents[name]
        except (KeyError, IndexError) as error:
            raise DataError(
                f"The index names document {name}, which is none of the {len(documents)} given; "
                "give the documents that the index was made of."
            ) from error
        yield _document(record, name)


def _document(record: Any, number: int, names: tuple[str, ...] = TEXT_NAMES) -> Document:
    if isinstance(record, str):
        return Document(str(number), clean(record))
    text, own = _value(record, names), _value(record, ID_NAMES)
    vector = _value(record, VECTOR_NAMES)
    if not isinstance(text, str):
        if text is None and names != TEXT_NAMES:
            text = ""
        else:
            raise DataError(
                f"Document {number} has no text; expected a text, or a record with one of "
                f"{', '.join(names)}; got {type(record).__name__}."
            )
    vector = None if vector is None else np.asarray(vector, dtype=np.float64)
    return Document(str(number) if own in (None, "") else clean(str(own)), clean(text), vector)


def _value(record: Any, names: tuple[str, ...]) -> Any:
    if isinstance(record, Mapping):
        return next((record[name] for name in names if record.get(name) is not None), None)
    found = (getattr(record, name, None) for name in names)
    return next((value for value in found if value is not None), None)


def _rows(source: Any) -> Iterator[dict[str, Any]]:
    """The rows of a DuckDB relation or result, by column name."""
    # of a connection Arrow would be a copy
    if hasattr(source, "to_arrow_reader") and not hasattr(source, "cursor"):
        for batch in source.to_arrow_reader(1000):
            yield from batch.to_pylist()
        return
    names = [column[0] for column in source.description]
    while rows := source.fetchmany(1000):
        yield from (dict(zip(names, row, strict=True)) for row in rows)


def _text_blocks(path: Path) -> list[str]:
    text = "".join(lines_of(path, encoding_of(path, None)))
    return split_documents(text.replace("\r\n", "\n"))
