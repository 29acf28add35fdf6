"""``analyse layers``: one pair at several layers."""

from typing import Annotated

import typer

from xsb_core.cli.analyse.options import Kind, Out, checked, write


def layers(
    text_a: Annotated[str, typer.Argument(help="First text: the rows.")],
    text_b: Annotated[str, typer.Argument(help="Second text: the columns.")],
    out: Out,
    model: Annotated[
        list[str] | None,
        typer.Option(help="Hub id, folder or ready model; twice to compare two."),
    ] = None,
    layer: Annotated[
        list[int] | None,
        typer.Option(help="A layer of the first model, repeatable; default the five deepest."),
    ] = None,
    words: Annotated[
        str | None, typer.Option(help="Merge tokens to words: mean or sum of their cells.")
    ] = None,
    data: Kind = "csv",
) -> None:
    """Show how a pair's attributions change with depth."""
    checked(data)
    names = model or ["shelf"]
    if len(names) > 2:
        raise ValueError(f"--model is given once or twice, not {len(names)} times.")
    from xsb_core.analysis import depth_notes, depth_table, pair_depths, partner_layers
    from xsb_core.attribution import attribute
    from xsb_core.figures import layer_figures
    from xsb_core.loading import load_encoder

    encoders = [load_encoder(name) for name in names]
    blocks = encoders[0].blocks
    asked = sorted(set(layer or range(max(0, blocks - 5), blocks)))
    results = [
        [
            attribute(encoder, text_a, text_b, own)
            for own in partner_layers(blocks, encoder.blocks, asked).values()
        ]
        for encoder in encoders
    ]
    models = pair_depths(results, words)
    write(
        out,
        "layers",
        data,
        depth_table(models),
        "One pair by layer",
        layer_figures(models),
        [],
        depth_notes(models),
    )
