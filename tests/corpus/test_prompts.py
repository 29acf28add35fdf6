"""Instructions from a table's columns: each row's own, else the run's."""

import numpy as np
import pytest
from typer.testing import CliRunner

from tests.corpus.factory import encoder, saved, write_csv
from xsb_core import DataError, attribute
from xsb_core.cli import app
from xsb_core.corpus.export import summary_table
from xsb_core.corpus.results import Results
from xsb_core.corpus.run import run_corpus
from xsb_core.tables.reading import open_pairs

NAMES = ("prompt_a", "sentence1", "sentence2", "prompt_b")
ROWS = [
    ("Find: ", "a dog", "a man", ""),
    ("query", "a dog", "two dogs", "Here: "),
    ("Find: ", "a dog", "a dog", "Find: "),
    ("", "a man", "a dog", "  "),
]


@pytest.fixture(scope="module")
def asking():
    return encoder(prompts={"query": "find this: ", "document": "here is "})


def rows(*some):
    return [dict(zip(NAMES, row, strict=True)) for row in some]


def test_a_row_is_read_with_its_own_instructions(asking, tmp_path):
    run_corpus(asking, rows(*ROWS), tmp_path / "out", prompt_b="document", part_rows=2)
    results = Results(tmp_path / "out")
    table = summary_table(results)
    assert table["prompt_a"].tolist() == ["Find: ", "find this: ", "Find: ", ""]
    assert table["prompt_b"].tolist() == ["here is ", "Here: ", "Find: ", "here is "]
    for (_, found), (before_a, a, b, before_b) in zip(results.attributions(), ROWS, strict=True):
        own = {"prompt_a": before_a or None, "prompt_b": before_b.strip() and before_b}
        expected = attribute(asking, a, b, **own | {"prompt_b": own["prompt_b"] or "document"})
        assert (found.a.prompt, found.b.prompt) == (expected.a.prompt, expected.b.prompt)
        assert found.score == pytest.approx(expected.score, abs=1e-5)
        np.testing.assert_allclose(found.matrix, expected.matrix, atol=1e-5)
    assert len(set(table["score"])) == len(ROWS)


def test_a_text_is_computed_once_for_each_instruction(asking, tmp_path, computed):
    run_corpus(asking, rows(*ROWS, *ROWS), tmp_path / "out", part_rows=3)
    befores = [("Find: ", "a dog"), ("find this: ", "a dog"), ("", "a dog"), ("", "a man")]
    assert sorted((side.prompt, side.text) for side in computed) == sorted(
        [*befores, ("Here: ", "two dogs")]
    )


def test_an_instruction_that_can_not_be_used_costs_its_row(asking, tmp_path):
    some = rows(("passage", "a dog", "a man", ""), ROWS[0], (3, "a dog", "a man", ""))
    summary = run_corpus(asking, some, tmp_path / "out")
    assert (summary.pairs, summary.rejects) == (1, 2)
    named, number = Results(tmp_path / "out").rejects()
    assert named["reason"].startswith("tiny has no prompt 'passage'; its prompts are: 'query'")
    assert number["reason"] == "prompt_a is a number (3), not a text"


def test_a_run_goes_on_with_the_same_instructions_only(asking, tmp_path):
    out = tmp_path / "out"
    run_corpus(asking, rows(*ROWS), out, limit=2, part_rows=2)
    assert run_corpus(asking, rows(*ROWS), out, part_rows=2).new == 2
    assert run_corpus(asking, rows(*ROWS), out, part_rows=2).new == 0
    other = [("Find other: ", *ROWS[0][1:]), *ROWS[1:]]
    with pytest.raises(DataError, match="Rows 0 to 1 are not those"):
        run_corpus(asking, rows(*other), out, part_rows=2)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (None, "instruction A: prompt_a; instruction B: prompt_b; carried along: said"),
        (
            ["sentence1", "sentence2", "said"],
            "instruction A: said; carried along: prompt_a, prompt_b",
        ),
        (
            ["sentence1", "sentence2", "", "said"],
            "instruction B: said; carried along: prompt_a, prompt_b",
        ),
        (["sentence1", "sentence2", "", ""], "carried along: prompt_a, prompt_b, said"),
        (["prompt_a", "prompt_b"], "carried along: sentence1, sentence2, said"),
    ],
)
def test_columns_of_instructions_are_named_or_known(wanted, expected):
    names = (*NAMES, "said")
    source = open_pairs([dict.fromkeys(names, "some text")], columns=wanted)
    assert str(source.columns).endswith(f"id: row number; {expected}")


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        (["sentence1", "sentence2", "said"], "has no column 'said'"),
        (["sentence1", "sentence2", "sentence1"], "'sentence1' came twice"),
        (["sentence1", "sentence2", "", "", ""], "takes two names"),
    ],
)
def test_wrong_columns_of_instructions_are_refused(wanted, problem):
    with pytest.raises(DataError, match=problem):
        open_pairs(rows(ROWS[0]), columns=wanted)


def test_the_command_says_which_columns_it_takes(tmp_path):
    path = write_csv(tmp_path / "pairs.csv", [])
    path.write_text("before,sentence1,sentence2\nFind: ,a dog,a man\n,a dog,a man\n")
    out = tmp_path / "out"
    command = ["batch", str(path), "--model", saved(tmp_path / "model"), "--out", str(out)]
    done = CliRunner().invoke(app, [*command, "--columns", "sentence1, sentence2, before"])
    assert done.exit_code == 0, done.output
    assert "instruction A: before" in done.stderr
    assert [row["prompt_a"] for row in Results(out)] == ["Find: ", ""]
