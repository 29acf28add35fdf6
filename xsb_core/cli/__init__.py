"""The command line: one file a command. An error is one sentence on standard error, code 2.

A command imports what it computes with when it runs: help and wrong options are told at once,
without torch and pandas.
"""

import sys

import typer

from xsb_core.cli.analyse import analyse
from xsb_core.cli.batch import batch
from xsb_core.cli.convert import convert
from xsb_core.cli.dashboard import dashboard
from xsb_core.cli.evaluate import evaluate
from xsb_core.cli.evidence import evidence
from xsb_core.cli.explain import explain
from xsb_core.cli.probe import probe
from xsb_core.cli.query import query
from xsb_core.cli.rank import rank
from xsb_core.cli.serve import serve
from xsb_core.cli.train import train

app = typer.Typer(
    help="Why a sentence-transformer finds two texts similar.",
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (explain, rank, serve, evidence, batch, query, train, evaluate, convert):
    app.command()(command)
app.add_typer(analyse, name="analyse")
app.add_typer(probe, name="probe")
app.command("app")(dashboard)

# The package's extras, by the modules that they bring.
_EXTRAS = {
    "datasets": "train",
    "deepsig": "train",
    "fastapi": "serve",
    "stanza": "syntax",
    "streamlit": "app",
    "uvicorn": "serve",
}


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
        code = app(arguments, prog_name="xsb", standalone_mode=False)
    except typer.TyperException as error:
        return _refuse(error.format_message())
    except ValueError as error:
        return _refuse(str(error))
    except ModuleNotFoundError as error:
        if error.name not in _EXTRAS:
            raise
        return _refuse(
            f"This command needs {error.name}, which is not installed; install it with pip install "
            f"'xsb-explorer[{_EXTRAS[error.name]}]'."
        )
    return code or 0


def _refuse(message: str) -> int:
    print(" ".join(message.split()), file=sys.stderr)
    return 2
