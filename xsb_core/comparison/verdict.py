"""What a comparison of two attributions means, in sentences."""

from math import isnan

from xsb_core.attribution.account import adds_up
from xsb_core.attribution.cells import Look
from xsb_core.attribution.numerals import signed
from xsb_core.attribution.result import SIMILARITIES, Attribution
from xsb_core.comparison.agreement import Agreement
from xsb_core.comparison.models import Comparison

# From this rank correlation on: what it is called, and what a reader makes of it.
_LEVELS = (
    (0.8, "Strong agreement", "both heatmaps tell much the same"),
    (0.5, "Moderate agreement", "the heatmaps share a pattern and differ in many cells"),
    (0.2, "Weak agreement", "the heatmaps share little of their pattern"),
    (-0.2, "No agreement", "one heatmap says next to nothing about the other"),
    (-1.0, "Opposite rankings", "what one model ranks high the other tends to rank low"),
)


_MOST_NAMED = 5  # tokens left out, one by one; of more, the number


def agreement_verdict(agreed: Agreement) -> str:
    """Says how strongly two models agree, with the numbers.

    The words follow the rank correlation; the share of the largest cells, which a reader looks at
    first, stands beside them.
    """
    if isnan(agreed.spearman):
        return (
            "Agreement is not defined here: it takes two matrices of cells that differ, and in at "
            "least one of these all are alike."
        )
    name, meaning = next(rest for least, *rest in _LEVELS if agreed.spearman >= least)
    sentence = (
        f"{name}: {meaning} (Spearman {agreed.spearman:.2f}, Pearson {agreed.pearson:.2f} over "
        f"{agreed.cells} cells)"
    )
    tops = [
        f"{_shared(jaccard, count)} of their {count} largest cells"
        for jaccard, count in ((agreed.jaccard_3, 3), (agreed.jaccard_10, 10))
        if not isnan(jaccard)
    ]
    return f"{sentence}; they share {' and '.join(tops)}." if tops else f"{sentence}."


def sums_sentences(first: Attribution, second: Attribution, look: Look = Look()) -> str:
    """Says whether the sizes of two models' cells can be compared, and why not.

    Args:
        first: The result of "Model 1".
        second: The result of "Model 2".
        look: Which cells are compared.

    Returns:
        The sums, and what the references have to do with them.
    """
    if look.cells == "net" or (adds_up(first) and adds_up(second)):
        text = (
            f"Both models' cells add up to their scores ({first.score:.4f} and "
            f"{second.score:.4f}), so sizes can be compared cell by cell."
        )
    else:
        text = f"{_sum('Model 1', first)} {_sum('Model 2', second)}"
        if adds_up(first) != adds_up(second):
            text += " So compare the pattern of the cells rather than their sizes."
    return text


def notes(comparison: Comparison) -> list[str]:
    """Says what to know first: other units, words in place of tokens, what is left out.

    Tokens are quoted as the texts have them: these sentences hold user text.
    """
    first, second = comparison.first, comparison.second
    sentences = []
    if first.similarity != second.similarity:
        name, own, other = ("Model 1", first, second)
        if first.similarity == "cosine":
            name, own, other = ("Model 2", second, first)
        sentences.append(
            f"{name} compares by {SIMILARITIES[own.similarity]} and the other by "
            f"{SIMILARITIES[other.similarity]}, so sizes are in different units: in one colour "
            "range, one heatmap may be pale."
        )
    if not comparison.same_tokens:
        sentences.append(
            "The two models cut these texts into different tokens, so they are compared by words; "
            f"a cell is the {comparison.words} of its words' token cells."
        )
    sides = ((first, comparison.first_left_out), (second, comparison.second_left_out))
    for number, (result, left_out) in enumerate(sides, 1):
        parts = [
            f"{_quoted(tokens)} of text {name}"
            for name, tokens in (("A", left_out.tokens_a), ("B", left_out.tokens_b))
            if tokens
        ]
        if parts:
            sentences.append(
                f"Left out, as model {3 - number} has no counterpart: of model {number}, "
                f"{' and '.join(parts)} (their net cells add up to {signed(left_out.total)} at "
                f"layer {result.layer})."
            )
    return sentences


def _sum(name: str, result: Attribution) -> str:
    """A model's cells against its score, and where the rest is."""
    if adds_up(result):
        return f"{name}'s cells add up to its score, {result.score:.4f}."
    return (
        f"{name}'s cells add up to {result.sum_matrix:.4f} for a score of {result.score:.4f}: its "
        f"references have a part in it (f(r_a, r_b) = {result.reference_terms.ra_rb:.3f}), and the "
        f"border and corner of its account bring the other "
        f"{signed(result.score - result.sum_matrix)}."
    )


def _shared(jaccard: float, count: int) -> int:
    """How many of so many top cells two sets share, from their Jaccard coefficient."""
    return round(2 * count * jaccard / (1 + jaccard))


def _quoted(tokens: tuple[str, ...]) -> str:
    if len(tokens) > _MOST_NAMED:
        return f"{len(tokens)} tokens from ‹{tokens[0]}› to ‹{tokens[-1]}›"
    return ", ".join(f"‹{token}›" for token in tokens)
