"""``explain``: one pair in the terminal, or as JSON."""

from typing import Annotated

import typer

from xsb_core.cli.options import Asked, Cells, with_options


@with_options
def explain(
    text_a: Annotated[str, typer.Argument(help="First text: the rows.")],
    text_b: Annotated[str, typer.Argument(help="Second text: the columns.")],
    asked: Asked,
    quadrature: Annotated[
        str, typer.Option(help="gauss-legendre or right-endpoint.")
    ] = "gauss-legendre",
    words: Annotated[
        str | None, typer.Option(help="Merge tokens to words: mean or sum of their cells.")
    ] = None,
    cells: Cells = "net",
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
        load_encoder(asked.model),
        text_a,
        text_b,
        quadrature=quadrature,
        **asked.settings,
        **asked.instructions,
    )
    shown = look.of(result)
    if as_json:
        print(shown.to_json())
    else:
        print_result(shown, look=look)
