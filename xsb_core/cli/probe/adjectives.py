"""``probe adjectives``: attributions to an adjective with its synonym and with its opposite."""

from pathlib import Path
from typing import Annotated

import typer

from xsb_core.attribution.numerals import counted
from xsb_core.cli.findings import write_findings, write_shipped
from xsb_core.cli.options import Cosine, Layer, Tolerance
from xsb_core.cli.probe.options import DEFAULT_MODELS, Models, Out, each_encoder
from xsb_core.cli.writing import check_file, check_folder


def adjectives(
    triplets: Annotated[
        Path | None,
        typer.Argument(
            help="A .csv, .tsv, .jsonl, .ndjson or .parquet file with the columns anchor, synonym "
            "and opposite; without it, the paper's 23 triplets."
        ),
    ] = None,
    out: Out = Path("adjectives"),
    template: Annotated[
        list[str] | None,
        typer.Option(
            help="A sentence with ___ for the adjective; may be given more than once. Default: "
            "“This house is ___.”"
        ),
    ] = None,
    model: Models = None,
    layer: Layer = None,
    cosine: Cosine = None,
    tolerance: Tolerance = 1e-3,
    study: Annotated[
        Path | None, typer.Option(help="Also write this .parquet file, as it ships.")
    ] = None,
) -> None:
    """Compare what synonymous and opposite adjectives add to the scores of two sentences."""
    import pandas as pd

    from xsb_core.attribution.recipe import Recipe
    from xsb_core.studies.adjectives.pairs import adjective_findings, attribute_adjectives
    from xsb_core.studies.adjectives.triplets import (
        DEFAULT_TEMPLATE,
        check_templates,
        paper_triplets,
        read_triplets,
    )

    check_folder(out)
    if study:
        check_file(study, "--study")
    templates = check_templates([DEFAULT_TEMPLATE] if template is None else template)
    chosen = paper_triplets() if triplets is None else read_triplets(triplets)
    recipe = Recipe(layer=layer, cosine=cosine, tolerance=tolerance)
    tables = [
        attribute_adjectives(encoder, chosen, templates, recipe, progress=progress)
        for encoder, progress in each_encoder(model or DEFAULT_MODELS)
    ]
    table = pd.concat(tables, ignore_index=True)
    of = f"{counted(len(chosen), 'triplet')} in {counted(len(templates), 'template')}"
    findings = adjective_findings(table, [f"{of}: {' '.join(templates)}"])
    write_findings(findings, out, "csv", "json")
    if study:
        write_shipped(table, study)
