"""docs/results.md and docs/reproduction.md say what the shipped assets give."""

import dataclasses
import json
import re

import pandas as pd
import pytest

from benchmarks.reproduction import COMPUTED, REPRODUCTION, page
from benchmarks.reproduction.table import CLAIMS
from benchmarks.results import DOCUMENT, markdown_table, names, rewritten
from xsb_core.encoders.ready import ASSETS

STUDIES = ASSETS / "studies"


def claims(document: str) -> dict[tuple[str, str], list[str]]:
    """The tables' rows: the paper's figure, ours of both models, and the verdict."""
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in document.splitlines()
        if re.match(r"\| [FT]\d", line)
    ]
    return {tuple(claim.split(": ", 1)): rest for claim, *rest in cells}


def test_document_equals_what_the_assets_give():
    document = DOCUMENT.read_text(encoding="utf-8")
    assert {"references", "agreement", "signs"} <= set(names())
    assert rewritten(document) == document
    assert not re.search(r"\bnan\b", document)


def test_sections_are_replaced_and_the_rest_kept():
    document = DOCUMENT.read_text(encoding="utf-8")
    spoiled = re.sub(
        r"(<!-- begin: signs -->).*?(<!-- end: signs -->)", r"\1 old \2", document, flags=re.DOTALL
    )
    assert spoiled != document
    assert rewritten(spoiled) == document


def test_missing_markers_are_named():
    with pytest.raises(ValueError, match="one '<!-- begin: "):
        rewritten("# Results")


def test_tables():
    assert markdown_table(("a", "b"), [(1, "x")]) == "| a | b |\n| --- | --- |\n| 1 | x |"


def test_reproduction_equals_what_the_assets_give():
    document = REPRODUCTION.read_text(encoding="utf-8")
    assert page.document() == document
    rows = claims(document)
    assert len(rows) == len(CLAIMS) >= 30
    wanted = {"T1", "T3, T4", *(f"F{number}" for number in range(1, 13))}
    assert {where for where, _ in rows} == wanted
    assert not re.search(r"\bnan\b", document)


def row(says: str) -> list[str]:
    rows = claims(REPRODUCTION.read_text(encoding="utf-8"))
    (found,) = (cells for (_, name), cells in rows.items() if name.startswith(says))
    return found


def test_figures_of_the_table_by_another_way():
    for place, base in enumerate((STUDIES / "mpnet", ASSETS), 1):
        lines = map(json.loads, (base / "evaluation.jsonl").read_text().splitlines())
        assert row("Shelf's Spearman")[place] == f"{next(lines)['spearman']:.1f}"
    table = pd.read_parquet(STUDIES / "mpnet" / "references.parquet")
    shelf = table[table["model"] == "sentence-transformers/all-mpnet-base-v2"]
    near = pd.concat([shelf["a_rb"], shelf["b_ra"]]).between(-0.1, 0.1)
    assert len(shelf) == 1379
    assert row("Shelf: most similarities")[:2] == ["85.8%", f"{near.mean():.1%}"]
    assert row("Shelf: few reference terms")[1] == f"{(shelf['ra_rb'] < 0.9).mean():.1%}"
    cells = pd.read_parquet(STUDIES / "stsb" / "agreements.parquet").query(
        "run_1 == 'tuned' and run_2 == 'exact' and layer_1 == 5 and score_1 + score_2 > 1.5"
    )["spearman"]
    said = f"{cells.mean():.2f} ± {cells.std(ddof=0):.2f}"
    assert row("Spearman where scores exceed 0.75")[2:4] == [said, "MiniLM: weaker"]
    negations = pd.read_parquet(STUDIES / "negation" / "plain.parquet").query("model == 'exact'")
    assert row("Exact: few *not*s")[2] == f"{(negations['total'] < 0).mean():.0%} of 87"


def test_what_is_not_shipped_is_not_told(monkeypatch, tmp_path):
    """No figure of ours is written by hand: without assets none is left."""
    for name in ("MPNET", "MINILM"):
        base = getattr(page, name)
        empty = dataclasses.replace(base, studies=tmp_path, evaluation=tmp_path / "none.jsonl")
        monkeypatch.setattr(page, name, empty)
    document = page.document()
    for cells in claims(document).values():
        assert cells[1:4] == ["not computed", "not computed", "–"]
    errors = document.partition("## What the numerical")[2].partition("## Computing")[0]
    assert "Not computed yet" in errors


def test_each_step_says_machine_and_time():
    steps = pd.read_csv(COMPUTED)
    assert steps["step"].is_unique
    assert (steps["processor_seconds"] > 0).all()
    assert steps.notna().all(axis=None)
    said = (REPRODUCTION.parent.parent / "benchmarks" / "reproduction" / "steps.sh").read_text()
    for claim in CLAIMS:
        assert f"\n  {claim.step}) #" in said
