"""``analyse references``: the paper's Figure 2."""

from xsb_core.cli.analyse.options import Kind, Out, Paths, check_output, measured
from xsb_core.cli.findings import write_findings


def references(results: Paths, out: Out, data: Kind = "csv") -> None:
    """Tell how near to nought the similarities with references are."""
    from xsb_core.studies.reference_terms import reference_findings

    check_output(data, out)
    found = measured(results, agreements=False)
    write_findings(reference_findings(found.measures, found.runs()), out, data)
