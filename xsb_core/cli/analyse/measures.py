"""``analyse measures``: what the other commands and the page start from, as small Parquet."""

from xsb_core.cli.analyse.options import Out, Paths, opened


def measures(results: Paths, out: Out) -> None:
    """Measure every pair and compare runs of a layer; figures only, no texts, no matrices."""
    study = opened(results, agreements=True)
    study.save(out)
    print(
        f"{out}: {len(study.measures):,} rows of measures, {len(study.agreements):,} rows of "
        f"agreements, of {', '.join(study.runs())}"
    )
