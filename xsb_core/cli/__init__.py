"""The command line: one file a command. An error is one sentence on standard error, code 2."""

import sys

import typer

from xsb_core.cli.analyse import analyse
from xsb_core.cli.batch import batch
from xsb_core.cli.convert import convert
from xsb_core.cli.evaluate import evaluate
from xsb_core.cli.explain import explain
from xsb_core.cli.probe import probe
from xsb_core.cli.query import query
from xsb_core.cli.train import train

app = typer.Typer(
    help="Why a sentence-transformer finds two texts similar.",
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (explain, batch, query, train, evaluate, convert):
    app.command()(command)
app.add_typer(analyse, name="analyse")
app.add_typer(probe, name="probe")


@app.callback()
def commands() -> None:
    """Why a sentence-transformer finds two texts similar."""


def main(arguments: list[str] | None = None) -> int:
    """Runs a command.

    Args:
        arguments: The command line without the program's name; None takes the process's own.

    Returns:
        The exit code: 0, 2 after an error that the user can mend, or 130 after Ctrl-C.
    """
    try:
        code = app(arguments, prog_name="python -m xsb_core", standalone_mode=False)
    except typer.TyperException as error:
        return _refuse(error.format_message())
    except ValueError as error:
        return _refuse(str(error))
    return code or 0


def _refuse(message: str) -> int:
    print(" ".join(message.split()), file=sys.stderr)
    return 2
