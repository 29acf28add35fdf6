"""``explain``: one pair in the terminal, or as JSON."""

from typing import Annotated

import typer


def explain(
    text_a: Annotated[str, typer.Argument(help="First text: the rows.")],
    text_b: Annotated[str, typer.Argument(help="Second text: the columns.")],
    model: Annotated[
        str | None,
        typer.Option(help="Hub id or local folder; without it, the embedded all-MiniLM-L6-v2."),
    ] = None,
    layer: Annotated[
        int | None, typer.Option(help="Block to attribute to; default three quarters up.")
    ] = None,
    cosine: Annotated[
        str | None, typer.Option(help="through or endpoint; default what suits the model.")
    ] = None,
    quadrature: Annotated[
        str, typer.Option(help="gauss-legendre or right-endpoint.")
    ] = "gauss-legendre",
    steps: Annotated[
        int | None, typer.Option(help="A fixed number of nodes instead of a tolerance.")
    ] = None,
    tolerance: Annotated[
        float, typer.Option(help="Relative completeness residual to meet.")
    ] = 1e-3,
    words: Annotated[
        str | None, typer.Option(help="Merge tokens to words: mean or sum of their cells.")
    ] = None,
    prompt_a: Annotated[
        str | None, typer.Option(help="Name of one of the model's prompts, for the first text.")
    ] = None,
    prompt_b: Annotated[str | None, typer.Option(help="The same for the second text.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object on standard output.")
    ] = False,
) -> None:
    """Show which token pairs make two texts similar, and what else the score is made of."""
    # imported here: a wrong option is told at once, without loading torch
    from xsb_core.attribution import attribute
    from xsb_core.cli.table import print_result
    from xsb_core.loading import load_encoder
    from xsb_core.words import to_words

    result = attribute(
        load_encoder(model),
        text_a,
        text_b,
        layer,
        cosine=cosine,
        quadrature=quadrature,
        tolerance=tolerance,
        steps=steps,
        prompt_a=prompt_a,
        prompt_b=prompt_b,
    )
    shown = result if words is None else to_words(result, words)
    if as_json:
        print(shown.to_json())
    else:
        print_result(shown)
