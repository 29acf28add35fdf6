"""Figures of many pairs by method: a run that can be stopped and gone on with at any moment."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float
from sklearn.metrics import average_precision_score

from xsb_core.attribution.recipe import Recipe
from xsb_core.attribution.result import Attribution
from xsb_core.corpus.progress import Advance
from xsb_core.corpus.results import Results
from xsb_core.corpus.run import run_corpus
from xsb_core.encoders.encoder import Encoder
from xsb_core.encoders.references import PADDING
from xsb_core.encoders.spans import tokens_in_ranges
from xsb_core.errors import DataError
from xsb_core.evidence.deletion import Deletions, aopc, infidelity, rank_correlation
from xsb_core.evidence.gold import GoldPair
from xsb_core.evidence.methods import Claim, Claims, each_method, parse_method
from xsb_core.integration.jacobians import Progress
from xsb_core.tables.files import commit
from xsb_core.tables.reading import PairSource

DEFAULT_METHODS = (
    "net",
    "paper",
    "integrated-gradients",
    "leave-one-out",
    "interactions",
    "maxsim",
    "rollout",
    "input-gradient",
    "exact-match",
    "random",
)
_PAIRS_AT_ONCE = 10  # what a kill costs at most


def measure_evidence(
    encoder: Encoder,
    pairs: PairSource | Sequence[GoldPair],
    out: str | Path,
    methods: Sequence[str] = DEFAULT_METHODS,
    recipe: Recipe = Recipe(),
    *,
    how: str = "removed",
    limit: int | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Measures methods on a set of pairs: by deletion, or against human alignments.

    Args:
        encoder: From ``load_encoder``.
        pairs: Pairs from ``open_pairs``, or human alignments from ``read_gold``.
        out: A folder to make; a run that it holds is gone on with, by the corpus engine.
        methods: Of ``METHODS``; some also at a layer and with another reference, as ``net@5`` or
            ``net@5/mask``; "all" in their place stands for each.
        recipe: How to attribute; its layer is that of methods that name none.
        how: How words are deleted, "removed" or "masked".
        limit: Only so many pairs.
        progress: Told the share of the work done; what it raises ends the run for now.

    Returns:
        One row a pair and method: model, layer, reference, pair, score, method and its figures.
        Deletion: comprehensiveness, sufficiency, leave_one_out (rank correlation), interaction
        (likewise),
        infidelity. Alignments: average_precision, opposed (share of negative cells among links of
        opposites), cells and links. NaN where a method or a pair has none. Source: docs/method.md,
        section 13.

    Raises:
        DataError: For an unknown method, a folder of other settings, or no pair that can be used.
        ModelError: For a reference that the model does not have.

    Examples:
        >>> measure_evidence(encoder, open_pairs(pairs), "evidence", ["net", "random"]).shape
        (4, 11)
    """
    recipe = recipe.resolved(encoder)
    assert recipe.layer is not None  # it is resolved
    methods = each_method(methods, encoder.blocks)
    asked = [parse_method(method) for method in methods]
    named = [(one.layer, one.reference) for one in asked if one.layer is not None]
    kinds = list(dict.fromkeys([(recipe.layer, PADDING), *named]))
    gold = None if isinstance(pairs, PairSource) else list(pairs)[:limit]
    out, tell = Path(out), progress or (lambda _: None)
    results = {}
    for number, (layer, reference) in enumerate(kinds):

        def watch(event: Advance, number: int = number) -> None:
            if event.total:
                tell((number + event.done / event.total) / (len(kinds) + 1))

        folder = out / f"layer-{layer}{'' if reference == PADDING else f'-{reference}'}"
        source = pairs if gold is None else [(one.a, one.b) for one in gold]
        run_corpus(
            replace(encoder, reference=reference) if reference != PADDING else encoder,
            source,
            folder,
            replace(recipe, layer=layer),
            limit=limit,
            part_rows=50,
            progress=watch,
        )
        results[layer, reference] = Results(folder)
    key = json.dumps([list(methods), how, recipe.layer, [] if gold is None else len(gold)])
    folder = out / f"measured-{hashlib.blake2b(key.encode(), digest_size=6).hexdigest()}"
    folder.mkdir(exist_ok=True)
    return _measured(Claims(encoder), results, recipe.layer, methods, how, gold, folder, tell)


def _measured(
    claims: Claims,
    results: Mapping[tuple[int, str], Results],
    layer: int,
    methods: Sequence[str],
    how: str,
    gold: list[GoldPair] | None,
    folder: Path,
    tell: Progress,
) -> pd.DataFrame:
    """The rows of all pairs, from files of a few pairs each, those that lack made now."""
    count = len(results[layer, PADDING])
    runs = [one.attributions() for one in results.values()]
    found, some, first = [], [], 0
    for done, several in enumerate(zip(*runs, strict=True), 1):
        some.append(several)
        if len(some) < _PAIRS_AT_ONCE and done < count:
            continue
        path = folder / f"{first:06}-{done:06}.parquet"
        if not path.exists():
            rows = []
            for pair in some:
                row, by_layer = (
                    pair[0][0],
                    dict(zip(results, (one for _, one in pair), strict=True)),
                )
                one = gold[row] if gold is not None else None
                rows += measure_pair(claims, by_layer, layer, methods, how, one, row)
            unfinished = path.with_suffix(".tmp")
            pd.DataFrame(rows).to_parquet(unfinished, index=False)
            commit(unfinished, path)
        found.append(pd.read_parquet(path))
        some, first = [], done
        tell((len(results) + done / count) / (len(results) + 1))
    table = pd.concat(found, ignore_index=True) if found else pd.DataFrame()
    if table.empty:
        raise DataError(
            "None of the pairs can be used: the model reads none of them to its end, or no method "
            "asked for has cells; rejects.csv in the folder has those that it can't read at all."
        )
    return table


def measure_pair(
    claims: Claims,
    results: Mapping[tuple[int, str], Attribution],
    layer: int,
    methods: Sequence[str],
    how: str = "removed",
    gold: GoldPair | None = None,
    name: int = 0,
) -> list[dict[str, Any]]:
    """One pair's rows of ``measure_evidence``.

    Args:
        claims: For the encoder.
        results: The pair's attributions by layer and reference, at token level.
        layer: That of methods that name none.
        methods: The methods.
        how: How words are deleted.
        gold: The pair's human alignment; then nothing is deleted, save by methods that do so.
        name: What to call the pair.
    """
    result = results[layer, PADDING]
    pair = Deletions(claims.encoder, result, how)
    rows = []
    for method in methods:
        claim, asked = claims.claim(method, pair, results), parse_method(method)
        about = {
            "model": claims.encoder.name,
            "layer": layer if asked.layer is None else asked.layer,
            "reference": asked.reference,
            "pair": name,
            "score": result.score,
            "method": method,
        }
        if gold is None:
            own = claim.grouped(pair.groups_a, pair.groups_b)
            totals = own.totals_a, own.totals_b
            comprehensiveness, sufficiency = aopc(pair, totals)
            alone = map(rank_correlation, totals, pair.leave_one_out)
            figures = {
                "comprehensiveness": comprehensiveness,
                "sufficiency": sufficiency,
                "leave_one_out": _mean([value for value in alone if not np.isnan(value)]),
                "infidelity": np.nan,
                "interaction": np.nan,
            }
            if own.cells is not None:
                truth = pair.interactions
                figures["infidelity"] = infidelity(own.cells, truth)
                figures["interaction"] = rank_correlation(own.cells.ravel(), truth.ravel())
            rows.append(about | figures)
        else:
            cells = gold_cells(claim, result, gold)
            if cells is not None:
                rows.append(about | alignment_figures(cells, gold.weights, gold.opposed))
    return rows


def gold_cells(
    claim: Claim, result: Attribution, gold: GoldPair
) -> Float[np.ndarray, "words_a words_b"] | None:
    """What a method says of the words that people linked.

    Args:
        claim: Of the pair's tokens.
        result: The pair's attribution, whose tokens these are.
        gold: The pair, whose words may be other ones than the tokenizer's.

    Returns:
        A cell a pair of words; None for a method without cells, or where a word has no token of
        its own, as behind the end of a text that was cut.
    """
    groups = [
        tokens_in_ranges(side, words)
        for side, words in ((result.a, gold.words_a), (result.b, gold.words_b))
    ]
    return claim.grouped(*groups).cells if all(all(some) for some in groups) else None


def alignment_figures(
    cells: Float[np.ndarray, "A B"],
    weights: Float[np.ndarray, "A B"],
    opposed: Bool[np.ndarray, "A B"],
) -> dict[str, Any]:
    """How well cells find the links that people made.

    Args:
        cells: What a method says of each pair of words.
        weights: How strongly people link them, 0 to 1: what a link counts.
        opposed: Links of opposites, which are no part of the precision.

    Returns:
        average_precision (links by descending cell; what is not linked counts 1), opposed (share
        of the links of opposites whose cell is negative), and cells and links as lists.
    """
    linked, counts = weights[~opposed], cells[~opposed]
    precision = np.nan
    if (linked > 0).any() and (linked == 0).any():
        sizes = np.where(linked > 0, linked, 1.0)
        precision = float(average_precision_score(linked > 0, counts, sample_weight=sizes))
    return {
        "average_precision": precision,
        "opposed": float((cells[opposed] < 0).mean()) if opposed.any() else np.nan,
        "cells": counts.tolist(),
        "links": linked.tolist(),
    }


def _mean(values: list[float]) -> float:
    return float(np.mean(values)) if values else np.nan
