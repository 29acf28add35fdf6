"""``analyse signs``: the paper's Figure 5."""

from xsb_core.cli.analyse.options import Kind, Out, Paths, check_output, measured
from xsb_core.cli.findings import write_findings


def signs(results: Paths, out: Out, data: Kind = "csv") -> None:
    """Set the sums of positive cells against those of negative ones."""
    from xsb_core.studies.signs import sign_findings

    check_output(data, out)
    measures = measured(results, agreements=False).measures
    places = measures[["run", "layer"]].drop_duplicates().itertuples(index=False)
    write_findings(sign_findings(measures, places), out, data)
