"""Options that several commands share."""

from typing import Annotated

import typer

Model = Annotated[
    str | None,
    typer.Option(help="Hub id or local folder; without it, the embedded all-MiniLM-L6-v2."),
]
Layer = Annotated[
    int | None, typer.Option(help="Block to attribute to; default three quarters up.")
]
Cosine = Annotated[
    str | None, typer.Option(help="through or endpoint; default what suits the model.")
]
Steps = Annotated[int | None, typer.Option(help="A fixed number of nodes instead of a tolerance.")]
Tolerance = Annotated[float, typer.Option(help="Relative completeness residual to meet.")]
PromptA = Annotated[
    str | None, typer.Option(help="Name of one of the model's prompts, for the first text.")
]
PromptB = Annotated[str | None, typer.Option(help="The same for the second text.")]
