"""``analyse references``: the paper's Figure 2."""

from xsb_core.cli.analyse.options import Kind, Out, Paths, checked, opened, write


def references(results: Paths, out: Out, data: Kind = "csv") -> None:
    """Tell how near to nought the similarities with references are."""
    import pandas as pd

    from xsb_core.figures.reference_histograms import reference_histograms
    from xsb_core.studies.references.terms import reference_terms

    checked(data, out)
    study = opened(results, agreements=False)
    found = [reference_terms(study.measures, run) for run in study.runs()]
    write(
        out,
        "references",
        data,
        pd.concat([one.table() for one in found], ignore_index=True),
        "Similarities with references",
        {one.run: reference_histograms(one) for one in found},
        [line for one in found for line in one.lines()],
        [note for one in found for note in one.notes],
    )
