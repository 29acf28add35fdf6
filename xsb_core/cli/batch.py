"""``batch``: all pairs of a file, into a folder."""

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from xsb_core.attribution.numerals import counted
from xsb_core.cli.interrupted import resumable
from xsb_core.cli.options import Asked, Encoding, with_options


@with_options
def batch(
    pairs: Annotated[
        Path, typer.Argument(help="A .csv, .tsv, .jsonl, .ndjson or .parquet file of pairs.")
    ],
    out: Annotated[
        Path, typer.Option(help="Folder to make; one of an interrupted run is resumed.")
    ],
    asked: Asked,
    limit: Annotated[
        int | None, typer.Option(help="Only so many rows; a later run may go further.")
    ] = None,
    engine: Annotated[
        str, typer.Option(help="local, or ray for Ray's workers (the extra ray).")
    ] = "local",
    columns: Annotated[
        str | None,
        typer.Option(
            help="The two columns of texts, such as left,right, and then those with an instruction "
            "for each (left,right,before_left,before_right); default by their names: prompt_a and "
            "prompt_b hold instructions."
        ),
    ] = None,
    encoding: Encoding = None,
) -> None:
    """Attribute all pairs of a file into a folder of Parquet, each distinct text once."""
    from xsb_core.attribution.recipe import Recipe
    from xsb_core.cli.batch_bar import BatchBar
    from xsb_core.corpus.run import run_corpus
    from xsb_core.encoders.loading import load_encoder
    from xsb_core.tables.reading import open_pairs

    named = None if columns is None else [name.strip() for name in columns.split(",")]
    source = open_pairs(pairs, columns=named, encoding=encoding)
    print(f"{pairs}: {counted(source.total or 0, 'row')}; {source.columns}", file=sys.stderr)
    encoder = load_encoder(asked.model)
    with resumable(out), BatchBar() as bar:
        summary = run_corpus(
            encoder,
            source,
            out,
            Recipe(**asked.settings),
            **asked.instructions,
            limit=limit,
            engine=engine,
            progress=bar,
        )
    rejected = f"{counted(summary.rejects, 'row')} rejected"
    if summary.rejects:
        rejected += f" ({out / 'rejects.csv'} says why)"
    if summary.damaged:
        again = counted(summary.damaged, "damaged part")
        print(f"{out}: made {again} again, found by checksum.", file=sys.stderr)
    rate = summary.new / summary.seconds
    ask = "SELECT id, score FROM pairs ORDER BY score DESC LIMIT 10"
    print(
        f"{out}: {counted(summary.pairs, 'pair')}, {rejected}; "
        f"{counted(summary.new, 'row')} in this run, "
        f"{rate:.1f} pairs per second. Try: xsb query {shlex.quote(str(out))} "
        f"'{ask}'"
    )
