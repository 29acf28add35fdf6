"""What negations add to scores, over all sentences of a set (the paper's section 5.2)."""

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from xsb_core.corpus.progress import Advance
from xsb_core.corpus.results import Results
from xsb_core.corpus.run import run_corpus
from xsb_core.encoders.encoder import Encoder
from xsb_core.encoders.ready import ASSETS
from xsb_core.errors import DataError, TextError
from xsb_core.integration.factors import TOLERANCE
from xsb_core.studies.negation.effect import Negation, find_negations, negation_effect
from xsb_core.tables.texts import LocatedText

# What a rule picks, for a reader.
RULES = {
    "plain": "sentences with exactly one “not” in small letters between spaces",
    "any": "sentences with exactly one negation (not, n't, cannot) anywhere",
}
DEFAULT_RULE = "plain"


class PaperFinding(NamedTuple):
    """What the paper found of 87 sentences with all-mpnet-base-v2, layer 9 (its section 5.2).

    Attributes:
        negative: Share of the sentences whose negation lowers the score.
        share_90: The share of the score that 90% of the sentences stay below.
    """

    negative: float
    share_90: float


PAPER = {"shelf": PaperFinding(0.16, 0.08), "exact": PaperFinding(0.09, 0.14)}

_SHIPPED = ASSETS / "studies" / "negation"
_TEXTS = ["text", "without"]


class Case(NamedTuple):
    """A sentence of a study.

    Attributes:
        row: Its row in the set, from 0.
        column: Its column.
        text: The sentence.
        negation: What the pair's other sentence is without.
    """

    row: int
    column: str
    text: str
    negation: Negation


@dataclass(frozen=True)
class NegationSummary:
    """What a study found for one model.

    Attributes:
        model: The model.
        sentences: How many sentences; one that comes twice in the set counts twice.
        distinct: How many different ones.
        negative: Share of the sentences whose negation lowers the score, 0 to 1.
        negative_distinct: The same, each different sentence once.
        negative_bordered: Share of the sentences whose negation lowers the score once its border
            counts too.
        share_mean: Mean of the negation's share of the score.
        share_median: Its median.
        share_90: Their 90th percentile, interpolated between sentences.
    """

    model: str
    sentences: int
    distinct: int
    negative: float
    negative_distinct: float
    negative_bordered: float
    share_mean: float
    share_median: float
    share_90: float


def negation_cases(texts: Iterable[LocatedText], rule: str = DEFAULT_RULE) -> list[Case]:
    """Picks the sentences of a study.

    Args:
        texts: A set's texts.
        rule: One of ``RULES``. "plain" gives the paper's 87 sentences on STS-B test.

    Returns:
        The sentences in the set's order; one that comes twice is there twice.

    Raises:
        DataError: If there is none.
        ValueError: For another rule.
    """
    if rule not in RULES:
        raise ValueError(f"The rule is {' or '.join(RULES)}, not {rule!r}.")
    cases, count, negated = [], 0, 0
    for row, column, text in texts:
        count += 1
        found = find_negations(text)
        negated += bool(found)
        if rule == "plain":
            found = tuple(negation for negation in found if negation.plain)
        if len(found) == 1 and found[0].without.strip():
            cases.append(Case(row, column, text, found[0]))
    if not negated:
        raise DataError(
            f"None of the {count:,} texts has a negation (not, n't, cannot); give a set that has "
            "some."
        )
    if not cases:
        raise DataError(
            f"None of the {count:,} texts is of the kind asked for: {RULES[rule]}; {negated:,} "
            "have a negation of another kind, so take the other rule or another set."
        )
    return cases


def negation_study(
    encoder: Encoder,
    cases: Sequence[Case],
    layer: int | None = None,
    *,
    cosine: str | None = None,
    tolerance: float = TOLERANCE,
    progress: Callable[[float], None] | None = None,
    leave_out: Callable[[Case, str], None] | None = None,
) -> pd.DataFrame:
    """Attributes each sentence's similarity to itself without its negation.

    Args:
        encoder: The encoder.
        cases: From ``negation_cases``.
        layer: As for ``attribute``.
        cosine: As for ``attribute``.
        tolerance: As for ``attribute``.
        progress: Told the share of the work done, 0 to 1; what it raises ends the study.
        leave_out: Told of each sentence that the model can't read as far as the negation, and why.

    Returns:
        One row a sentence: model, layer, cosine, row, column, sentence (a number; the same text has
        the same), form, total, score, share, border, residual (the larger of the two texts'),
        text, without. Sentences that are left out have none.

    Raises:
        DataError: If no sentence is left.
        LayerError: For a layer that the model does not have.
        ModelError: For a model that can't be explained.
    """

    def watch(advance: Advance) -> None:
        if progress is not None:
            progress(advance.done / len(cases))

    numbers = {text: number for number, text in enumerate(dict.fromkeys(c.text for c in cases))}
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        # by names, which reasons tell
        pairs = [{"the sentence": c.text, "the other": c.negation.without} for c in cases]
        run_corpus(
            encoder,
            pairs,
            folder,
            layer,
            cosine=cosine,
            tolerance=tolerance,
            columns=("the sentence", "the other"),
            progress=watch,
        )
        results = Results(folder)
        left_out = {reject["row"]: reject["reason"] for reject in results.rejects()}
        for place, result in results.attributions():
            case = cases[place]
            try:
                effect = negation_effect(result, case.negation)
            except TextError as error:
                left_out[place] = str(error).rstrip(".")
                continue
            rows.append(
                {
                    "model": result.model,
                    "layer": result.layer,
                    "cosine": result.cosine,
                    "row": case.row,
                    "column": case.column,
                    "sentence": numbers[case.text],
                    "form": case.negation.form,
                    "total": effect.total,
                    "score": result.score,
                    "share": effect.share,
                    "border": effect.border,
                    "residual": max(result.residual_a, result.residual_b),
                    "text": case.text,
                    "without": case.negation.without,
                }
            )
    if not rows:
        raise DataError(
            f"{encoder.name} can read none of the {len(cases)} sentences; the first: {left_out[0]}."
        )
    if leave_out is not None:
        for place, reason in sorted(left_out.items()):
            leave_out(cases[place], reason)
    return pd.DataFrame(rows)


def summarise_negation(table: pd.DataFrame) -> list[NegationSummary]:
    """What a study found, model by model, in the table's order.

    Args:
        table: One or more tables of ``negation_study``, one below the other.
    """
    return [
        NegationSummary(
            model=str(model),
            sentences=len(rows),
            distinct=int(rows["sentence"].nunique()),
            negative=float((rows["total"] < 0).mean()),
            negative_distinct=float((rows.drop_duplicates("sentence")["total"] < 0).mean()),
            negative_bordered=float((rows["total"] + rows["border"] < 0).mean()),
            share_mean=float(rows["share"].mean()),
            share_median=float(rows["share"].median()),
            share_90=float(rows["share"].quantile(0.9)),
        )
        for model, rows in table.groupby("model", sort=False)
    ]


def negation_sentence(summary: NegationSummary) -> str:
    """What a study found for one model, in words."""
    return (
        f"{summary.model}: {summary.negative:.0%} of {summary.sentences:,} negations lower the "
        f"score ({summary.negative_distinct:.0%} where each of the {summary.distinct:,} different "
        f"sentences counts once); with their border, {summary.negative_bordered:.0%} do. The 90th "
        f"percentile of the negation's share of the score is {summary.share_90:.0%}."
    )


def left_out_sentence(model: str, left_out: Sequence[tuple[Case, str]]) -> str:
    """How many sentences a study left out and why, in words.

    Args:
        model: The model's name.
        left_out: What ``negation_study`` told of them; one at least.
    """
    case, reason = left_out[0]
    return (
        f"{model}: {len(left_out)} of them left out, first row {case.row} (from 0) of "
        f"{case.column}: {reason}."
    )


def without_texts(table: pd.DataFrame) -> pd.DataFrame:
    """A study's figures without its sentences, to be shipped."""
    return table.drop(columns=_TEXTS)


def shipped_negation(rule: str = DEFAULT_RULE) -> pd.DataFrame:
    """The study of shelf and exact on STS-B test that comes with this package, without sentences.

    Args:
        rule: One of ``RULES``.
    """
    return pd.read_parquet(_SHIPPED / f"{rule}.parquet")
