"""Options that the probes of negation and adjectives share."""

from typing import Annotated

import typer

Models = Annotated[
    list[str] | None,
    typer.Option(help="A model; given twice, two side by side. Default: shelf and exact."),
]
DEFAULT_MODELS = ("shelf", "exact")
