"""What negations add to scores, in figures and in words (the paper's section 5.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from xsb_core.encoders.ready import ASSETS
from xsb_core.studies.findings import Beside, Chart, Findings
from xsb_core.studies.negation.sentences import DEFAULT_RULE, Case

_SHIPPED = ASSETS / "studies" / "negation"
_TEXTS = ["text", "without"]


class PaperFinding(NamedTuple):
    """What the paper found of 87 sentences with all-mpnet-base-v2, layer 9 (its section 5.2).

    Attributes:
        negative: Share of the sentences whose negation lowers the score.
        share_90: The share of the score that 90% of the sentences stay below.
    """

    negative: float
    share_90: float


PAPER = {"shelf": PaperFinding(0.16, 0.08), "exact": PaperFinding(0.09, 0.14)}


@dataclass(frozen=True)
class NegationSummary:
    """What negations add in one model.

    Attributes:
        model: The model.
        sentences: How many sentences; one that comes twice in the set counts twice.
        distinct: How many different ones.
        negative: Share of the sentences whose negation lowers the score, 0 to 1.
        negative_distinct: The same, each different sentence once.
        negative_bordered: Share of the sentences whose negation lowers the score once its border
            counts too.
        negative_net: Share of the sentences whose negation lowers the score in net cells.
        share_90: 90th percentile of the negation's share of the score, interpolated between
            sentences.
    """

    model: str
    sentences: int
    distinct: int
    negative: float
    negative_distinct: float
    negative_bordered: float
    negative_net: float
    share_90: float


def negation_findings(table: pd.DataFrame, notes: Sequence[str] = ()) -> Findings:
    """What negations add in each model, beside the paper's.

    Args:
        table: One or more tables of ``measure_negations``, one below the other, with or without the
            sentences.
        notes: What the sentences are of, and which were left out.
    """
    summaries = summarise_negation(table)
    return Findings(
        "negation",
        "What negations add to scores",
        tuple(map(negation_sentence, summaries)),
        table,
        {
            "distribution": Chart(
                "negation_figure", (table,), "Share of the score that is the negation's"
            )
        },
        tuple(line for one in summaries for line in _beside(one)),
        tuple(notes),
    )


def _beside(summary: NegationSummary) -> list[Beside]:
    """A model beside the paper's of its name, or else beside both."""
    own = PAPER.get(summary.model)
    papers = {"87 sentences": own} if own else PAPER

    def paper(field: str) -> str:
        return ", ".join(f"{getattr(one, field):.0%} ({name})" for name, one in papers.items())

    return [
        Beside(
            f"{summary.model}: negations that lower the score",
            paper("negative"),
            f"{summary.negative:.0%} ({summary.sentences:,} sentences)",
        ),
        Beside(
            f"{summary.model}: 90th percentile of the negation's share of the score",
            paper("share_90"),
            f"{summary.share_90:.0%}",
        ),
    ]


def sentence_table(table: pd.DataFrame) -> pd.DataFrame:
    """One row a sentence, with each model's total, in the paper's and in net cells, and share.

    Args:
        table: One or more tables of ``measure_negations``, one below the other.
    """
    names = ["row", "column", "form", *(name for name in _TEXTS if name in table)]
    parts = [
        rows.set_index(names)[["total", "net", "share"]].add_prefix(f"{model}: ")
        for model, rows in table.groupby("model", sort=False)
    ]
    return pd.concat(parts, axis=1).reset_index()


def summarise_negation(table: pd.DataFrame) -> list[NegationSummary]:
    """What negations add, model by model, in the table's order.

    Args:
        table: One or more tables of ``measure_negations``, one below the other.
    """
    return [
        NegationSummary(
            model=str(model),
            sentences=len(rows),
            distinct=int(rows["sentence"].nunique()),
            negative=float((rows["total"] < 0).mean()),
            negative_distinct=float((rows.drop_duplicates("sentence")["total"] < 0).mean()),
            negative_bordered=float((rows["total"] + rows["border"] < 0).mean()),
            negative_net=float((rows["net"] < 0).mean()),
            share_90=float(rows["share"].quantile(0.9)),
        )
        for model, rows in table.groupby("model", sort=False)
    ]


def negation_sentence(summary: NegationSummary) -> str:
    """What negations add in one model, in words."""
    return (
        f"{summary.model}: {summary.negative:.0%} of {summary.sentences:,} negations lower the "
        f"score ({summary.negative_distinct:.0%} where each of the {summary.distinct:,} different "
        f"sentences counts once); with their border, {summary.negative_bordered:.0%} do, in net "
        f"cells {summary.negative_net:.0%}. The 90th percentile of the negation's share of the "
        f"score is {summary.share_90:.0%}."
    )


def left_out_sentence(model: str, left_out: Sequence[tuple[Case, str]]) -> str:
    """How many sentences were left out and why, in words.

    Args:
        model: The model's name.
        left_out: What ``measure_negations`` told of them; one at least.
    """
    case, reason = left_out[0]
    return (
        f"{model}: {len(left_out)} of them left out, first row {case.row} (from 0) of "
        f"{case.column}: {reason}."
    )


def without_texts(table: pd.DataFrame) -> pd.DataFrame:
    """The figures without the sentences, to be shipped."""
    return table.drop(columns=_TEXTS)


def shipped_negation(rule: str = DEFAULT_RULE) -> pd.DataFrame:
    """Shelf's and exact's figures on STS-B test that come with this package, without sentences.

    Args:
        rule: "plain" or "any".
    """
    return pd.read_parquet(_SHIPPED / f"{rule}.parquet")
