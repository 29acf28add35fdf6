"""``probe``: what models make of single linguistic phenomena, one file a phenomenon."""

import typer

from xsb_core.cli.probe.adjectives import adjectives
from xsb_core.cli.probe.negation import negation

probe = typer.Typer(help="Linguistic probes: data and figure, as on the pages.")
probe.command()(negation)
probe.command()(adjectives)
