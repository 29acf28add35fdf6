"""Adjective triplets: what is accepted, what is attributed, how it is summed up."""

import json

import numpy as np
import pandas as pd
import pytest

from tests.corpus.factory import encoder
from tests.zoo import make_model
from xsb_core import DataError, Encoder, Recipe, TextError, attribute, to_words
from xsb_core.studies.adjectives.pairs import (
    adjective_sentences,
    attribute_adjectives,
    opposite_below_synonym,
    shipped_adjectives,
    summarise_adjectives,
)
from xsb_core.studies.adjectives.triplets import (
    DEFAULT_TEMPLATE,
    Placed,
    Triplet,
    adjective_attribution,
    check_templates,
    check_triplets,
    paper_triplets,
    place,
    read_triplets,
)

TRIPLET = Triplet("beautiful", "pretty", "ugly")


def test_the_papers_triplets():
    triplets = paper_triplets()
    assert len(triplets) == 23
    assert triplets[0] == TRIPLET
    assert triplets[-1] == Triplet("unequal", "uneven", "balanced")


def test_an_adjective_takes_the_slots_place():
    assert place(DEFAULT_TEMPLATE, "ugly") == Placed("This house is ugly.", 14, 18)
    assert place("A __ dog", "big") == Placed("A big dog", 2, 5)


def test_templates_are_trimmed_and_blank_ones_passed_over():
    assert check_templates([" It is ___. ", "", "A ____ dog"]) == ("It is ___.", "A ____ dog")


@pytest.mark.parametrize(
    ("templates", "message"),
    [
        (["This house is nice."], "“This house is nice.” has no slot; put ___ exactly once"),
        (["A ___ and ___ dog"], "has 2 slots"),
        (["It is ___.", "It is ___. "], "“It is ___.” comes twice"),
        (["", " "], "There is no template"),
        ([], "There is no template"),
    ],
)
def test_wrong_templates_are_named(templates, message):
    with pytest.raises(DataError, match=message):
        check_templates(templates)


def test_triplets_are_trimmed_and_empty_rows_passed_over():
    rows = [(" big ", "huge", "small"), (None, "", float("nan")), (pd.NA, None, " ")]
    assert check_triplets(rows) == (Triplet("big", "huge", "small"),)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "The table of triplets is empty"),
        ([("", None, "")], "The table of triplets is empty"),
        ([("big", "huge", "small"), ("big", "", "small")], "Triplet 2 has no synonym"),
        ([("big", "huge", None)], "Triplet 1 has no opposite"),
        ([("big", "Big", "small")], "same adjective twice \\(big, Big, small\\)"),
        (
            [("big", "huge", "small"), ("a", "b", "c"), ("big", "huge", "small")],
            "Triplet 3 is the same as triplet 1",
        ),
    ],
)
def test_wrong_triplets_are_named(rows, message):
    with pytest.raises(DataError, match=message):
        check_triplets(rows)


def test_triplets_from_files(tmp_path):
    rows = [{"opposite": "ugly", "Anchor": "beautiful", "synonym": "pretty", "note": "x"}]
    (tmp_path / "a.jsonl").write_text(json.dumps(rows[0]), encoding="utf-8")
    pd.DataFrame(rows).to_parquet(tmp_path / "a.parquet")
    (tmp_path / "a.csv").write_text("anchor,synonym,opposite\nbeautiful,pretty,ugly\n")
    for name in ("a.jsonl", "a.parquet", "a.csv"):
        assert read_triplets(tmp_path / name) == (TRIPLET,)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("anchor,synonym\nbig,huge\n", "has the columns anchor, synonym; expected anchor, synonym"),
        ("anchor,synonym,opposite\nbig,,small\n", "Triplet 1 has no synonym"),
        ("anchor,synonym,opposite\nbig,huge,small,x\n", "Line 2 of .* can't be read"),
        ("anchor,synonym,opposite\n", "has a header but no rows"),
    ],
)
def test_wrong_files_are_named(tmp_path, content, message):
    path = tmp_path / "a.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_triplets(path)


def test_attribution_is_the_word_cell_of_both_adjectives(minilm):
    """One word each, of one token and of several: the cell of the word-level matrix."""
    for adjective in ("ugly", "unimaginative"):
        a, b = place(DEFAULT_TEMPLATE, "beautiful"), place(DEFAULT_TEMPLATE, adjective)
        result = attribute(minilm, a.sentence, b.sentence)
        words = to_words(result, "mean")
        expected = words.matrix[words.a.tokens.index("beautiful"), words.b.tokens.index(adjective)]
        assert adjective_attribution(result, a, b) == pytest.approx(expected)
    assert len(result.b.tokens) > len(words.b.tokens)


def test_an_adjective_of_two_words_is_the_mean_of_all_its_cells(minilm):
    a, b = place(DEFAULT_TEMPLATE, "far away"), place(DEFAULT_TEMPLATE, "near")
    result = attribute(minilm, a.sentence, b.sentence)
    rows = [result.a.tokens.index(token) for token in ("far", "away")]
    expected = np.mean([result.matrix[row, result.b.tokens.index("near")] for row in rows])
    assert adjective_attribution(result, a, b) == pytest.approx(expected)


def test_an_adjective_that_is_not_read_is_told(minilm):
    short = Encoder(make_model("bert", max_length=4), "short")
    a, b = place("the dog is very ___", "big"), place("the dog is very ___", "small")
    with pytest.raises(TextError, match="Text A: short does not read as far as “big”"):
        adjective_attribution(attribute(short, a.sentence, b.sentence, 1), a, b)


def test_every_row_is_what_attribute_says():
    model, told = encoder(), []
    triplets = (TRIPLET, Triplet("old", "aged", "young"))
    templates = ("the dog is ___", "a ___ cat")
    table = attribute_adjectives(model, triplets, templates, Recipe(layer=1), progress=told.append)
    assert len(table) == 2 * 2 * 2
    assert told == sorted(told)
    assert told[-1] == 1
    for row in table.itertuples():
        a, b = place(row.template, row.anchor), place(row.template, row.adjective)
        assert (row.text_a, row.text_b) == (a.sentence, b.sentence)
        result = attribute(model, a.sentence, b.sentence, 1)
        assert row.attribution == pytest.approx(adjective_attribution(result, a, b), abs=1e-6)
        assert row.score == pytest.approx(result.score, abs=1e-6)
        assert row.adjective == getattr(triplets[row.triplet - 1], row.kind)


def test_summary_by_hand():
    table = pd.DataFrame(
        {
            "model": ["m"] * 4,
            "template": ["t"] * 4,
            "triplet": [1, 1, 2, 2],
            "kind": ["synonym", "opposite"] * 2,
            "attribution": [0.3, -0.1, 0.1, 0.2],
            "net": [0.1, -0.2, 0.3, 0.0],
        }
    )
    synonym, opposite = summarise_adjectives(table)
    assert (synonym.kind, synonym.pairs, synonym.negative) == ("synonym", 2, 0.0)
    assert synonym.mean == pytest.approx(0.2)
    assert synonym.deviation == pytest.approx(np.sqrt(0.02))
    assert (opposite.mean, opposite.negative) == (pytest.approx(0.05), 0.5)
    assert opposite_below_synonym(table) == {"m": 0.5}
    (sentence,) = adjective_sentences(table)
    assert sentence.startswith(
        "m: the mean attribution is +0.200 for synonyms and +0.050 for opposites; 0% and 50% are "
        "below zero. In net cells the means are +0.200 and −0.100."
    )


def test_the_shipped_study_is_of_shelf_and_exact_with_the_papers_triplets(minilm):
    table = shipped_adjectives()
    assert list(dict.fromkeys(table["model"])) == ["shelf", "exact"]
    assert set(table["layer"]) == {4}
    shelf = table[table["model"] == "shelf"]
    assert len(shelf) == 46
    assert set(shelf["template"]) == {DEFAULT_TEMPLATE}
    row = shelf.iloc[1]
    a, b = place(DEFAULT_TEMPLATE, "beautiful"), place(DEFAULT_TEMPLATE, "ugly")
    expected = adjective_attribution(attribute(minilm, a.sentence, b.sentence), a, b)
    assert row["attribution"] == pytest.approx(expected, abs=1e-4)
