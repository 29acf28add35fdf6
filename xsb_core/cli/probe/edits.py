"""``probe edits``: does the score notice what changes the meaning? Fit for a team's CI."""

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xsb_core.cli.options import Layer, Tolerance
from xsb_core.cli.probe.options import Models, Out, Study, each_encoder

if TYPE_CHECKING:
    import pandas as pd


def edits(
    texts: Annotated[
        Path,
        typer.Argument(help="A file with texts; or of text, edited text and a column kind."),
    ],
    out: Out = Path("edits"),
    model: Models = None,
    layer: Layer = None,
    max_blind: Annotated[
        float | None,
        typer.Option(help="Exit code 1 where a larger share of harmful edits is not seen."),
    ] = None,
    junit: Annotated[
        Path | None, typer.Option(help="Also a JUnit XML report, a test a kind of edit.")
    ] = None,
    tolerance: Tolerance = 1e-3,
    study: Study = None,
) -> None:
    """Measure whether edits that change the meaning move the score more than harmless ones."""
    import pandas as pd

    from xsb_core.attribution.recipe import Recipe
    from xsb_core.cli.findings import write_findings, write_shipped
    from xsb_core.cli.writing import check_file, check_folder, writing
    from xsb_core.evidence.edit_rules import edits_of
    from xsb_core.evidence.edits import (
        KIND,
        edit_findings,
        edit_summary,
        measure_edits,
        own_edits,
    )
    from xsb_core.evidence.findings import with_others
    from xsb_core.tables.reading import open_pairs, open_table
    from xsb_core.tables.texts import open_texts

    if max_blind is not None and not 0 <= max_blind <= 1:
        raise ValueError(f"--max-blind is a share from 0 to 1; got {max_blind}.")
    check_folder(out)
    if junit:
        check_file(junit, "--junit")
    if study:
        check_file(study, "--study")
    if KIND in open_table(texts, None, None).names:
        cases = own_edits(open_pairs(texts))
    else:
        cases = edits_of(one.text for one in open_texts(texts).texts())
    recipe = Recipe(layer=layer, tolerance=tolerance)
    tables = [
        measure_edits(encoder, cases, recipe, progress=progress)
        for encoder, progress in each_encoder(model or (None,))
    ]
    table = pd.concat(tables, ignore_index=True)
    summary = edit_summary(table)
    write_findings(edit_findings(table, [f"{len(cases):,} edits of {texts}."]), out, "csv", "json")
    if junit:
        with writing(junit, "--junit"):
            junit.write_bytes(junit_report(summary, max_blind))
    if study:
        write_shipped(with_others(summary, study, ("model", "kind")), study)
    blind = 1 - summary.loc[summary["kind"] == "all harmful", "seen"]
    if max_blind is not None and (blind > max_blind).any():
        raise typer.Exit(1)


def junit_report(summary: "pd.DataFrame", max_blind: float | None) -> bytes:
    """A test a model and kind of harmful edit, failed where too many are not seen.

    Args:
        summary: From ``edit_summary``.
        max_blind: The largest share that may not be seen; None fails none.
    """
    cases = [row for _, row in summary.iterrows() if row["harmful"]]
    failed = [max_blind is not None and 1 - row["seen"] > max_blind for row in cases]
    suite = ET.Element(
        "testsuite", name="xsb probe edits", tests=str(len(cases)), failures=str(sum(failed))
    )
    for row, wrong in zip(cases, failed, strict=True):
        case = ET.SubElement(suite, "testcase", classname=str(row["model"]), name=str(row["kind"]))
        if wrong:
            message = (
                f"blind to {1 - row['seen']:.0%} of {row['edits']} edits, allowed {max_blind:.0%}"
            )
            ET.SubElement(case, "failure", message=message)
    return ET.tostring(suite, encoding="utf-8", xml_declaration=True)
