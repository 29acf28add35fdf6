"""The score's account, the lines that add up to it, and how far they can be trusted.

score = corner + borders + cells, for any encoder. The paper's Eq. 4, Σ A ≈ f(a, b) + 1, is what is
left of it where corner and borders are 1 and twice −1; ``trust`` judges how far that holds.
"""

import math
from dataclasses import dataclass

import numpy as np

from xsb_core.attribution.numerals import signed
from xsb_core.attribution.reading import reading_sentences
from xsb_core.attribution.result import Attribution

# The paper's bound for a reference similarity that may be neglected (section 4.3).
REFERENCE_BOUND = 0.1
# Its least similarity of the two references with each other (section 4.3).
REFERENCE_TERM = 0.9


@dataclass(frozen=True)
class Entry:
    """One summand of the score.

    Attributes:
        key: "corner", "border_a", "border_b", "matrix", "prompts" or "special".
        label: What it is, for a reader.
        value: Its part of the score.
    """

    key: str
    label: str
    value: float


def account(result: Attribution, *, special: bool = True) -> tuple[Entry, ...]:
    """Splits the score into corner, borders and matrix; the values add up to ``result.score``.

    Args:
        result: A pair's attribution.
        special: Whether special tokens count among the others. If not, all that falls to their
            rows and columns, border included, becomes a line of its own. What falls to a prompt's
            tokens always is one, but for word means.

    Returns:
        The lines, in the order of a waterfall. The sum differs from the score by no more than the
        residuals allow.

    Raises:
        ValueError: If ``special`` is False and cells are word means, which no longer hold the sums.

    Examples:
        >>> [line.key for line in account(result)]
        ['corner', 'border_a', 'border_b', 'matrix']
    """
    border_a, border_b, matrix = result.sum_border_a, result.sum_border_b, result.sum_matrix
    tail = []
    if not special and result.words == "mean":
        raise ValueError(
            "The special tokens' part can't be told from word means; take the account of the "
            "token-level result."
        )
    keep_a, keep_b = (np.ones(len(side.tokens), bool) for side in (result.a, result.b))
    apart = {}
    if result.words != "mean" and any(result.a.prompted + result.b.prompted):
        apart["prompts", "Prompts' tokens"] = result.a.prompted, result.b.prompted
    if not special:
        apart["special", "Special tokens"] = result.a.special, result.b.special
    for (key, label), (gone_a, gone_b) in apart.items():
        total = border_a + border_b + matrix
        keep_a, keep_b = keep_a & ~np.array(gone_a), keep_b & ~np.array(gone_b)
        border_a = float(result.border_a[keep_a].sum())
        border_b = float(result.border_b[keep_b].sum())
        matrix = float(result.matrix[np.ix_(keep_a, keep_b)].sum())
        rest = total - border_a - border_b - matrix
        tail.append(Entry(key, label, rest))
    lines = [
        Entry("corner", "References' own similarity", result.corner),
        Entry("border_a", "A minus its reference, with B's", border_a),
        Entry("border_b", "B minus its reference, with A's", border_b),
        Entry("matrix", _PAIRS[result.kind, result.shifted], matrix),
    ]
    # models without an integral have no references
    return tuple(lines[3 * (result.kind != "dense") :] + tail)


_PAIRS = {
    ("dense", False): "Token pairs, from empty texts",
    ("dense", True): "Token pairs",
    ("sparse", True): "Shared terms, by token pairs",
    ("late interaction", True): "Best matches of text A's tokens",
}


@dataclass(frozen=True)
class Trust:
    """A verdict on a result.

    Attributes:
        level: "exact" where the token pairs alone add up to the score, "approximate" where the
            references take a part, "inaccurate" where the integral did not converge or the
            numbers do not add up.
        sentence: The reasons, for a reader.
        mark: "green" where cells can be read as they stand, "amber" where the references or the
            error colour them, "red" where they can't be relied on.
        short: The reason for the mark, in a few words.
    """

    level: str
    sentence: str
    mark: str
    short: str


def account_gap(result: Attribution) -> float:
    """Score minus the sum of corner, borders and matrix: what the residuals leave unexplained.

    Examples:
        >>> abs(account_gap(result)) < 1e-3
        True
    """
    explained = result.corner + result.sum_border_a + result.sum_border_b + result.sum_matrix
    return result.score - explained


def adds_up(result: Attribution) -> bool:
    """Whether the token pairs alone add up to the score: the references take no part in it.

    In a shifted encoder they do where a text is its own reference (padding alone): its embedding is
    rounding too, of which a cosine makes a unit vector.
    """
    references = result.corner + result.sum_border_a + result.sum_border_b
    negligible = abs(references) <= result.tolerance * np.abs(result.matrix).sum()
    return result.shifted and result.cosine != "through" and bool(negligible)


def trust(result: Attribution) -> Trust:
    """Judges a result by its residuals and its reference terms; says what the model didn't read.

    Args:
        result: A pair's attribution.

    Returns:
        The verdict; its figures are those of the result.

    Examples:
        >>> trust(result).level
        'approximate'
    """
    level, sentence = _judged(result)
    return Trust(level, " ".join((sentence, *reading_sentences(result))), *_marked(result, level))


def _marked(result: Attribution, level: str) -> tuple[str, str]:
    """The mark, and why."""
    right = "" if result.cell_error is None else f"right to about {_within(result)} a cell"
    if result.closed:
        right = "exact: nothing is estimated"
    if level == "inaccurate":
        return "red", f"not exact enough: only {right}" if right else "not exact enough"
    if (result.cell_error or 0) > np.abs(result.net_matrix).max() / 5:
        return "amber", f"{right}, which is much for cells as small as these"
    terms = result.reference_terms
    neutral = max(abs(terms.a_rb), abs(terms.b_ra)) <= REFERENCE_BOUND
    known = result.similarity == "cosine" and neutral and terms.ra_rb >= REFERENCE_TERM
    if level == "exact" or known:
        return "green", right or "converged"
    why = "an empty text is not neutral to this model here"
    return "amber", f"{right}; {why}" if right else why


def _judged(result: Attribution) -> tuple[str, str]:
    residual, nodes = max((result.residual_a, result.nodes_a), (result.residual_b, result.nodes_b))
    if result.kind != "dense":
        return "exact", _OF_KIND[result.kind]
    right = "" if result.cell_error is None else f"cells are right to about {_within(result)}; "
    if not result.converged:
        return "inaccurate", _inaccurate(result, residual, nodes)
    error = f"({right}residual {residual:.1e}, {nodes} nodes)"
    if result.closed:
        error = "(nothing is estimated)"
    if adds_up(result):
        if result.closed:
            return "exact", _CLOSED
        return (
            "exact",
            f"Exact: this encoder maps its references to zero, so the token pairs alone add up to "
            f"the score {error}.",
        )
    share = result.score - result.sum_matrix
    opening = (
        f"Approximate cells, exact account {error}: the token pairs add up to "
        f"{signed(result.sum_matrix, 3)}, and the references account for the other "
        f"{signed(share, 3)}. "
    )
    terms = result.reference_terms
    outside = [
        f"{name} = {signed(value, 3)}"
        for name, value in (("f(a, r_b)", terms.a_rb), ("f(b, r_a)", terms.b_ra))
        if abs(value) > REFERENCE_BOUND
    ]
    if result.similarity == "dot":
        return "approximate", opening.rstrip()
    if outside:
        verdict = (
            f"{' and '.join(outside)} {'leaves' if len(outside) == 1 else 'leave'} "
            f"±{REFERENCE_BOUND}, the paper's bound, so the references colour these cells: read "
            "them with care."
        )
    else:
        verdict = (
            f"Both reference similarities ({signed(terms.a_rb, 3)}, {signed(terms.b_ra, 3)}) stay "
            f"within ±{REFERENCE_BOUND}, the paper's bound."
        )
    return "approximate", opening + verdict


_CLOSED = (
    "Exact: this model takes the mean of a row for each token, and no token changes another's, so "
    "the cells add up to the score and nothing is estimated."
)
_OF_KIND = {
    "sparse": (
        "Exact: this model is sparse, so its score is the sum over the vocabulary's terms that "
        "both texts have; each term's product stands where its two weights come from, and nothing "
        "is estimated."
    ),
    "late interaction": (
        "Exact: this model is one of late interaction, so each token of text A, the query, counts "
        "with the one token of text B that matches it best; these cells add up to the score, and "
        "nothing is estimated."
    ),
}


def _within(result: Attribution) -> str:
    """What a cell may be off by, such as ±0.0004."""
    assert result.cell_error is not None
    if result.cell_error == 0:
        return "±0"
    digits = max(1, -math.floor(math.log10(result.cell_error)))
    return f"±{result.cell_error:.{digits}f}"


def _inaccurate(result: Attribution, residual: float, nodes: int) -> str:
    opening = (
        f"Inaccurate: with {nodes} nodes the integral is off by {residual:.1e} of what it should "
        f"add up to"
    )
    errors = [error for error in (result.error_a, result.error_b) if error is not None]
    if errors:
        opening += f", and single tokens by {max(errors):.1e}; {_within(result)} in a cell"
    asked = f"{opening}; {result.tolerance:.0e} was asked for"
    needed = max(result.needed_a or 0, result.needed_b or 0)
    if result.work_limit is not None and needed > result.work_limit:
        remedy = (
            f"take a later layer, or raise the limit of work from {result.work_limit:,} to "
            f"{needed:,} tangents,"
        )
    else:
        remedy = "take a later layer or more steps"
    return f"{asked}. To read much into single cells, {remedy.rstrip(',')} first."
