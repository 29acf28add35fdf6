"""Ctrl-C in a command that can be given again to go on."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

INTERRUPTED = 130


@contextmanager
def resumable(out: Path) -> Iterator[None]:
    """Says after Ctrl-C that the same command goes on, and ends it with its code."""
    try:
        yield
    except KeyboardInterrupt:
        print(
            f"Interrupted; {out} keeps what is finished, and the same command goes on from there.",
            file=sys.stderr,
        )
        raise typer.Exit(INTERRUPTED) from None
