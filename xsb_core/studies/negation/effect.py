"""What a negation adds to the similarity of its sentence to the one without it."""

from dataclasses import dataclass
from math import nan

from xsb_core.attribution.numerals import signed
from xsb_core.attribution.result import Attribution
from xsb_core.encoders.spans import positions_at
from xsb_core.studies.negation.negations import Negation


@dataclass(frozen=True)
class NegationEffect:
    """What a negation adds to the similarity of its sentence to the one without it.

    Attributes:
        rows: Positions of the negation's tokens in the first text.
        total: The sum of their rows over all columns, those of special tokens included.
        share: The total divided by the score; NaN where the score is 0.
        border: The sum of their border, what they add to the similarity to the other text's
            reference; 0 for shifted encoders. Total and border together are the negation's whole
            part of the score (docs/method.md, section 5).
    """

    rows: tuple[int, ...]
    total: float
    share: float
    border: float


# Scores of a sentence and itself without its negation, from which a model minds it less.
HARDLY, SOMEWHAT = 0.8, 0.5


def negation_answer(result: Attribution, negation: Negation, effect: NegationEffect) -> str:
    """Says whether a model minds a negation.

    Args:
        result: A sentence's attribution with itself without the negation, in tokens.
        negation: The negation.
        effect: What it adds.

    Returns:
        One sentence; it holds words of the text.

    Examples:
        >>> (negation,) = find_negations("It is not cold.")
        >>> pair = attribute(encoder, "It is not cold.", negation.without, layer=5)
        >>> negation_answer(pair, negation, negation_effect(pair, negation)).split(":")[0]
        'Hardly'
    """
    how = "Hardly" if result.score >= HARDLY else "Somewhat"
    how = "Yes" if result.score < SOMEWHAT else how
    net = float(result.net_matrix[list(effect.rows)].sum())
    return (
        f"{how}: with ‹{negation.shown}› and without it the sentence is {result.score:.2f} similar "
        f"to itself, and what ‹{negation.shown}› adds comes to {signed(net, 2)}."
    )


def negation_effect(result: Attribution, negation: Negation) -> NegationEffect:
    """What a negation adds to a score: its rows' sum (the paper's section 5.2).

    Args:
        result: A token-level attribution whose first text has the negation.
        negation: One that ``find_negations`` found in this text.

    Returns:
        The effect.

    Raises:
        TextError: If the model cut the text before the negation.
        ValueError: If cells are words.

    Examples:
        >>> (found,) = find_negations("It's not bad.")
        >>> negation_effect(attribute(encoder, "It's not bad.", found.without), found).rows
        (4,)
    """
    if result.words is not None:
        raise ValueError("A negation's total is one of token cells; start from those, not words.")
    rows = positions_at(result.a, negation.start, negation.end, result.model)
    total = float(result.matrix[list(rows)].sum())
    border = float(result.border_a[list(rows)].sum())
    return NegationEffect(rows, total, total / result.score if result.score else nan, border)
