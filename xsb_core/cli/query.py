"""``query``: SQL over a results folder."""

from pathlib import Path
from typing import Annotated

import typer


def query(
    folder: Annotated[Path, typer.Argument(help="What a batch run made.")],
    sql: Annotated[
        str,
        typer.Argument(help="A statement for DuckDB over the views pairs and rejects."),
    ],
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV on standard output.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a row on standard output.")
    ] = False,
) -> None:
    """Ask the results of a batch run by SQL; docs/corpus.md lists the columns."""
    from xsb_core.cli.answer_table import print_answer, write_csv, write_json
    from xsb_core.corpus.query import query as ask

    if as_csv and as_json:
        raise ValueError("The answer is either CSV or JSON; give one of --csv and --json.")
    answer = ask(folder, sql)
    if as_csv:
        write_csv(answer)
    elif as_json:
        write_json(answer)
    else:
        print_answer(answer)
