"""What is said of two models' studies that differ in more than the model."""

import json

import pandas as pd
import pyarrow.parquet as pq
import pytest

from xsb_core.errors import DataError
from xsb_core.studies.gathered import unlike_notes
from xsb_core.studies.lexical.same_tokens import TokenCells


def study(layer, blocks, pairs, *sources):
    return TokenCells({"layer": layer, "blocks": blocks}, sources, pairs, 0, pd.DataFrame())


def test_studies_of_one_kind_need_no_note():
    assert not unlike_notes(study(4, 6, 9, "a", "b"), study(10, 12, 9, "b", "a"))


def test_depth_and_pairs_are_named():
    (note,) = unlike_notes(study(3, 6, 138, "tenth.csv"), study(5, 6, 1379, "test.csv"))
    assert note.startswith(
        "These results differ in more than the model: one leaves 3 blocks before the score, the "
        "other 1; one is of 138 pairs (tenth.csv), the other of 1,379 (test.csv)."
    )
    (note,) = unlike_notes(study(4, 6, 9, "a"), study(4, 6, 8, "a"))
    assert "blocks" not in note


def test_a_damaged_field_is_named(tmp_path):
    path = tmp_path / "shelf.parquet"
    TokenCells.shipped("paper")[0].save(path)
    table = pq.read_table(path)
    about = json.loads(table.schema.metadata[b"xsb_study"])
    for changes, reason in (
        ({"pairs": "many"}, "pairs: expected a whole number, got 'many'"),
        ({"sources": [3]}, r"sources\[0\]: expected a text, got 3"),
        ({"kind": "syntax"}, "it is not a lexical study"),
    ):
        damaged = {b"xsb_study": json.dumps(about | changes).encode()}
        pq.write_table(table.replace_schema_metadata(damaged), path)
        with pytest.raises(DataError, match=f"can't be used: {reason}; give a file that"):
            TokenCells.load(path)
