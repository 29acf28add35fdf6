"""Negations over a set: which sentences, what is measured, how it is summed up."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.corpus.factory import encoder
from tests.zoo import make_model
from xsb_core import DataError, Encoder, Recipe, attribute
from xsb_core.studies.negation.effect import negation_effect
from xsb_core.studies.negation.findings import (
    negation_sentence,
    shipped_negation,
    summarise_negation,
    without_texts,
)
from xsb_core.studies.negation.negations import find_negations
from xsb_core.studies.negation.sentences import SHIPPED, measure_negations, negation_cases
from xsb_core.tables.texts import LocatedText, open_texts

TEST_SET = Path(__file__).parents[3] / "shared/data/stsb/stsb-en-test.csv"
TEXTS = [
    "a dog is not a cat",
    "a dog is a cat",
    "Not a cat",
    "the cat doesn't run",
    "it is not the dog, not the cat",
    "he didn't, and it is not wet",
    "a dog is not a cat",
    "not",
]


def located(texts):
    return [LocatedText(row, "t", text) for row, text in enumerate(texts)]


def rows_of(rule):
    return [case.row for case in negation_cases(located(TEXTS), rule)]


def test_plain_takes_one_not_between_spaces():
    assert rows_of("plain") == [0, 5, 6]


def test_any_takes_one_negation_of_any_form():
    # "not" alone leaves nothing to compare it with
    assert rows_of("any") == [0, 2, 3, 6]


def test_the_measured_negation_is_the_one_that_the_rule_picked():
    case = negation_cases(located(TEXTS), "plain")[1]
    assert case.negation.without == "he didn't, and it is wet"


@pytest.mark.skipif(not TEST_SET.exists(), reason="STS-B is not beside the repository")
def test_stsb_has_the_papers_87_sentences():
    cases = negation_cases(open_texts(TEST_SET).texts())
    assert len(cases) == 87
    shipped = shipped_negation()
    for _, rows in shipped.groupby("model"):
        places = list(zip(rows["row"], rows["column"], strict=True))
        assert places == [(case.row, case.column) for case in cases]


def test_no_sentence_and_no_such_rule():
    with pytest.raises(DataError, match=r"None of the 1 texts has a negation \(not, n't, cannot\)"):
        negation_cases(located(["a dog"]))
    with pytest.raises(DataError, match="1 have a negation of another kind, so take the other"):
        negation_cases(located(["a dog", "Not a dog"]))
    with pytest.raises(ValueError, match="plain, any, words"):
        negation_cases(located(TEXTS), "some")


def test_every_row_is_what_attribute_says():
    model, told = encoder(), []
    cases = negation_cases(located(TEXTS))
    table = measure_negations(model, cases, Recipe(layer=1), progress=told.append)
    assert list(table["row"]) == [0, 5, 6]
    assert list(table["sentence"]) == [0, 1, 0]
    for row in table.itertuples():
        result = attribute(model, row.text, row.without, 1)
        (negation,) = [one for one in find_negations(row.text) if one.plain]
        effect = negation_effect(result, negation)
        assert row.total == pytest.approx(effect.total, abs=1e-5)
        assert row.share == pytest.approx(effect.share, abs=1e-5)
        assert row.border == pytest.approx(effect.border, abs=1e-5)
        assert row.net == pytest.approx(result.net_matrix[list(effect.rows)].sum(), abs=1e-5)
        assert row.score == pytest.approx(result.score, abs=1e-6)
        assert row.residual <= 1e-3
    assert told[-1] == 1.0
    assert not {"text", "without"} & set(without_texts(table))


def test_what_raises_in_progress_ends_the_study():
    class Enough(Exception):
        pass

    def stop(share):
        raise Enough

    with pytest.raises(Enough):
        measure_negations(encoder(), negation_cases(located(TEXTS)), Recipe(layer=1), progress=stop)


def test_sentences_cut_before_the_negation_are_left_out():
    short = Encoder(make_model("bert", max_length=6, blocks=2, hidden=16, heads=2), "short")
    texts = located(["the cat and the dog are not wet", "it is not wet"])
    told = []
    table = measure_negations(
        short,
        negation_cases(texts),
        Recipe(layer=1),
        leave_out=lambda case, why: told.append((case.row, why)),
    )
    assert list(table["row"]) == [1]
    ((row, why),) = told
    assert row == 0
    assert why.startswith("short does not read as far as “not”")
    with pytest.raises(
        DataError, match="can read none of the 1 sentences; the first: short does not"
    ):
        measure_negations(short, negation_cases(texts[:1]), Recipe(layer=1))


def test_summary_by_hand():
    table = pd.DataFrame(
        {
            "model": ["m"] * 5 + ["n"],
            "sentence": [0, 1, 0, 2, 3, 0],
            "total": [-0.1, 0.2, -0.1, 0.3, 0.1, 0.5],
            "border": [0.2, -0.3, 0.2, 0.0, 0.0, -0.6],
            "net": [-0.1, -0.1, -0.1, 0.0, 0.2, 0.1],
            "share": [-0.1, 0.2, -0.1, 0.4, 0.1, 0.5],
        }
    )
    first, second = summarise_negation(table)
    assert (first.model, first.sentences, first.distinct) == ("m", 5, 4)
    assert first.negative == pytest.approx(2 / 5)
    assert first.negative_distinct == pytest.approx(1 / 4)
    assert first.negative_bordered == pytest.approx(1 / 5)
    assert first.share_90 == pytest.approx(0.2 + 0.6 * 0.2)  # between the 4th and the 5th of five
    assert (second.negative, second.negative_bordered) == (0.0, 1.0)
    assert (first.negative_net, second.negative_net) == (pytest.approx(3 / 5), 0.0)
    assert "m: 40% of 5 negations lower the score (25%" in negation_sentence(first)


@pytest.mark.parametrize("rule", SHIPPED)
def test_the_shipped_study_is_of_shelf_and_exact_without_sentences(rule):
    table = shipped_negation(rule)
    assert list(dict.fromkeys(table["model"])) == ["shelf", "exact"]
    assert set(table["layer"]) == {4}
    assert (table["residual"] <= 1e-3).all()
    np.testing.assert_allclose(table["share"], table["total"] / table["score"])
    exact = table[table["model"] == "exact"]
    np.testing.assert_allclose(exact["border"], 0, atol=1e-6)
    assert not {"text", "without"} & set(table)
