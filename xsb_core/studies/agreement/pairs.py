"""How far two runs agree, pair by pair (paper, section 4.4)."""

import dataclasses
from collections.abc import Iterator
from itertools import zip_longest

import pandas as pd

from xsb_core.attribution.result import Attribution
from xsb_core.comparison.agreement import MEASURES, Agreement, agreement, cell_agreement
from xsb_core.comparison.alignment import same_tokens
from xsb_core.comparison.models import compare
from xsb_core.corpus.results import Results
from xsb_core.corpus.schema import attribution_of
from xsb_core.errors import DataError
from xsb_core.studies.runs import run_name

AGREEMENTS = [
    *("id", "run_1", "run_2", "layer_1", "layer_2", "blocks_1", "blocks_2", "score_1", "score_2"),
    *(*MEASURES, "cells"),
]


def pair_agreements(first: Results, second: Results, key: str) -> pd.DataFrame:
    """Compares two runs on the pairs that both have.

    Args:
        first: A run's results.
        second: Those of another model, or treatment, on the same texts.
        key: The column that names pairs, from ``keys_of``.

    Returns:
        One row a pair: ``id``; of each run (suffixes ``_1`` and ``_2``) its name ``run``,
        ``layer``, ``blocks`` and ``score``; and the fields of ``Agreement`` over all cells, special
        tokens included; of words where the two models cut the texts differently.

    Raises:
        DataError: If a pair of one name has other texts in the other run.
    """
    both = [run.manifest.shared for run in (first, second)]
    names = [run_name(shared) for shared in both]
    settings = {
        f"{name}_{number}": shared[name]
        for number, shared in enumerate(both, 1)
        for name in ("layer", "blocks")
    }
    rows = []
    for id_, one, other in matched(first, second, key):
        try:
            agreed = _agreement(one, other)
        except ValueError as error:
            raise DataError(
                f"Pair {id_} has other texts in {names[1]} than in {names[0]}; give runs over one "
                "file of pairs."
            ) from error
        rows.append(
            {
                "id": id_,
                "run_1": names[0],
                "run_2": names[1],
                **settings,
                "score_1": one.score,
                "score_2": other.score,
                **dataclasses.asdict(agreed),
            }
        )
    return pd.DataFrame(rows, columns=AGREEMENTS)


def matched(
    first: Results, second: Results, key: str
) -> Iterator[tuple[str, Attribution, Attribution]]:
    """The pairs that two runs share, with both attributions; memory stays flat for like orders."""
    waiting: tuple[dict, dict] = ({}, {})
    for both in zip_longest(_keyed(first, key), _keyed(second, key)):
        for side, found in enumerate(both):
            if found is None:
                continue
            name, result = found
            partner = waiting[1 - side].pop(name, None)
            if partner is None:
                waiting[side][name] = result
            else:
                yield (name, result, partner) if side == 0 else (name, partner, result)


def _keyed(results: Results, key: str) -> Iterator[tuple[str, Attribution]]:
    for row in results:
        yield str(row[key]), attribution_of(row, results.manifest.shared)


def _agreement(first: Attribution, second: Attribution) -> Agreement:
    same_texts = (first.a.text, first.b.text) == (second.a.text, second.b.text)
    if same_texts and same_tokens(first.a, second.a) and same_tokens(first.b, second.b):
        return cell_agreement(first.matrix, second.matrix)
    compared = compare(first, second)
    return agreement(compared.first_cells, compared.second_cells)
