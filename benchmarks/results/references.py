"""Reference terms on STS-B test (the paper's Figure 2)."""

from benchmarks.results import markdown_table
from xsb_core.studies.findings import percent
from xsb_core.studies.measurements import STSB, Measurements
from xsb_core.studies.reference_terms import PAPER_BELOW, PAPER_WITHIN, reference_terms


def section() -> str:
    """The shares within and below the bounds, by model."""
    measures = Measurements.load(STSB).measures
    rows = [
        ("the paper's off-the-shelf model", percent(PAPER_WITHIN), percent(PAPER_BELOW), "1,379")
    ]
    for run in measures.loc[measures["cosine"] == "through", "run"].unique():
        found = reference_terms(measures, run)
        rows.append((run, percent(found.within), percent(found.below), f"{found.pairs:,}"))
    table = markdown_table(
        ("model", "f(a, r_b), f(b, r_a) within ±0.1", "f(r_a, r_b) below 0.9", "pairs"), rows
    )
    return f"""{table}

Shelf's references are more neutral than those of the paper's model, and references of different
lengths more alike. Fine-tuning without the shift makes them less neutral. exact maps them to zero,
so it has no such terms."""
