"""What a change of words does to a score: totals before and after, matched across the change."""

from difflib import SequenceMatcher

import pandas as pd

from xsb_core.attribution.result import Attribution
from xsb_core.attribution.words import to_words

_COLUMNS = ["text", "before", "after", "total_before", "total_after", "change"]


def edit_table(before: Attribution, after: Attribution) -> pd.DataFrame:
    """Each word's net total before and after, in the order of the texts.

    Words are matched by their order (those that stay, in both texts); one that came or went has an
    empty partner and a total of 0 there. Of either text, the changes add up to the change of the
    score, as net totals add up to a score (docs/method.md, section 7).

    Args:
        before: A token-level attribution.
        after: Another, of a changed pair, by the same model at the same layer.

    Returns:
        Columns text ("A" or "B"), before, after (the words), total_before, total_after, change.

    Raises:
        ValueError: If the two are not of one model and layer.

    Examples:
        >>> edit_table(result, result)["change"].abs().max()
        0.0
    """
    if (before.model, before.layer) != (after.model, after.layer):
        raise ValueError(
            f"Expected two results of one model and layer, got {before.model} at layer "
            f"{before.layer} and {after.model} at layer {after.layer}; attribute both alike."
        )
    old, new = to_words(before, "sum"), to_words(after, "sum")
    rows = []
    for name, one, other, axis in (("A", old.a, new.a, 1), ("B", old.b, new.b, 0)):
        totals = old.net_matrix.sum(axis), new.net_matrix.sum(axis)
        matcher = SequenceMatcher(None, one.tokens, other.tokens, autojunk=False)
        for _, start, stop, start_2, stop_2 in matcher.get_opcodes():
            for step in range(max(stop - start, stop_2 - start_2)):
                i = start + step if start + step < stop else None
                j = start_2 + step if start_2 + step < stop_2 else None
                first = 0.0 if i is None else float(totals[0][i])
                second = 0.0 if j is None else float(totals[1][j])
                words = ("" if i is None else one.tokens[i], "" if j is None else other.tokens[j])
                rows.append((name, *words, first, second, second - first))
    return pd.DataFrame(rows, columns=_COLUMNS)
