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
Tolerance = Annotated[
    float, typer.Option(help="Relative error to meet, of sums and of single tokens' factors.")
]
WorkLimit = Annotated[
    int, typer.Option(help="Most tangents (nodes times tokens) that a text may take.")
]
Encoding = Annotated[
    str | None,
    typer.Option(help="Of a text file, such as latin-1; default UTF-8 or its byte order mark."),
]
PromptA = Annotated[
    str | None, typer.Option(help="Name of one of the model's prompts, for the first text.")
]
PromptB = Annotated[str | None, typer.Option(help="The same for the second text.")]
PromptAText = Annotated[
    str | None, typer.Option(help="Any instruction to put before the first text, instead.")
]
PromptBText = Annotated[str | None, typer.Option(help="The same for the second text.")]
TaskA = Annotated[
    str | None,
    typer.Option(
        help="What the first text is encoded for, in models that tell tasks apart; default query."
    ),
]
TaskB = Annotated[str | None, typer.Option(help="The same for the second; default document.")]


def prompt_of(name: str | None, text: str | None) -> str | None:
    """The one of two options that was given.

    Raises:
        ValueError: If both were.
    """
    if None not in (name, text):
        raise ValueError(
            "A prompt is given by its name or as text, not both; leave out --prompt-a or "
            "--prompt-a-text (for the second text, --prompt-b or --prompt-b-text)."
        )
    return name if text is None else text.replace("\\n", "\n")
