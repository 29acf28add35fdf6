"""``analyse measures``: what the other commands and the page start from, as small Parquet."""

from xsb_core.cli.analyse.options import Out, Paths, opened
from xsb_core.cli.writing import check_folder, writing


def measures(results: Paths, out: Out) -> None:
    """Measure every pair and compare runs of a layer; figures only, no texts, no matrices."""
    check_folder(out)
    study = opened(results, agreements=True)
    with writing(out):
        study.save(out)
    print(
        f"{out}: {len(study.measures):,} rows of measures, {len(study.agreements):,} rows of "
        f"agreements, of {', '.join(study.runs())}"
    )
