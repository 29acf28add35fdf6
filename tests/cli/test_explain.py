"""The command line: JSON alone on standard output, errors in one sentence with code 2."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from xsb_core import attribute, to_words
from xsb_core.cli import main
from xsb_core.cli.table import print_result

ROOT = Path(__file__).parents[2]
PAIR = ("He didn't sit.", "She sat down.")
KEYS = {
    "model", "layer", "score", "tokens_a", "tokens_b", "matrix", "border_a", "border_b", "corner",
    "reference_terms", "sum_matrix", "residual_a", "residual_b", "nodes_a", "nodes_b", "converged",
    "cosine", "quadrature", "seconds",
}  # fmt: skip


def explained(capsys, *options: str) -> dict:
    assert main(["explain", *PAIR, "--json", *options]) == 0
    return json.loads(capsys.readouterr().out)


def test_json_alone_on_standard_output(minilm, capfd):
    assert main(["explain", *PAIR, "--json"]) == 0
    (line,) = capfd.readouterr().out.splitlines()
    values = json.loads(line)
    assert values.keys() >= KEYS
    expected = attribute(minilm, *PAIR)
    np.testing.assert_allclose(values["matrix"], expected.matrix, atol=1e-5)
    assert values["tokens_a"] == list(expected.a.tokens)
    assert values["reference_terms"].keys() == {"a_rb", "b_ra", "ra_rb"}
    parts = [*np.ravel(values["matrix"]), *values["border_a"], *values["border_b"]]
    assert sum(parts) + values["corner"] == pytest.approx(values["score"], abs=1e-3)


def test_an_error_is_one_sentence_and_code_two(capfd):
    assert main(["explain", "", "text"]) == 2
    said = capfd.readouterr()
    assert said.out == ""
    assert said.err == "Text A: The text is empty; type at least one word.\n"


def test_options_reach_the_attribution(capsys, minilm):
    values = explained(capsys, "--layer", "5", "--cosine", "endpoint", "--tolerance", "1e-4")
    assert (values["layer"], values["cosine"], values["tolerance"]) == (5, "endpoint", 1e-4)
    assert max(values["residual_a"], values["residual_b"]) <= 1e-4
    values = explained(capsys, "--layer", "5", "--quadrature", "right-endpoint", "--steps", "20")
    assert (values["quadrature"], values["nodes_a"], values["steps"]) == ("right-endpoint", 20, 20)
    assert values["converged"] is False
    values = explained(capsys, "--layer", "5", "--words", "mean")
    words = to_words(attribute(minilm, *PAIR, 5), "mean")
    assert values["tokens_a"] == list(words.a.tokens)
    np.testing.assert_allclose(values["matrix"], words.matrix, atol=1e-5)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--layer", "17"], "Layer 17 is out of range"),
        (["--layer", "x"], "--layer"),
        (["--cosine", "sideways"], "through or endpoint"),
        (["--quadrature", "simpson"], "gauss-legendre, right-endpoint"),
        (["--steps", "0"], "whole number from 1"),
        (["--tolerance", "2"], "between 0 and 1"),
        (["--words", "max"], "mean or sum"),
        (["--model", "/nowhere"], "There is no folder"),
        (["--prompt-a", "passage"], "no prompt 'passage'"),
        (["--nonsense"], "--nonsense"),
    ],
)
def test_bad_options(capsys, options, sentence):
    assert main(["explain", *PAIR, *options]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert sentence in err
    assert err.count("\n") == 1


def test_missing_text(capsys):
    assert main(["explain", "only one"]) == 2
    assert "text_b" in capsys.readouterr().err


def test_table_shows_markup_as_typed_and_splits_where_narrow(minilm):
    result = attribute(minilm, "[red]stop[/red] <b>", "a longer sentence with many words", 5)
    for width in (40, 200):
        console = Console(width=width, record=True, file=io.StringIO())
        print_result(result, console)
        text = console.export_text()
        assert max(map(len, text.splitlines())) <= width
        assert "red" in text
        for token in result.b.tokens:
            assert token in text
        assert f"{result.score:+.4f}" in text
        assert f"{result.net_matrix[3, 2]:+.3f}" in text
