"""``analyse measures``: what the other commands and the page start from, as small Parquet."""

from xsb_core.cli.analyse.options import Out, Paths, measured
from xsb_core.cli.writing import check_folder, writing


def measures(results: Paths, out: Out) -> None:
    """Measure every pair and compare runs of a layer; figures only, no texts, no matrices."""
    check_folder(out)
    found = measured(results, agreements=True)
    with writing(out):
        found.save(out)
    print(
        f"{out}: {len(found.measures):,} rows of measures, {len(found.agreements):,} rows of "
        f"agreements, of {', '.join(found.runs())}"
    )
