"""``probe``: what models make of single linguistic phenomena, one file a phenomenon."""

import typer

from xsb_core.cli.probe.adjectives import adjectives
from xsb_core.cli.probe.edits import edits
from xsb_core.cli.probe.lexical import lexical
from xsb_core.cli.probe.negation import negation
from xsb_core.cli.probe.syntax import syntax

probe = typer.Typer(help="Linguistic probes: data and figure, as on the pages.")
for command in (negation, adjectives, edits, lexical, syntax):
    probe.command()(command)
