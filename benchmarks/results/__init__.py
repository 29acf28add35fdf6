"""Sections of docs/results.md that are built from the shipped assets: one module a section."""

import importlib
import pkgutil
import re
from collections.abc import Iterable
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "results.md"


def names() -> list[str]:
    """The sections, each a module of this package with a function ``section() -> str``."""
    return [
        module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")
    ]


def built(name: str) -> str:
    """A section's Markdown."""
    return importlib.import_module(f"{__name__}.{name}").section().strip()


def rewritten(document: str) -> str:
    """The document with every section between its markers built anew.

    Raises:
        ValueError: If a section has no markers.
    """
    for name in names():
        begin, end = f"<!-- begin: {name} -->", f"<!-- end: {name} -->"
        marked = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        if len(marked.findall(document)) != 1:
            raise ValueError(
                f"docs/results.md must have one '{begin}' with one '{end}' behind it; add them "
                "where the section belongs."
            )
        section = f"{begin}\n\n{built(name)}\n\n{end}"
        document = marked.sub(lambda _, section=section: section, document)
    return document


def markdown_table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table as Markdown."""
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
