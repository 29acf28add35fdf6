"""Files that this library wrote: every field comes back, and a damaged one is named."""

import copy
import dataclasses
import json
import re
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pages.batch.runs import Run
from tests.figures.factory import make_result
from xsb_core import Attribution, DataError, ModelError
from xsb_core.corpus.manifest import Manifest
from xsb_core.encoders.ready import ASSETS
from xsb_core.encoders.side import Side
from xsb_core.encoders.training_record import TrainingRecord, TrainingSettings
from xsb_core.tables import strict_json
from xsb_core.tables.columns import Columns
from xsb_core.tables.strict_json import checked, read_json

RESULT = make_result(["He", "isn't"], ["here"])
SHARED = {
    **{"model": "m", "revision": None, "layer": 1, "blocks": 2, "shifted": True},
    **{"similarity": "cosine", "cosine": "through", "quadrature": "gauss-legendre"},
    **{"tolerance": 1e-3, "steps": 4, "dtype": "float32", "versions": {"torch": "2"}},
}
MANIFEST = Manifest(
    **{"shared": SHARED, "weights": "0a", "prompts": ("query", None), "input": "pairs.csv"},
    **{"fingerprint": "0b", "encoding": "utf-8", "columns": Columns("a", "b", None, ("c",))},
    **{"part_rows": 8, "started": "2026-11-28", "reading": {"r": "1"}, "finished": None},
)
RECORD = TrainingRecord(
    **{"variant": "exact", "base": "b", "data": "d", "pairs": (3, 2, 1)},
    **{"fingerprints": ("1", "2", "3"), "settings": TrainingSettings(), "versions": {"torch": "2"}},
    **{"dev": (80.0, 81.5), "test": 82.0, "seconds": 3.0},
)
RUN = Run("/tmp/pairs.csv", ("a", "b"), None, 9, "m", 1, "0c")

numbers = st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(st.characters(exclude_categories=["Cs"]))
words = st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1)


def plain(value: Any) -> dict[str, Any]:
    """What stands in the value's file."""
    return json.loads(value.to_json() if isinstance(value, Attribution) else json_of(value))


def json_of(value: Any) -> str:
    return value.to_json() if hasattr(value, "to_json") else json.dumps(dataclasses.asdict(value))


def load(kind: type, values: Any) -> Any:
    if kind is Attribution:
        return Attribution.from_dict(values)
    if kind is Manifest:
        return Manifest.from_json(json.dumps(values), Path("results"))
    return checked(values, kind)


def damages(values: Any, path: str = "") -> Iterator[tuple[str, list[Any]]]:
    """Every field and first entry of a file, named, with the keys that lead to it."""
    entries = values.items() if isinstance(values, dict) else enumerate(values[:1])
    for key, value in entries:
        name = f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}".lstrip(".")
        yield name, [key]
        if isinstance(value, dict | list):
            yield from ((inner, [key, *keys]) for inner, keys in damages(value, name))


CASES = [
    pytest.param(type(value), plain(value), name, keys, id=f"{type(value).__name__}-{name}")
    for value in (RESULT, MANIFEST, RECORD, RUN)
    for name, keys in damages(plain(value))
    if name != "format" and not name.startswith("net_matrix")  # which is computed from others
]


@pytest.mark.usefixtures("untyped")
@pytest.mark.parametrize(("kind", "values", "name", "keys"), CASES)
def test_every_damaged_field_is_named(kind, values, name, keys):
    values = copy.deepcopy(values)
    place = values
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = "abc" if isinstance(place[keys[-1]], dict) else {"x": []}
    # an entry under a key that is free to choose is named by its dictionary
    name = re.sub(r"(versions|reading)\..*", r"\1[...]", name)
    with pytest.raises(DataError) as refusal:
        load(kind, values)
    found = re.search(r"(?:^|\()([\w.[\]]+): expected (.+), got (.+?)(\)|$)", str(refusal.value))
    assert found
    assert found[1] == name
    assert found[3] in ("an object", "a list", "'abc'")


@pytest.mark.usefixtures("untyped")
@pytest.mark.parametrize(
    ("kind", "values", "name"),
    [
        pytest.param(kind, values, keys[0], id=f"{kind.__name__}-{keys[0]}")
        for kind, values, _, keys in (case.values for case in CASES)
        if len(keys) == 1
    ],
)
def test_every_missing_field_is_named_or_has_its_default(kind, values, name):
    values = {key: value for key, value in values.items() if key != name}
    defaults = {field.name: field.default for field in dataclasses.fields(kind)}
    place = attrgetter(name)
    if kind is Attribution and name not in defaults and "_" in name:  # a field of one side
        place = attrgetter(".".join(reversed(name.rsplit("_", 1))))
        sides = ((f"{field.name}_{name[-1]}", field.default) for field in dataclasses.fields(Side))
        defaults |= dict(sides)
    if defaults.get(name, dataclasses.MISSING) is not dataclasses.MISSING:
        assert place(load(kind, values)) == defaults[name]
    else:
        with pytest.raises(DataError, match=rf"(^|\(){name}: missing"):
            load(kind, values)


@pytest.mark.usefixtures("untyped")
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"score": "abc"}, "score: expected a number, got 'abc'"),
        ({"score": float("nan")}, "score: expected a finite number, got nan"),
        ({"score": None}, "score: expected a number, got null"),
        ({"score": True}, "score: expected a number, got true"),
        ({"layer": -1}, "layer: expected a whole number from 0, got -1"),
        ({"layer": 1.5}, "layer: expected a whole number, got 1.5"),
        ({"seconds": -1.0}, "seconds: expected a number from 0.0, got -1.0"),
        ({"cosine": "both"}, "cosine: expected 'through' or 'endpoint', got 'both'"),
        ({"model": 3}, "model: expected a text, got 3"),
        ({"cell_error": -0.5}, "cell_error: expected a number from 0.0, got -0.5"),
        ({"matrix": [[0.0] * 3, [0.0] * 2]}, "matrix: expected rows of one length"),
        ({"matrix": [[0.0, float("inf")]]}, "matrix[0][1]: expected a finite number, got inf"),
        ({"matrix": [[0.0] * 3] * 3}, "matrix: expected the shape (4, 3)"),
        ({"border_b": [0.0]}, "border_b: expected the shape (3,)"),
        ({"special_a": [True]}, "special_a: expected 4, one for each token, got 1"),
        ({"pieces_b": ["x"] * 4}, "pieces_b: expected 3, one for each token, got 4"),
        ({"spans_a": [[0, 0]] * 3}, "spans_a: expected 4, one for each token, got 3"),
        ({"spans_a": [[0, 99]] * 4}, "spans_a: expected a range of 8 characters, got (0, 99)"),
        ({"spans_a": [[3, 2]] * 4}, "spans_a: expected a range of 8 characters, got (3, 2)"),
        ({"read_a": 9}, "read_a: expected at most 8 characters, got 9"),
        ({"versions": {"torch": 2}}, "versions[...]: expected a text, got a whole number"),
        ({"model": ["x"] * 99}, "model: expected a text, got a list"),
        ({"reference_terms": {"a_rb": 1.0}}, "reference_terms.b_ra: missing"),
    ],
)
def test_a_result_says_what_was_expected_and_what_came(change, sentence):
    with pytest.raises(DataError) as refusal:
        Attribution.from_dict(plain(RESULT) | change)
    assert f"The saved attribution is broken ({sentence}" in str(refusal.value)
    assert str(refusal.value).endswith("); save it again.")


@given(st.data())
@settings(max_examples=50, deadline=None)
def test_results_come_back(data):
    result = make_result(
        data.draw(words),
        data.draw(words),
        **{name: data.draw(numbers) for name in ("corner", "score", "sum_matrix")},
        **{name: data.draw(numbers.map(abs)) for name in ("seconds", "residual_a", "tolerance")},
        cell_error=data.draw(st.none() | numbers.map(abs)),
        words=data.draw(st.sampled_from([None, "mean", "sum"])),
        cosine=data.draw(st.sampled_from([None, "through", "endpoint"])),
        versions=data.draw(st.dictionaries(texts, texts)),
        layer=data.draw(st.integers(0, 2**40)),
    )
    again = Attribution.from_dict(read_json(result.to_json()))
    for field in dataclasses.fields(Attribution):
        one, other = getattr(result, field.name), getattr(again, field.name)
        if isinstance(one, np.ndarray):
            np.testing.assert_array_equal(one, other)
        else:
            assert one == other


@given(st.data())
@settings(max_examples=50, deadline=None)
def test_manifests_records_and_runs_come_back(data):
    manifest = dataclasses.replace(
        MANIFEST,
        shared=SHARED | {"steps": data.draw(st.none() | st.integers(0)), "model": data.draw(texts)},
        prompts=data.draw(st.tuples(st.none() | texts, st.none() | texts)),
        reading=data.draw(st.none() | st.dictionaries(texts, texts)),
        columns=Columns("a", "b", data.draw(st.none() | texts), tuple(data.draw(st.lists(texts)))),
    )
    record = dataclasses.replace(
        RECORD,
        variant=data.draw(st.sampled_from(["exact", "tuned", "orig"])),
        dev=tuple(data.draw(st.lists(numbers))),
        test=data.draw(st.none() | numbers),
        settings=TrainingSettings(learning_rate=data.draw(st.floats(0.001, 0.9))),
    )
    run = dataclasses.replace(RUN, file=data.draw(texts), encoding=data.draw(st.none() | texts))
    for value in (manifest, record, run):
        assert load(type(value), read_json(json_of(value))) == value


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "it is not JSON: "),
        ("{'a': 1}", "it is not JSON: "),
        ('{"a": NaN}', "it is not JSON: "),
        (b"\xff", "it is not JSON: "),
        ("[" * 100_000, "it is nested too deeply"),
        ("1" * 20, "it has 20 bytes, more than the 19 that are read"),
    ],
)
def test_what_is_no_json_is_said(tmp_path, text, sentence):
    with pytest.raises(DataError, match=f"^{sentence}"):
        read_json(text, 19 if text == "1" * 20 else strict_json.LARGEST)
    path = tmp_path / "manifest.json"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    if not sentence.startswith("it has"):
        with pytest.raises(DataError, match=rf"^The manifest of \S+ can't be read \({sentence}"):
            Manifest.load(tmp_path)


def test_a_number_too_large_is_named_too():
    text = json.dumps(plain(RUN)).replace('"limit": 9', '"limit": 1e999')
    with pytest.raises(DataError, match="limit: expected a whole number, got inf"):
        checked(read_json(text), Run)


def test_a_manifest_of_another_format_is_refused():
    with pytest.raises(DataError, match="it is of format 99, and this version reads"):
        load(Manifest, plain(MANIFEST) | {"format": 99})


def test_records_of_earlier_versions_open_and_damaged_ones_are_refused(tmp_path):
    assert TrainingRecord.load(tmp_path) is None
    for shipped in (ASSETS / "models").glob("*/training.json"):
        assert TrainingRecord.load(shipped.parent).finished
    path = tmp_path / "training.json"
    RECORD.save(tmp_path)
    assert TrainingRecord.load(tmp_path) == RECORD
    for foreign in ({"epochs": 3}, [1]):
        path.write_text(json.dumps(foreign))
        assert TrainingRecord.load(tmp_path) is None
    values = plain(RECORD)
    values["settings"]["epochs"] = 0
    path.write_text(json.dumps(values))
    with pytest.raises(ModelError, match=r"training\.json can't be read \(settings"):
        TrainingRecord.load(tmp_path)
    path.write_text(path.read_text()[:-9])
    with pytest.raises(ModelError, match=r"training\.json can't be read \(it is not JSON"):
        TrainingRecord.load(tmp_path)
