"""``evidence``: does an attribution tell the truth about the model, for a pair or a set?"""

from pathlib import Path
from typing import Annotated

import typer

from xsb_core.cli.options import Layer, Model, Tolerance
from xsb_core.cli.probe.options import Study, bar


def evidence(
    what: Annotated[
        list[str] | None,
        typer.Argument(help="Two texts; or one file of pairs; or neither, with --gold."),
    ] = None,
    gold: Annotated[
        Path | None,
        typer.Option(help="Human alignments: SemEval .wa, lines A ||| B ||| 0-0 1-2, or a table."),
    ] = None,
    model: Model = None,
    layer: Layer = None,
    methods: Annotated[
        str | None,
        typer.Option(
            help="With commas between them: net,random; at a layer net@5, with another reference "
            "net@5/mask, for each net@all/all."
        ),
    ] = None,
    how: Annotated[str, typer.Option(help="Words are removed or masked.")] = "removed",
    limit: Annotated[int | None, typer.Option(help="Only so many pairs.")] = None,
    tolerance: Tolerance = 1e-3,
    out: Annotated[
        Path, typer.Option(help="Folder for a set; an interrupted run is gone on with.")
    ] = Path("evidence"),
    study: Study = None,
) -> None:
    """Delete words, and see whether the score does what the attribution claims."""
    given = what or []
    if (len(given), gold is None) not in ((2, True), (1, True), (0, False)):
        raise ValueError(
            "evidence takes two texts, or one file of pairs, or --gold FILE alone; got "
            f"{len(given)} of the former{'' if gold is None else ' and --gold'}."
        )
    from xsb_core.attribution.recipe import Recipe
    from xsb_core.encoders.loading import load_encoder

    recipe = Recipe(layer=layer, tolerance=tolerance)
    if len(given) == 2:
        from xsb_core.attribution.attribute import attribute
        from xsb_core.evidence.pair import pair_evidence

        encoder = load_encoder(model)
        result = attribute(encoder, given[0], given[1], layer, tolerance=tolerance)
        found = pair_evidence(encoder, result, how)
        print(found.sentence)
        print(found.figures.to_string(index=False, float_format=lambda value: f"{value:.3f}"))
        return

    from xsb_core.cli.findings import write_findings, write_shipped
    from xsb_core.cli.interrupted import resumable
    from xsb_core.cli.writing import check_file, check_folder
    from xsb_core.evidence.findings import evidence_findings, evidence_summary, with_others
    from xsb_core.evidence.gold import read_gold
    from xsb_core.evidence.measure import DEFAULT_METHODS, measure_evidence
    from xsb_core.tables.reading import open_pairs

    check_folder(out)
    if study:
        check_file(study, "--study")
    asked = methods.split(",") if methods else DEFAULT_METHODS
    notes = []
    if gold is None:
        pairs = open_pairs(given[0])
    else:
        pairs, rejects = read_gold(gold)
        notes += [f"Line {one.line} is left out: {one.reason}." for one in rejects[:5]]
        notes += [f"{len(rejects)} pairs are left out."] * bool(rejects)
    encoder = load_encoder(model)
    with resumable(out), bar(encoder.name) as progress:
        table = measure_evidence(
            encoder, pairs, out / "run", asked, recipe, how=how, limit=limit, progress=progress
        )
    summary = evidence_summary(table)
    write_findings(evidence_findings(summary, notes), out, "csv", "json")
    if study:
        write_shipped(with_others(summary, study), study)
