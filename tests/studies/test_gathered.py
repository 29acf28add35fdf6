"""What is said of two models' studies that differ in more than the model."""

import pandas as pd

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
