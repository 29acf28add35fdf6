"""``analyse agreement``: the paper's Figures 3 and 4."""

from typing import Annotated

import typer

from xsb_core.cli.analyse.options import Kind, Out, Paths, check_output, measured
from xsb_core.cli.findings import write_findings


def agreement(
    results: Paths,
    out: Out,
    data: Kind = "csv",
    above: Annotated[
        float, typer.Option(help="Figure 4 counts pairs with a mean score above this.")
    ] = 0.5,
    layer: Annotated[
        int | None, typer.Option(help="Figure 3's layer; default the deepest that there is.")
    ] = None,
) -> None:
    """Tell how far two models' attributions agree, by score and by layer."""
    from xsb_core.errors import DataError
    from xsb_core.studies.agreement.findings import agreement_findings

    check_output(data, out)
    found = measured(results, agreements=True)
    runs = found.runs()
    if len(runs) != 2:
        raise DataError(
            f"Agreement is between two runs, but these results are of {len(runs)} "
            f"({', '.join(runs)}); give those of two models, or of two treatments."
        )
    write_findings(agreement_findings(found.agreements, *runs, layer=layer, above=above), out, data)
