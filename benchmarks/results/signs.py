"""Positive and negative sums on STS-B test: the paper's Figure 5, and its open question."""

from textwrap import fill

from benchmarks.results import markdown_table
from xsb_core.studies import STSB, Study, sign_sums, treatments
from xsb_core.studies.finding import percent


def section() -> str:
    """Sums by model and layer, and both cosine treatments."""
    measures = Study.load(STSB).measures
    rows = []
    for (run, layer), _ in measures.groupby(["run", "layer"], sort=False):
        found = sign_sums(measures, run, layer)
        table = found.table
        rows.append(
            (
                run,
                layer,
                f"{table['positive'].mean():.2f}",
                f"{table['negative'].mean():.2f}",
                f"{found.bound:.0f}",
                percent(found.above),
                percent(found.total_above),
                f"{len(table):,}",
            )
        )
    rows.sort(key=lambda row: (row[0], -row[1]))
    heads = (
        *("model", "layer", "mean positive sum", "mean negative sum", "bound"),
        *("positive sum above it", "whole sum above it", "pairs"),
    )
    answers = "\n\n".join(fill(one.answer(), 100) for one in treatments(measures))
    return f"""{markdown_table(heads, rows)}

The bound is what cells could add up to at most if references were neutral: 1 for exact, 2 for the
others. The paper finds sums above the bound far more often in Shelf than in Exact and leaves open
whether the method or the model makes them. The published code normalises at the end (`endpoint`),
whose cells of an unshifted model don't add up to the paper's own Eq. 2; `through` differentiates
the normalised embedding, and its cells do ([method.md](method.md)).

{answers}

Measured so that cells add up, the order turns round: at every layer that both have, exact exceeds
its bound more often than shelf does, and makes up for it with negative cells; whole sums hardly
ever exceed it. This is of all-MiniLM-L6-v2: how far `endpoint` is off depends on how long a model's
references are against its texts."""
