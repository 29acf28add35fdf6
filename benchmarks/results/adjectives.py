"""The section on adjectives: the shipped study."""

from xsb_core.studies.adjectives.pairs import (
    opposite_below_synonym,
    shipped_adjectives,
    summarise_adjectives,
)

_HEAD = """\
| model | pair | pairs | mean attribution | in net cells | standard deviation | below zero |
| --- | --- | --- | --- | --- | --- | --- |"""


def section() -> str:
    """A table, a row a model and kind of pair, and how often the opposite comes second."""
    table = shipped_adjectives()
    lines = [
        f"| {one.model} | {one.kind} | {one.pairs} | {one.mean:+.3f} | {one.net:+.3f} | "
        f"{one.deviation:.3f} | {one.negative:.0%} |"
        for one in summarise_adjectives(table)
    ]
    lower = [
        f"{share:.0%} of the triplets in {model}"
        for model, share in opposite_below_synonym(table).items()
    ]
    return "\n".join(
        [_HEAD, *lines, f"\nThe opposite has the lower attribution in {' and '.join(lower)}."]
    )
