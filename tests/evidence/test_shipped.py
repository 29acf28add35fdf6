"""The figures that ship and what docs/results.md says of them."""

from pathlib import Path

from xsb_core.evidence.findings import evidence_findings, shipped_evidence

RESULTS = Path(__file__).parents[2] / "docs" / "results.md"


def test_the_documented_figures_are_those_that_ship():
    text = RESULTS.read_text(encoding="utf-8")
    section = text[text.index("## Do attributions tell") : text.index("## How neutral references")]
    table = shipped_evidence()
    told = [line for line in section.splitlines() if line.startswith("| ")]
    for (_, method), some in table.groupby(["model", "method"]):
        rows = " ".join(line for line in told if line.startswith(f"| {method} |"))
        for row in some[some["measure"] != "opposed"].itertuples():
            assert f"{row.value:.3f} [{row.low:.3f}, {row.high:.3f}]" in rows, (method, row.measure)
    assert evidence_findings(table).answers
