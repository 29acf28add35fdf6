"""The figures that ship: every method of both kinds of sets, and an answer from them."""

from xsb_core.evidence.edits import shipped_edits, summary_findings
from xsb_core.evidence.findings import MEASURES, evidence_findings, shipped_evidence
from xsb_core.evidence.measure import DEFAULT_METHODS

# docs/results.md is held to them by tests/test_results_document.py


def test_what_ships_answers_the_question():
    table = shipped_evidence()
    assert set(table["measure"]) <= set(MEASURES)
    for model in ("shelf", "all-mpnet-base-v2"):
        assert {*DEFAULT_METHODS} <= set(table.loc[table["model"] == model, "method"])
    assert {f"net@{layer}" for layer in range(6)} <= set(table["method"])
    assert (table["low"] <= table["value"] + 1e-9).all()
    assert (table["value"] <= table["high"] + 1e-9).all()
    answer = evidence_findings(table).answers[0]
    assert answer.startswith("Yes, in shelf: deleting the words that this page's cells (net) rank")
    assert "The most faithful totals when words are really deleted: net for shelf" in answer
    assert "A baseline wins: exact-match in interaction of shelf" in answer
    assert "is blind to" in summary_findings(shipped_edits()).answers[0]
