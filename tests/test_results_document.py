"""docs/results.md says what the shipped assets give."""

import re

import pytest

from benchmarks.results import DOCUMENT, markdown_table, names, rewritten


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
