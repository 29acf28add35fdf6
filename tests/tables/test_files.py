"""Paths as people type them, wherever they are taken."""

from pathlib import Path

import pytest

from xsb_core.corpus.query import query
from xsb_core.corpus.results import Results
from xsb_core.errors import DataError
from xsb_core.studies.adjectives.triplets import read_triplets
from xsb_core.syntax.conllu import read_conllu
from xsb_core.syntax.parser import Parser
from xsb_core.tables.files import user_path
from xsb_core.tables.reading import open_pairs
from xsb_core.tables.texts import open_texts
from xsb_core.training.data import load_split, load_splits

TAKERS = [
    read_conllu,
    read_triplets,
    Results,
    Parser,
    load_splits,
    lambda path: load_split(path, "test"),
    lambda path: query(path, "FROM pairs"),
    open_pairs,
    open_texts,
]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (
            "~nosuch/x",
            "~nosuch/x can't be opened: Could not determine home directory; check the path.",
        ),
        ("x" * 300, "xxx can't be opened: File name too long; check the path."),
        ("a\0b", "a␀b can't be opened: embedded null byte; check the path."),
    ],
)
@pytest.mark.parametrize("take", TAKERS)
def test_what_can_be_no_path_is_one_sentence(take, path, message):
    with pytest.raises(DataError, match="can't be opened") as caught:
        take(path)
    assert message in str(caught.value)


def test_a_home_is_put_in_and_nothing_need_be_there(tmp_path):
    assert user_path("~/nothing here") == Path.home() / "nothing here"
    (tmp_path / "file").touch()
    assert user_path(tmp_path / "file" / "x") == tmp_path / "file" / "x"
