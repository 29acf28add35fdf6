"""``analyse layers``: one pair at several layers."""

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from xsb_core.cli.analyse.options import Kind, Out, check_output
from xsb_core.cli.findings import write_findings


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
    check_output(data, out)
    names = model or ["shelf"]
    if len(names) > 2:
        raise ValueError(f"--model is given once or twice, not {len(names)} times.")
    from xsb_core.attribution.attribute import attribute_pairs
    from xsb_core.attribution.recipe import Recipe
    from xsb_core.comparison.layers import depth_notes, depth_table
    from xsb_core.comparison.pair_depths import (
        layer_rounds,
        pair_depths,
        pair_notes,
        partner_notes,
    )
    from xsb_core.encoders.loading import load_encoder
    from xsb_core.figures.layer_charts import layer_figures
    from xsb_core.studies.findings import Findings

    console = Console(stderr=True)
    encoders = [load_encoder(name) for name in names]
    blocks = [encoder.blocks for encoder in encoders]
    asked = sorted(set(layer or range(max(0, blocks[0] - 5), blocks[0])))
    # a layer that the first model lacks is told of where it is attributed
    tasks = [one for each in layer_rounds(blocks, asked) for one in each]
    results: list[list] = [[] for _ in encoders]
    bar = {"console": console, "transient": True, "disable": not console.is_terminal}
    for number, own in track(tasks, "attributing", **bar):
        results[number] += attribute_pairs(encoders[number], [(text_a, text_b)], Recipe(layer=own))
    models = pair_depths(results, words)
    notes = [
        *partner_notes(blocks, asked),
        *pair_notes(results, words),
        *depth_notes(models),
    ]
    table = depth_table(models)
    findings = Findings("layers", "One pair by layer", (), table, {}, notes=tuple(notes))
    write_findings(findings, out, data, figures=layer_figures(models))
