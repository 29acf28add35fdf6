"""Evaluation and significance: closed forms, and what the command prints."""

import io
import json

import numpy as np
import pytest
from rich.console import Console
from scipy.stats import spearmanr

from tests.training.factory import base, pairs, splits, write_csv
from xsb_core import DataError, load_encoder
from xsb_core.cli import main
from xsb_core.cli.evaluation_table import print_evaluations, verdict
from xsb_core.encoders.training_record import TrainingSettings
from xsb_core.training import significance
from xsb_core.training.evaluation import Evaluation, evaluate
from xsb_core.training.run import train
from xsb_core.training.significance import Order, almost_stochastic_order, compare_all


@pytest.fixture(autouse=True)
def quick_bootstrap(monkeypatch):
    """A quarter of the resamples, which take deepsig seconds."""
    monkeypatch.setattr(significance, "RESAMPLES", 50)


def evaluation(name: str, errors: np.ndarray) -> Evaluation:
    return Evaluation(name, False, False, "approximate", len(errors), 80.0, errors)


def test_evaluation_against_scipy_and_encode(minilm):
    some = pairs(40, 0)
    made = evaluate(minilm, some)
    a, b = (minilm.model.encode(list(texts)) for texts in (some.a, some.b))
    cosines = (a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    assert made.spearman == pytest.approx(100 * spearmanr(cosines, some.scores)[0], abs=1e-4)
    np.testing.assert_allclose(made.squared_errors, (cosines - some.scores) ** 2, atol=1e-5)
    assert (made.model, made.shift, made.trained) == ("all-MiniLM-L6-v2", False, False)
    assert (made.attribution, made.pairs) == ("approximate", 40)


@pytest.mark.parametrize("rows", [slice(0, 2), [0] * 5])
def test_what_cannot_be_ranked(minilm, rows):
    with pytest.raises(DataError, match="at least 3 pairs whose scores differ, which the data"):
        evaluate(minilm, pairs(10, 0)[np.arange(10)[rows]])


def test_the_order_of_clearly_smaller_errors_is_significant():
    random = np.random.default_rng(0)
    errors = random.exponential(size=300)
    smaller, larger = almost_stochastic_order(0.2 * errors, errors)
    assert smaller < 0.05
    assert larger > 0.9
    assert almost_stochastic_order(errors, 0.2 * errors) == pytest.approx((larger, smaller))
    assert almost_stochastic_order(errors, errors.copy()) == (1, 1)


def test_more_comparisons_ask_for_more():
    random = np.random.default_rng(0)
    errors, other = random.exponential(size=(2, 200))
    bounds = [almost_stochastic_order(0.8 * errors, other, count)[0] for count in (1, 3, 30)]
    assert bounds == sorted(bounds)
    assert bounds[0] < bounds[2]


def test_every_two_models_are_compared_in_the_better_direction():
    random = np.random.default_rng(0)
    errors = random.exponential(size=200)
    orders = list(
        compare_all(
            [
                evaluation("bad", errors),
                evaluation("good", 0.1 * errors),
                evaluation("worst", 9 * errors),
            ]
        )
    )
    assert [(order.better, order.worse) for order in orders] == [
        ("good", "bad"),
        ("bad", "worst"),
        ("good", "worst"),
    ]
    assert all(order.significant and order.comparisons == 3 for order in orders)
    assert not list(compare_all([evaluation("alone", errors)]))


def test_verdicts_in_words():
    order = Order("exact", "shelf", 0.123, 0.3, 0.05, 1)
    assert verdict(order).startswith("exact is significantly better than shelf")
    assert "ε_min 0.123 < 0.3, level 0.05 over 1 comparison." in verdict(order)
    equal = Order("exact", "tuned", 0.41, 0.3, 0.05, 6)
    assert verdict(equal).startswith("exact is not significantly better than tuned")
    assert "0.410 ≥ 0.3, level 0.05 over 6 comparisons." in verdict(equal)


def test_the_table_holds_all_columns():
    console = Console(width=120, file=io.StringIO(), record=True)
    errors = np.random.default_rng(0).exponential(size=50)
    rows = [
        Evaluation("[red]x[/red]", True, True, "exact", 50, 85.678, errors),
        evaluation("y", 2 * errors),
    ]
    print_evaluations(rows, list(compare_all(rows)), console)
    text = console.export_text()
    for part in ("[red]x[/red]", "yes", "exact", "50", "85.68", "approximate", "ε_min"):
        assert part in text


def test_the_command_prints_json_lines(tmp_path, capsys):
    data = write_csv(tmp_path / "pairs.csv", pairs(40, 0))
    folder = base(tmp_path / "base")
    train("exact", splits(), tmp_path / "out", folder, TrainingSettings(epochs=1))
    models = ["shelf", str(tmp_path / "out")]
    assert main(["evaluate", *models, "--data", str(data), "--json"]) == 0
    *rows, order = map(json.loads, capsys.readouterr().out.splitlines())
    assert [row["model"] for row in rows] == models
    assert rows[1] == {
        "model": models[1],
        "shift": True,
        "trained": True,
        "attribution": "exact",
        "pairs": 40,
        "spearman": pytest.approx(
            evaluate(load_encoder(models[1], device="cpu"), pairs(40, 0)).spearman
        ),
    }
    assert {order["better"], order["worse"]} == set(models)
    assert (order["epsilon"], order["level"]) == (0.3, 0.05)
    assert order["significant"] == (order["epsilon_min"] < 0.3)
    assert main(["evaluate", "shelf", "--data", str(data)]) == 0
    assert "Spearman" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["evaluate", "shelf", "--data", "/nowhere.csv"], "can't be read"),
        (["evaluate", "/nowhere", "--data", "DATA"], "There is no folder"),
        (["evaluate"], "models"),
        (["train", "--variant", "exact", "--data", "DATA"], "--output"),
        (["train", "--variant", "best", "--data", "DATA", "--output", "OUT"], "tuned, exact, orig"),
        (["train", "--variant", "exact", "--data", "DATA", "--output", "."], "exists already"),
        (["train", "--variant", "exact", "--data", "BAD", "--output", "OUT"], "line 2"),
        (["train", "--variant", "exact", "--output", "OUT"], "STS-B can't be had from the hub"),
        (
            ["train", "--variant", "exact", "--data", "DATA", "--output", "OUT", "--epochs", "0"],
            "epochs must be at least 1",
        ),
    ],
)
def test_bad_commands_are_one_sentence(tmp_path, capsys, arguments, sentence):
    (tmp_path / "bad.csv").write_text("x,y,3\nx,y,9\n")
    names = {
        "DATA": str(write_csv(tmp_path / "pairs.csv", pairs(20, 0))),
        "BAD": str(tmp_path / "bad.csv"),
        "OUT": str(tmp_path / "out"),
    }
    assert main([names.get(argument, argument) for argument in arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert sentence in err
    assert err.count("\n") == 1
    assert not (tmp_path / "out").exists()
