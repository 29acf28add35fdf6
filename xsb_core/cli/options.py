"""Options that several commands share."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import typer

Model = Annotated[
    str | None,
    typer.Option(
        help="exact, mpnet-exact and the like, a hub id or a folder; without it, the embedded "
        "all-MiniLM-L6-v2."
    ),
]
Layer = Annotated[
    int | None, typer.Option(help="Block to attribute to; default three quarters up.")
]
Cosine = Annotated[
    str | None, typer.Option(help="through or endpoint; default what suits the model.")
]
Tolerance = Annotated[
    float, typer.Option(help="Relative error to meet, of sums and of single tokens' factors.")
]
Cells = Annotated[
    str,
    typer.Option(help="net: they add up to the score; or paper: measured from the references."),
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


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked of every command that attributes pairs; each field is an option."""

    model: Model = None
    layer: Layer = None
    cosine: Cosine = None
    steps: Annotated[
        int | None, typer.Option(help="A fixed number of nodes instead of a tolerance.")
    ] = None
    tolerance: Tolerance = 1e-3
    work_limit: Annotated[
        int, typer.Option(help="Most tangents (nodes times tokens) that a text may take.")
    ] = 50_000
    prompt_a: PromptA = None
    prompt_b: PromptB = None
    prompt_a_text: PromptAText = None
    prompt_b_text: PromptBText = None
    task_a: Annotated[
        str | None,
        typer.Option(
            help="What the first text is encoded for, in models that tell tasks apart; default "
            "query."
        ),
    ] = None
    task_b: Annotated[
        str | None, typer.Option(help="The same for the second; default document.")
    ] = None

    @property
    def settings(self) -> dict[str, Any]:
        """The fields of a recipe."""
        names = ("layer", "cosine", "steps", "tolerance", "work_limit")
        return {name: getattr(self, name) for name in names}

    @property
    def instructions(self) -> dict[str, Any]:
        """How the two texts are encoded.

        Raises:
            ValueError: If a prompt is given by its name and as text.
        """
        return {
            "prompt_a": prompt_of(self.prompt_a, self.prompt_a_text),
            "prompt_b": prompt_of(self.prompt_b, self.prompt_b_text),
            "task_a": self.task_a,
            "task_b": self.task_b,
        }


def with_options(command: Callable[..., None]) -> Callable[..., None]:
    """A command as Typer wants it: options of their own in place of the parameter ``asked``."""
    options = inspect.signature(Asked).parameters
    every: dict[str, inspect.Parameter] = {}
    for name, one in inspect.signature(command).parameters.items():
        every |= options if name == "asked" else {name: one}

    @functools.wraps(command)
    def run(**given: Any) -> None:
        asked = Asked(**{name: given.pop(name) for name in options})
        command(**given, asked=asked)

    kind = inspect.Parameter.KEYWORD_ONLY
    signature = inspect.Signature([one.replace(kind=kind) for one in every.values()])
    run.__dict__["__signature__"] = signature
    run.__annotations__ = {name: one.annotation for name, one in every.items()}
    return run
