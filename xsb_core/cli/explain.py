"""``explain``: one pair in the terminal, or as JSON."""

from typing import Annotated

import typer

from xsb_core.cli.options import (
    Cosine,
    Layer,
    Model,
    PromptA,
    PromptAText,
    PromptB,
    PromptBText,
    Steps,
    TaskA,
    TaskB,
    Tolerance,
    WorkLimit,
    prompt_of,
)


def explain(
    text_a: Annotated[str, typer.Argument(help="First text: the rows.")],
    text_b: Annotated[str, typer.Argument(help="Second text: the columns.")],
    model: Model = None,
    layer: Layer = None,
    cosine: Cosine = None,
    quadrature: Annotated[
        str, typer.Option(help="gauss-legendre or right-endpoint.")
    ] = "gauss-legendre",
    steps: Steps = None,
    tolerance: Tolerance = 1e-3,
    work_limit: WorkLimit = 50_000,
    words: Annotated[
        str | None, typer.Option(help="Merge tokens to words: mean or sum of their cells.")
    ] = None,
    prompt_a: PromptA = None,
    prompt_b: PromptB = None,
    prompt_a_text: PromptAText = None,
    prompt_b_text: PromptBText = None,
    task_a: TaskA = None,
    task_b: TaskB = None,
    cells: Annotated[
        str,
        typer.Option(help="net: they add up to the score; or paper: measured from the references."),
    ] = "net",
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object on standard output.")
    ] = False,
) -> None:
    """Show which token pairs make two texts similar, and what else the score is made of."""
    # imported here: a wrong option is told at once, without loading torch
    from xsb_core.attribution.attribute import attribute
    from xsb_core.attribution.cells import Look
    from xsb_core.cli.table import print_result
    from xsb_core.encoders.loading import load_encoder

    look = Look(words, cells=cells)
    result = attribute(
        load_encoder(model),
        text_a,
        text_b,
        layer,
        cosine=cosine,
        quadrature=quadrature,
        tolerance=tolerance,
        steps=steps,
        work_limit=work_limit,
        prompt_a=prompt_of(prompt_a, prompt_a_text),
        prompt_b=prompt_of(prompt_b, prompt_b_text),
        task_a=task_a,
        task_b=task_b,
    )
    shown = look.of(result)
    if as_json:
        print(shown.to_json())
    else:
        print_result(shown, look=look)
