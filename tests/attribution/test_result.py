"""The result, its account, its verdict and its tables, on results made by hand."""

import csv
import dataclasses
import io
import json
import math

import numpy as np
import pandas as pd
import pytest

from tests.figures.factory import make_result
from xsb_core import (
    Attribution,
    Look,
    ReferenceTerms,
    account,
    account_gap,
    attribute,
    cell_table,
    strongest_cells,
    to_csv,
    to_words,
    trust,
)

WORDS_A, WORDS_B = ["He", "isn't", "here"], ["😀", "Ġ", "nobody"]
KEYS = (
    *("model", "layer", "score", "tokens_a", "tokens_b", "matrix", "border_a", "border_b"),
    *("corner", "reference_terms", "sum_matrix", "residual_a", "residual_b", "nodes_a", "nodes_b"),
    *("converged", "cosine", "quadrature", "seconds"),
)


@pytest.fixture
def result():
    return make_result(WORDS_A, WORDS_B)


def assert_same(one, other):
    for field in dataclasses.fields(one):
        left, right = getattr(one, field.name), getattr(other, field.name)
        if isinstance(left, np.ndarray):
            assert left.dtype == right.dtype == np.float64
            assert left.tobytes() == right.tobytes()
        else:
            assert left == right
            assert type(left) is type(right)


def test_saved_and_loaded_it_is_the_same(minilm, tmp_path):
    path = tmp_path / "pair.json"
    real = attribute(minilm, "naïve 😀 \0 text", 'A "quoted"\nline', 5)
    for result in (real, to_words(real, "mean"), to_words(real, "sum")):
        result.save(path)
        assert_same(Attribution.load(path), result)
        assert_same(Attribution.load(str(path)), result)


def test_plain_values_carry_the_names_that_others_rely_on(result):
    values = result.to_dict()
    assert set(KEYS) <= set(values)
    assert set(values["reference_terms"]) == {"a_rb", "b_ra", "ra_rb"}
    assert values["tokens_a"] == ("[CLS]", *WORDS_A, "[SEP]")
    assert values["text_b"] == "😀 Ġ nobody"
    assert values["matrix"] == result.matrix.tolist()
    assert values["format"] == 1
    assert json.loads(result.to_json()) == json.loads(json.dumps(values))


def test_json_is_one_line_of_readable_text(result):
    text = result.to_json()
    assert "\n" not in text
    assert "😀" in text


def test_numbers_that_are_not_finite_are_not_saved(tmp_path):
    result = make_result(WORDS_A, WORDS_B, score=math.nan)
    with pytest.raises(ValueError, match="not JSON compliant"):
        result.save(tmp_path / "pair.json")
    assert not (tmp_path / "pair.json").exists()


@pytest.mark.parametrize("field", [*KEYS, "text_a", "spans_b", "versions"])
def test_a_missing_field_is_named(result, field):
    values = json.loads(result.to_json())
    del values[field]
    with pytest.raises(ValueError, match=rf"\({field}: missing\); save it again"):
        Attribution.from_dict(values)


@pytest.mark.usefixtures("untyped")
@pytest.mark.parametrize(
    "wrong",
    [
        {"matrix": [[0.0] * 5] * 4},
        {"matrix": None},
        {"matrix": [[0.0], [0.0, 1.0]]},
        {"border_b": "none"},
        {"spans_a": None},
        {"spans_b": [[0]] * 5},
        {"tokens_a": None},
        {"reference_terms": {"x": 1}},
        {"reference_terms": None},
    ],
)
def test_a_broken_field_is_refused(result, wrong):
    with pytest.raises(ValueError, match=r"^The saved attribution is broken \(.+\); save it again"):
        Attribution.from_dict(json.loads(result.to_json()) | wrong)


@pytest.mark.usefixtures("untyped")
@pytest.mark.parametrize("other", [{}, [], 3, None, "text", {"format": 2}, {"matrix": [[1.0]]}])
def test_other_json_is_refused(tmp_path, other):
    path = tmp_path / "other.json"
    path.write_text(json.dumps(other))
    with pytest.raises(ValueError, match="Expected an attribution saved by this library"):
        Attribution.load(path)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", b"matrix,score\n1,2\n"])
def test_what_is_no_json_is_refused(tmp_path, content):
    path = tmp_path / "other.json"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"other\.json can't be read \(it is not JSON: "):
        Attribution.load(path)


def test_a_result_can_not_be_changed(result):
    for name in ("matrix", "border_a", "border_b"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(result, name)[0] = 0
    with pytest.raises(dataclasses.FrozenInstanceError):
        result.score = 1.0
    cells = np.zeros((5, 5))
    copy = dataclasses.replace(result, matrix=cells)
    cells[0, 0] = 1
    assert copy.matrix[0, 0] == 0


@pytest.mark.usefixtures("untyped")
def test_cells_must_fit_the_tokens(result):
    with pytest.raises(ValueError, match=r"matrix: expected the shape \(5, 5\)"):
        dataclasses.replace(result, matrix=np.zeros((4, 5)))
    with pytest.raises(ValueError, match=r"border_b: expected the shape \(5,\)"):
        dataclasses.replace(result, border_b=np.zeros(4))


def test_the_account_adds_up(result):
    lines = account(result)
    assert [line.key for line in lines] == ["corner", "border_a", "border_b", "matrix"]
    assert [line.value for line in lines] == [
        result.corner,
        result.sum_border_a,
        result.sum_border_b,
        result.sum_matrix,
    ]
    assert sum(line.value for line in lines) == pytest.approx(result.score, abs=1e-12)
    assert account_gap(result) == pytest.approx(0, abs=1e-12)


def test_special_tokens_take_a_line_of_their_own(result):
    values = {line.key: line.value for line in account(result, special=False)}
    assert list(values) == ["corner", "border_a", "border_b", "matrix", "special"]
    assert values["corner"] == result.corner
    assert values["border_a"] == pytest.approx(result.border_a[1:4].sum(), abs=1e-12)
    assert values["border_b"] == pytest.approx(result.border_b[1:4].sum(), abs=1e-12)
    assert values["matrix"] == pytest.approx(result.matrix[1:4, 1:4].sum(), abs=1e-12)
    outer = [result.matrix[0], result.matrix[4], result.matrix[1:4, 0], result.matrix[1:4, 4]]
    outer += [result.border_a[[0, 4]], result.border_b[[0, 4]]]
    assert values["special"] == pytest.approx(sum(part.sum() for part in outer), abs=1e-12)
    assert sum(values.values()) == pytest.approx(result.score, abs=1e-12)


def test_the_account_of_words(result):
    for how in ("mean", "sum"):
        assert account(to_words(result, how)) == account(result)
    sums = {line.key: line.value for line in account(to_words(result, "sum"), special=False)}
    for line in account(result, special=False):
        assert sums[line.key] == pytest.approx(line.value, abs=1e-12)
    with pytest.raises(ValueError, match="can't be told from word means"):
        account(to_words(result, "mean"), special=False)


def test_the_gap_is_what_the_account_leaves_out(result):
    assert account_gap(dataclasses.replace(result, score=result.score + 0.25)) == pytest.approx(
        0.25
    )


def test_shifted_encoders_are_exact():
    zero = ReferenceTerms(0.0, 0.0, 0.0)
    nothing = dict.fromkeys(("sum_border_a", "sum_border_b", "corner"), 0.0)
    options = {"shifted": True, "reference_terms": zero} | nothing
    for cosine, similarity in (("endpoint", "cosine"), (None, "dot")):
        verdict = trust(make_result(["a"], ["b"], cosine=cosine, similarity=similarity, **options))
        assert verdict.level == "exact"
        assert verdict.sentence.startswith("Exact: this encoder maps its references to zero")
        assert "; residual 4.2e-05, 8 nodes)" in verdict.sentence
    through = make_result(["a"], ["b"], cosine="through", **options)
    assert trust(through).level == "approximate"


@pytest.mark.parametrize(
    ("a_rb", "b_ra", "words"),
    [
        (0.1, -0.1, "Both reference similarities (+0.100, −0.100) stay within ±0.1"),
        (0.11, 0.0, "f(a, r_b) = +0.110 leaves ±0.1, the paper's bound"),
        (0.0, -0.11, "f(b, r_a) = −0.110 leaves ±0.1, the paper's bound"),
        (-0.3, 0.2, "f(a, r_b) = −0.300 and f(b, r_a) = +0.200 leave ±0.1, the paper's bound"),
    ],
)
def test_references_are_judged_by_the_papers_bound(a_rb, b_ra, words):
    result = make_result(["a"], ["b"], reference_terms=ReferenceTerms(a_rb, b_ra, 0.99))
    verdict = trust(result)
    assert verdict.level == "approximate"
    assert words in verdict.sentence
    whole, rest = (
        f"{value:+.3f}".replace("-", "−")
        for value in (result.sum_matrix, result.score - result.sum_matrix)
    )
    assert f"the token pairs add up to {whole}" in verdict.sentence
    assert f"the other {rest}." in verdict.sentence


def test_the_papers_bound_is_not_for_dot_products():
    terms = ReferenceTerms(12.0, -9.0, 20.0)
    verdict = trust(make_result(["a"], ["b"], similarity="dot", cosine=None, reference_terms=terms))
    assert verdict.level == "approximate"
    assert "bound" not in verdict.sentence
    assert "0.1" not in verdict.sentence.split("account for")[1]


def test_an_integral_that_did_not_converge_is_inaccurate():
    options = {"converged": False, "residual_b": 0.034, "nodes_a": 4, "nodes_b": 6}
    for shifted in (False, True):
        verdict = trust(make_result(["a"], ["b"], shifted=shifted, **options))
        assert verdict.level == "inaccurate"
        assert "with 6 nodes the integral is off by 3.4e-02" in verdict.sentence
        assert "1e-03 was asked for" in verdict.sentence
        assert "take a later layer or more steps first" in verdict.sentence


def test_what_cells_are_right_to_is_told():
    def sentence(**options):
        return trust(make_result(["a"], ["b"], **options)).sentence

    assert "(cells are right to about ±0.0004; residual" in sentence(cell_error=4.2e-4)
    assert "about ±0.03; residual" in sentence(cell_error=0.031)
    assert "about ±0;" in sentence(cell_error=0.0)
    assert "cells are right" not in sentence(cell_error=None, error_a=None, error_b=None)
    missed = sentence(converged=False, error_b=0.02, needed_b=81_000, cell_error=0.007)
    assert "single tokens by 2.0e-02; ±0.007 in a cell" in missed
    assert "raise the limit of work from 50,000 to 81,000 tangents first" in missed


def test_results_of_version_1_still_open(result):
    values = {
        name: value
        for name, value in json.loads(result.to_json()).items()
        if not name.startswith(("error_", "cell_error", "panels_", "work_", "needed_"))
    }
    old = Attribution.from_dict(values | {"pace_a": [0.5, 0.2], "pace_b": None})
    assert old.cell_error is None
    assert old.score == result.score
    assert trust(old).level == trust(result).level


def test_the_table_has_a_row_for_each_cell(result):
    table = cell_table(result)
    assert list(table.columns) == ["row", "column", "token_a", "token_b", "value", "share"]
    assert len(table) == 25
    for entry in table.itertuples():
        assert entry.token_a == result.a.tokens[entry.row]
        assert entry.token_b == result.b.tokens[entry.column]
        assert entry.value == result.net_matrix[entry.row, entry.column]
        assert entry.share == pytest.approx(entry.value / result.net_matrix.clip(0).sum())
    inner = cell_table(result, look=Look(special=False))
    assert list(inner["row"]) == [1, 1, 1, 2, 2, 2, 3, 3, 3]
    assert list(inner["column"]) == [1, 2, 3] * 3
    assert list(inner.index) == list(range(9))


def test_without_a_positive_cell_there_are_no_shares():
    lowering = make_result(["a"], ["b"], matrix=-np.ones((3, 3)))
    assert cell_table(lowering, Look(cells="paper"))["share"].isna().all()


def test_the_strongest_cells_come_first_whatever_their_sign():
    cells = np.array([[9.0, 0, 0, -9], [0, 0.5, -2, 0], [0, 2, -3, 0], [-9, 0, 0, 9]])
    result = make_result(["a", "b"], ["c", "d"], matrix=cells)
    best = strongest_cells(result, 3, Look(special=False, cells="paper"))
    assert list(best["value"]) == [-3, -2, 2]  # of equal ones, the upper row first
    assert list(best.index) == [0, 1, 2]
    assert list(strongest_cells(result, 4, Look(cells="paper"))["value"]) == [9, -9, -9, 9]
    assert len(strongest_cells(result, 99)) == 16


def test_no_token_becomes_a_formula_in_a_spreadsheet():
    dangerous = [
        "=1+1",
        "+1",
        "-",
        "@sum",
        "\tx",
        "\n=1",
        " =1",
        "\u3000=1",
        "＝1",
        "－1",
        "＋1",
        "＠x",
    ]
    harmless = ["a=b", "1-1", 'say "x", y', "é😀"]
    result = make_result(dangerous + harmless, ["x"])
    written = to_csv(cell_table(result, Look(special=False)))
    rows = list(csv.DictReader(io.StringIO(written, newline="")))
    assert [row["token_a"] for row in rows] == [f"'{token}" for token in dangerous] + harmless
    headed = pd.DataFrame({"=1+1": ["a"], "b": [-1.0]})
    assert to_csv(headed) == "'=1+1,b\na,-1.0\n"
    # numbers stay numbers, negative ones too
    assert [float(row["value"]) for row in rows] == list(result.net_matrix[1:-1, 1])
    assert min(float(row["value"]) for row in rows) < 0
