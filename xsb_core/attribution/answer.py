"""The answer in a sentence: which words make two texts similar, no surer than the numbers."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from xsb_core.attribution.cells import positions
from xsb_core.attribution.function_words import carries_little, is_negation
from xsb_core.attribution.numerals import signed
from xsb_core.attribution.result import Attribution
from xsb_core.attribution.words import to_words

# Cosines that divide what two texts are called.
SIMILAR, HARDLY, OPPOSED = 0.5, 0.25, -0.25
# Part of a similarity of 1 (of a dot product: of all that moves it) from which a pair has a name.
_LEAST = 0.02
_NAMED = 3
_LONGEST = 40  # characters of a name
_SURE = 4  # a pair is named where it is so many times what it may be off by


class WordPair(NamedTuple):
    """A word of each text and what the two add to the score.

    Attributes:
        a: The word of text A.
        b: The word of text B.
        value: Their net cells' sum, in units of the score.
    """

    a: str
    b: str
    value: float

    @property
    def shown(self) -> str:
        """Both words, or the beginnings of what is longer, and the value."""
        return f"{_short(self.a)}\u2013{_short(self.b)} ({signed(self.value, 2)})"


def answer(result: Attribution) -> str:
    """Says why two texts are as similar as they are.

    Words are named that add at least 0.02 to the score and four times what they may be off by, each
    word once; function words and punctuation are passed over.

    Args:
        result: An attribution; words and sentences are taken as they are.

    Returns:
        One sentence. It holds words of the texts.

    Examples:
        >>> answer(attribute(encoder, "Hot tea.", "Cold rain.", layer=5))[-1]
        '.'
    """
    words = result if result.words else to_words(result, "sum")
    whole = words.net_matrix
    rows, columns = (
        [at for at in positions(side, special=False) if not carries_little(side.tokens[at])]
        for side in (words.a, words.b)
    )
    cells = whole[np.ix_(rows, columns)]
    raising, lowering = whole[whole > 0].sum(), -whole[whole < 0].sum()
    unit = 1.0 if result.similarity == "cosine" else raising + lowering
    doubt = 0.0 if result.cell_error is None else result.cell_error
    least = max(_LEAST * unit, _SURE * doubt)
    opening = _called(result)
    if not result.converged and cells.size and doubt >= np.abs(cells).max() / 2:
        return f"{opening}: which words make it so can't be told: they are not exact enough."
    names = [words.a.tokens[row] for row in rows], [words.b.tokens[column] for column in columns]
    pairs, against = _greedy(cells, *names, least), _greedy(-cells, *names, least)
    parts = [_named(pairs, float(raising), least)]
    if against:
        against = [WordPair(a, b, -value) for a, b, value in against]
        parts.append(f"against it {'speaks' if len(against) == 1 else 'speak'} {_listed(against)}")
    elif pairs and lowering < raising / 4:
        parts.append("nothing of weight speaks against it")
    elif pairs:
        parts.append(f"small parts against it come to {signed(-float(lowering), 2)}")
    parts += _negations(words, least)
    known = "" if result.converged else ", as far as can be told,"
    return f"{opening}{known}: {'; '.join(parts)}."


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST - 1].rstrip()}…"


def _called(result: Attribution) -> str:
    score = signed(result.score, 2).removeprefix("+")
    if result.similarity != "cosine":
        return f"Score {score}"
    for least, name in ((SIMILAR, "Similar"), (HARDLY, "Somewhat similar"), (OPPOSED, "")):
        if result.score >= least:
            return f"{name or 'Not similar'} ({score})"
    return f"Opposed ({score})"


def _greedy(
    cells: Float[np.ndarray, "a b"], names_a: list[str], names_b: list[str], least: float
) -> list[WordPair]:
    """The largest values first, each word once, and none far below the first."""
    rows: set[int] = set()
    columns: set[int] = set()
    found: list[WordPair] = []
    for place in np.argsort(-cells, axis=None, kind="stable").tolist():
        row, column = divmod(place, len(names_b))
        value = float(cells[row, column])
        if value < least or (found and value < found[0].value / 5) or len(found) == _NAMED:
            break
        if row in rows or column in columns:
            continue
        rows.add(row)
        columns.add(column)
        found.append(WordPair(names_a[row], names_b[column], value))
    return found


def _named(pairs: list[WordPair], raising: float, least: float) -> str:
    if not pairs:
        return f"no pair of words carries weight (none adds {least:.2g} or more)"
    share = sum(pair.value for pair in pairs) / raising
    if share < 0.2:
        size = "largest is" if len(pairs) == 1 else "largest are"
        return f"it is spread over many pairs of words, of which the {size} {_listed(pairs)}"
    how = "mostly" if share >= 0.5 else "most of all"
    which = "which makes" if len(pairs) == 1 else "which make"
    return f"{how} because of {_listed(pairs)}, {which} {share:.0%} of what raises it"


def _listed(pairs: list[WordPair]) -> str:
    *first, last = [pair.shown for pair in pairs]
    return f"{', '.join(first)} and {last}" if first else last


def _negations(words: Attribution, least: float) -> list[str]:
    """What a negation that only one text has adds in total."""
    matrix = words.net_matrix
    found = []
    sides = ((words.a, words.b, matrix.sum(1)), (words.b, words.a, matrix.sum(0)))
    for side, other, totals in sides:
        if any(is_negation(token) for token in other.tokens):
            continue
        found += [
            f"‹{token}› counts for {'next to nothing, ' * bool(abs(total) < least)}"
            f"{signed(float(total), 2)} in all"
            for token, total in zip(side.tokens, totals, strict=True)
            if is_negation(token)
        ][:1]
    return found
