"""``analyse``: what results of many pairs say of models; one file a command."""

import typer

from xsb_core.cli.analyse.agreement import agreement
from xsb_core.cli.analyse.layers import layers
from xsb_core.cli.analyse.measures import measures
from xsb_core.cli.analyse.references import references
from xsb_core.cli.analyse.signs import signs

analyse = typer.Typer(help="Reproduce the paper's sections 4.3 to 4.5 from results of batch runs.")
for command in (references, agreement, signs, measures, layers):
    analyse.command()(command)
