"""What is to be seen of all pairs of a file at once: other columns, and which words matter."""

import json
from collections.abc import Callable

import numpy as np
import pandas as pd

from xsb_core.attribution.function_words import carries_little
from xsb_core.attribution.words import to_words
from xsb_core.corpus.results import Results

# A column of so few values names kinds.
MOST_KINDS = 12


def other_columns(summary: pd.DataFrame) -> pd.DataFrame:
    """The input's other columns, numbers as numbers where all that is there are.

    Args:
        summary: From ``summary_table``.

    Returns:
        One row a pair, as in the summary; NaN and None where a row has none.

    Examples:
        >>> other_columns(summary_table(Results("results"))).shape
        (2, 0)
    """
    given = [json.loads(extra) if isinstance(extra, str) else {} for extra in summary["extra"]]
    table = pd.DataFrame(given, index=summary.index)
    for name in table:
        cells = table[name]
        if any(isinstance(cell, list | dict) for cell in cells):
            table[name] = cells.map(lambda cell: json.dumps(cell, ensure_ascii=False))
            continue
        there = cells.notna() & (cells.astype(str).str.strip() != "")
        numbers = pd.to_numeric(cells.where(there), errors="coerce")
        if there.any() and numbers[there].notna().all():
            table[name] = numbers.astype(float)
    return table


def kinds_of(table: pd.DataFrame) -> list[str]:
    """The columns that name kinds: of a few values, some of which come again."""
    return [
        name
        for name in table
        if 1 < table[name].nunique() <= min(MOST_KINDS, len(table) - 1)
        and table[name].dtype.kind != "f"
    ]


def words_table(
    results: Results, progress: Callable[[float], None] = lambda _: None
) -> pd.DataFrame:
    """Which words raise and lower the scores of a whole file, most first.

    Function words and punctuation are left aside, upper and lower case are one.

    Args:
        results: What a run has finished.
        progress: Told the share that is done, 0 to 1.

    Returns:
        Columns word_a, word_b, pairs (how many have both), total (the sum of their net cells over
        the file, in units of the score), mean (of a pair that has them).

    Examples:
        >>> words_table(Results("results")).columns.tolist()
        ['word_a', 'word_b', 'pairs', 'total', 'mean']
    """
    found: dict[tuple[str, str], list[float]] = {}
    for done, (_, result) in enumerate(results.attributions(), 1):
        words = to_words(result, "sum")
        sides = [
            [
                (at, word.lower())
                for at, (word, special) in enumerate(zip(side.tokens, side.special, strict=True))
                if not special and not carries_little(word)
            ]
            for side in (words.a, words.b)
        ]
        own: dict[tuple[str, str], float] = {}
        for row, a in sides[0]:
            for column, b in sides[1]:
                own[a, b] = own.get((a, b), 0.0) + float(words.net_matrix[row, column])
        for names, value in own.items():
            count_and_sum = found.setdefault(names, [0, 0.0])
            count_and_sum[0] += 1
            count_and_sum[1] += value
        progress(done / len(results))
    rows = [(*names, int(count), value, value / count) for names, (count, value) in found.items()]
    table = pd.DataFrame(rows, columns=["word_a", "word_b", "pairs", "total", "mean"])
    order = np.argsort(-table["total"].abs().to_numpy(), kind="stable")
    return table.iloc[order].reset_index(drop=True)
