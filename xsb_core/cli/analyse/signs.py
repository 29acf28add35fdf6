"""``analyse signs``: the paper's Figure 5."""

from xsb_core.cli.analyse.options import Kind, Out, Paths, checked, opened, write


def signs(results: Paths, out: Out, data: Kind = "csv") -> None:
    """Set the sums of positive cells against those of negative ones."""
    import pandas as pd

    from xsb_core.figures.sign_scatter import sign_scatter
    from xsb_core.studies.references.signs import sign_sums, treatments

    checked(data, out)
    study = opened(results, agreements=False)
    each = study.measures[["run", "layer"]].drop_duplicates()
    found = [sign_sums(study.measures, *one) for one in each.itertuples(index=False)]
    write(
        out,
        "signs",
        data,
        pd.concat([one.table for one in found], ignore_index=True),
        "Sums of positive and of negative cells",
        {"Positive against negative": sign_scatter(found)},
        [line for one in found for line in one.lines()],
        [
            *(two.answer() for two in treatments(study.measures)),
            *(note for one in found for note in one.notes),
        ],
    )
