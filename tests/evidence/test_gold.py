"""Human alignments as people have them, and files that don't hold."""

import numpy as np
import pytest

from tests.evidence.planted import bilinear
from tests.zoo import make_model
from xsb_core import DataError, Encoder, Recipe
from xsb_core.evidence.findings import evidence_findings, evidence_summary
from xsb_core.evidence.gold import read_gold
from xsb_core.evidence.measure import measure_evidence

WA = """<sentence id="7" status="">
// A caf\xe9 & two
<source>
1 A : 
2 caf\xe9 : 
3 : : 
</source>
<translation>
1 No : 
2 bar : 
</translation>
<alignment>
1 <==> 1 // OPPO // 4 // A <==> No
2 3 <==> 2 // SIMI_FACT // 3 // x <==> y
0 <==> 2 // NOALI // NIL // -not aligned- <==> z
</alignment>
</sentence>
<sentence id="8" status="">
<source>
1 A : 
</source>
<translation>
</translation>
<alignment>
</alignment>
</sentence>
"""


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_semeval(tmp_path, encoding):
    path = tmp_path / "one.wa"
    path.write_text(WA, encoding=encoding)
    (pair,), (reject,) = read_gold(path)
    assert (pair.id, pair.a, pair.b) == ("7", "A café :", "No bar")
    assert [pair.a[slice(*span)] for span in pair.words_a] == ["A", "café", ":"]
    np.testing.assert_allclose(pair.weights, [[0.8, 0], [0, 0.6], [0, 0.6]])
    assert pair.opposed.tolist() == [[True, False], [False, False], [False, False]]
    assert (reject.line, reject.reason) == (18, "a sentence is missing")


def test_lines_and_tables(tmp_path):
    lines = tmp_path / "links.txt"
    lines.write_text(
        "a dog ||| the cat ||| 0-0:0.5 1-1\n\nx ||| y ||| 0-3\nx ||| y\nx ||| y ||| 0+0\n"
    )
    (pair,), rejects = read_gold(lines)
    np.testing.assert_allclose(pair.weights, [[0.5, 0], [0, 1]])
    assert [one.reason for one in rejects] == [
        "link 0-3 is out of range for 1 and 1 words (from 0)",
        "expected text A ||| text B ||| links, got 2 parts",
        "'0+0' is no link such as 0-0 or 1-2:0.6",
    ]
    table = tmp_path / "links.csv"
    table.write_text("text_a,text_b,alignment\na dog,the cat,1-1\nx,y,\n")
    (pair,), (reject,) = read_gold(table)
    assert pair.weights.tolist() == [[0, 0], [0, 1]]
    assert reject.reason == "no two words are linked"


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("x.csv", "text_a,text_b\na,b\n", "has no column 'alignment'"),
        (
            "x.txt",
            "nothing\n",
            r"no pair with .* that can be used; the first \(1\)",
        ),
        ("x.wa", "", "no pair with a human alignment"),
    ],
)
def test_what_holds_nothing_is_refused(tmp_path, name, text, says):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(DataError, match=says):
        read_gold(path)
    with pytest.raises(DataError, match="can't be read: No such file"):
        read_gold(tmp_path / "none.wa")


def written(tmp_path, text):
    path = tmp_path / "links.txt"
    path.write_text(text)
    return read_gold(path)[0]


def test_words_need_not_be_the_tokenizers(tmp_path):
    gold = written(tmp_path, "I do n't eat cat-food ||| We love playing outdoors ||| 2-2 4-1")
    table = measure_evidence(
        Encoder(make_model("bert"), "random"), gold, tmp_path / "out", ["net"], Recipe(layer=2)
    )
    (row,) = table.itertuples()
    assert len(row.cells) == 5 * 4
    assert row.links.sum() == 2
    assert np.isfinite(row.cells).all()


def test_pairs_of_one_word_have_no_precision_and_break_nothing(tmp_path):
    gold = written(tmp_path, "a1 ||| b1 ||| 0-0\na2 x1 ||| b2 ||| 0-0\n")
    table = measure_evidence(bilinear(), gold, tmp_path / "out", ["net", "random"])
    precision = table[table["method"] == "net"]["average_precision"]
    assert np.isnan(precision.iloc[0])
    assert precision.iloc[1] == 1.0
    assert evidence_findings(evidence_summary(table)).answers
    alone = measure_evidence(bilinear(), gold[:1], tmp_path / "alone", ["net"])
    assert evidence_findings(evidence_summary(alone)).answers


def test_pairs_that_are_not_read_to_their_end_are_left_out(tmp_path):
    encoder = Encoder(make_model("bert", max_length=8), "short")
    long = " ".join(["word"] * 20)
    gold = written(tmp_path, f"{long} ||| a dog ||| 19-1\na dog ||| the dog ||| 1-1\n")
    table = measure_evidence(encoder, gold, tmp_path / "out", ["net"], Recipe(layer=2))
    assert table["pair"].tolist() == [1]
    with pytest.raises(DataError, match="None of the pairs can be used: the model reads none"):
        measure_evidence(encoder, gold[:1], tmp_path / "none", ["net"], Recipe(layer=2))
    with pytest.raises(DataError, match="or no method asked for has cells"):
        measure_evidence(bilinear(), gold[1:], tmp_path / "cells", ["leave-one-out"])
