"""Evaluations in the terminal: the paper's Table 1, and the tests below it."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from xsb_core.attribution.numerals import counted
from xsb_core.training.evaluation import Evaluation
from xsb_core.training.significance import Order


def print_evaluations(
    evaluations: list[Evaluation], orders: list[Order], console: Console | None = None
) -> None:
    """Prints one row a model, and one sentence a test."""
    console = console or Console()
    table = Table(show_edge=False, pad_edge=False)
    for name in ("model", "shift", "trained", "attribution"):
        table.add_column(name)
    table.add_column("pairs", justify="right")
    table.add_column("Spearman × 100", justify="right")
    for row in evaluations:
        table.add_row(
            Text(row.model),
            _yes(value=row.shift),
            _yes(value=row.trained),
            row.attribution,
            f"{row.pairs}",
            f"{row.spearman:.2f}",
        )
    console.print(table)
    for order in orders:
        console.print(Text(verdict(order)))


def verdict(order: Order) -> str:
    """What a test says, in a sentence."""
    says = "is" if order.significant else "is not"
    sign = "<" if order.significant else "≥"
    return (
        f"{order.better} {says} significantly better than {order.worse}: almost stochastic order "
        f"of squared errors, ε_min {order.epsilon_min:.3f} {sign} {order.epsilon}, level "
        f"{order.level} over {counted(order.comparisons, 'comparison')}."
    )


def _yes(*, value: bool) -> str:
    return "yes" if value else "no"
