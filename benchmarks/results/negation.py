"""The section on negation: the shipped studies beside the paper's figures."""

from xsb_core.studies.negation.findings import PAPER, shipped_negation, summarise_negation
from xsb_core.studies.negation.sentences import RULES, SHIPPED

_HEAD = """\
| model | sentences | different | negative | different negative | negative with border | in net \
cells | 90th percentile of shares |
| --- | --- | --- | --- | --- | --- | --- | --- |"""


def section() -> str:
    """Two tables, one a rule."""
    parts = []
    for rule in SHIPPED:
        lines = [
            f"| {one.model} | {one.sentences} | {one.distinct} | {one.negative:.0%} | "
            f"{one.negative_distinct:.0%} | {one.negative_bordered:.0%} | "
            f"{one.negative_net:.0%} | {one.share_90:.0%} |"
            for one in summarise_negation(shipped_negation(rule))
        ]
        if rule == "plain":
            lines += [
                f"| the paper's {name} | 87 | | {found.negative:.0%} | | | | {found.share_90:.0%} |"
                for name, found in PAPER.items()
            ]
        parts.append("\n".join([f"`--rule {rule}`: {RULES[rule]}.\n", _HEAD, *lines]))
    return "\n\n".join(parts)
