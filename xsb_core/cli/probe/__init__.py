"""``probe``: what models make of single linguistic phenomena, one file a phenomenon."""

import typer

from xsb_core.cli.probe.lexical import lexical
from xsb_core.cli.probe.syntax import syntax

probe = typer.Typer(help="Linguistic probes: data and figure, as on the pages.")
probe.command()(lexical)
probe.command()(syntax)
