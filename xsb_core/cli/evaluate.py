"""``evaluate``: the paper's Table 1 for any models."""

import dataclasses
import json
import math
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress


def evaluate(
    models: Annotated[
        list[str],
        typer.Argument(
            help="shelf, exact, tuned, orig, mpnet-exact (-tuned, -orig), hub ids, folders."
        ),
    ],
    data: Annotated[
        str,
        typer.Option(help="stsb, a folder with a test CSV, or one CSV of two texts and a score."),
    ] = "stsb",
    top_score: Annotated[float, typer.Option(help="Highest possible score in the CSV.")] = 5.0,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a model, then one a test.")
    ] = False,
) -> None:
    """Correlate models' similarities with scores, and test whose errors are smaller."""
    from xsb_core.cli.evaluation_table import print_evaluations
    from xsb_core.encoders.loading import load_encoder
    from xsb_core.training.data import evaluation_pairs
    from xsb_core.training.evaluation import evaluate as run
    from xsb_core.training.significance import compare_all

    pairs = evaluation_pairs(data, top_score)
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        made = (run(load_encoder(model), pairs) for model in models)
        evaluations = list(progress.track(made, len(models), description="models"))
        tests = math.comb(len(models), 2)
        orders = list(progress.track(compare_all(evaluations), tests, description="tests"))
    if not as_json:
        print_evaluations(evaluations, orders)
        return
    for evaluation in evaluations:
        values = dataclasses.asdict(evaluation)
        del values["squared_errors"]
        print(json.dumps(values, ensure_ascii=False))
    for order in orders:
        values = dataclasses.asdict(order) | {"significant": order.significant}
        print(json.dumps(values, ensure_ascii=False))
