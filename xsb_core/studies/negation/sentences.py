"""All sentences of a set that have a negation, and what these add to scores (section 5.2)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pandas as pd

from xsb_core.attribution.attribute import attempt_pairs
from xsb_core.attribution.recipe import Recipe
from xsb_core.attribution.result import Attribution
from xsb_core.attribution.store import FactorStore
from xsb_core.encoders.encoder import Encoder
from xsb_core.errors import DataError
from xsb_core.integration.jacobians import Progress
from xsb_core.studies.negation.effect import negation_effect
from xsb_core.studies.negation.negations import WORDS, Negation, find_negations
from xsb_core.tables.texts import LocatedText

# What a rule picks, for a reader.
RULES = {
    "plain": "sentences with exactly one “not” in small letters between spaces",
    "any": "sentences with exactly one negation (not, n't, cannot) anywhere",
    "words": "sentences with exactly one negation: not, n't, cannot, or a word such as never or no",
}
DEFAULT_RULE = "plain"
# Rules by which a study of STS-B test ships.
SHIPPED = ("plain", "any")


class Case(NamedTuple):
    """A sentence to measure.

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


def negation_cases(
    texts: Iterable[LocatedText], rule: str = DEFAULT_RULE, words: Mapping[str, str] = WORDS
) -> list[Case]:
    """Picks the sentences to measure.

    Args:
        texts: A set's texts.
        rule: One of ``RULES``. "plain" gives the paper's 87 sentences on STS-B test.
        words: What else the rule "words" takes for negations, as of ``find_negations``.

    Returns:
        The sentences in the set's order; one that comes twice is there twice.

    Raises:
        DataError: If there is none.
        ValueError: For another rule.
    """
    if rule not in RULES:
        raise ValueError(f"The rule is one of {', '.join(RULES)}, not {rule!r}.")
    cases, count, negated = [], 0, 0
    for row, column, text in texts:
        count += 1
        found = find_negations(text, words if rule == "words" else {})
        negated += bool(found)
        if rule == "plain":
            found = tuple(negation for negation in found if negation.plain)
        if len(found) == 1 and found[0].without.strip():
            cases.append(Case(row, column, text, found[0]))
    if not negated:
        raise DataError(
            f"None of the {count:,} texts has a negation ({', '.join(_asked(rule, words))}); give "
            "a set that has some."
        )
    if not cases:
        raise DataError(
            f"None of the {count:,} texts is of the kind asked for: {RULES[rule]}; {negated:,} "
            "have a negation of another kind, so take the other rule or another set."
        )
    return cases


def _asked(rule: str, words: Mapping[str, str]) -> tuple[str, ...]:
    return ("not", "n't", "cannot", *(words if rule == "words" else ()))


def measure_negations(
    encoder: Encoder,
    cases: Sequence[Case],
    recipe: Recipe = Recipe(),
    *,
    progress: Progress | None = None,
    leave_out: Callable[[Case, str], None] | None = None,
) -> pd.DataFrame:
    """Attributes each sentence's similarity to itself without its negation.

    Args:
        encoder: The encoder.
        cases: From ``negation_cases``.
        recipe: How to compute.
        progress: Told the share of the work done, 0 to 1; what it raises ends the work.
        leave_out: Told of each sentence that the model can't read as far as the negation, and why.

    Returns:
        One row a sentence: model, layer, cosine, row, column, sentence (a number; the same text has
        the same), form, total, net (the total of net cells), score, share, border, residual (the
        larger of the two texts'), text, without. Sentences that are left out have none.

    Raises:
        DataError: If no sentence is left.
        LayerError: For a layer that the model does not have.
        ModelError: For a model that can't be explained.
    """
    numbers = {text: number for number, text in enumerate(dict.fromkeys(c.text for c in cases))}
    pairs = [(case.text, case.negation.without) for case in cases]
    rows, left_out = [], []
    found = attempt_pairs(FactorStore(encoder, recipe), pairs, progress=progress)
    for case, result in zip(cases, found, strict=True):
        try:
            rows.append(_row(case, numbers[case.text], result))
        except ValueError as error:
            reason = str(error).replace("Text A:", "the sentence:", 1).rstrip(".")
            left_out.append((case, reason))
    if not rows:
        raise DataError(
            f"{encoder.name} can read none of the {len(cases)} sentences; the first: "
            f"{left_out[0][1]}."
        )
    if leave_out is not None:
        for case, reason in left_out:
            leave_out(case, reason)
    return pd.DataFrame(rows)


def _row(case: Case, sentence: int, found: Attribution | ValueError) -> dict[str, Any]:
    """What a study notes of a sentence; raises what there is against it."""
    if isinstance(found, ValueError):
        raise found
    effect = negation_effect(found, case.negation)
    return {
        "model": found.model,
        "layer": found.layer,
        "cosine": found.cosine,
        "row": case.row,
        "column": case.column,
        "sentence": sentence,
        "form": case.negation.form,
        "total": effect.total,
        "score": found.score,
        "net": float(found.net_matrix[list(effect.rows)].sum()),
        "share": effect.share,
        "border": effect.border,
        "residual": max(found.residual_a, found.residual_b),
        "text": case.text,
        "without": case.negation.without,
    }
