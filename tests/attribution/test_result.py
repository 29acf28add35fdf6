"""The result, saved and opened again, on results made by hand."""

import dataclasses
import json
import math

import numpy as np
import pytest

from tests.figures.factory import make_result
from xsb_core import (
    Attribution,
    attribute,
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
