"""Edits that change what a text says, and edits that don't: can a model tell them apart?"""

import dataclasses
import difflib
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from xsb_core.attribution.attribute import attempt_pairs
from xsb_core.attribution.recipe import Recipe
from xsb_core.attribution.result import Attribution
from xsb_core.attribution.store import FactorStore
from xsb_core.attribution.words import to_words
from xsb_core.encoders.encoder import Encoder
from xsb_core.errors import DataError
from xsb_core.evidence.edit_rules import RULES, Edit
from xsb_core.evidence.findings import SHIPPED
from xsb_core.integration.jacobians import Progress
from xsb_core.studies.findings import Chart, Findings, few_note
from xsb_core.tables.reading import PairSource
from xsb_core.tables.rows import Pair

QUANTILE = 0.95  # of the harmless edits' changes: what lies beyond is seen
KIND = "kind"  # the column of one's own pairs that says what was edited


def own_edits(source: PairSource) -> list[Edit]:
    """One's own pairs: text and edited text, and a column ``kind``.

    Args:
        source: From ``open_pairs``; a kind is one of ``RULES``, or a name of one's own with
            "harmless" or "harmful" at its beginning ("harmful: unit").

    Raises:
        DataError: Without such a column, or for another kind.
    """
    found = []
    for row in source.rows():
        if not isinstance(row, Pair):
            continue
        kind = str(json.loads(row.extra or "{}").get(KIND) or "").strip()
        if kind not in RULES and not kind.startswith(("harmful", "harmless")):
            raise DataError(
                f"Line {row.line} of {source.name}: expected a kind such as {', '.join(RULES)}, "
                f"or one that begins with harmful or harmless, in a column {KIND!r}; got {kind!r}."
            )
        harmful = RULES[kind][0] if kind in RULES else kind.startswith("harmful")
        found.append(Edit(kind, harmful, row.a, row.b))
    return found


def measure_edits(
    encoder: Encoder,
    edits: Sequence[Edit],
    recipe: Recipe = Recipe(),
    *,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """How much each edit moves the score, and whether the attribution puts it on the edited words.

    Args:
        encoder: From ``load_encoder``.
        edits: From ``edits_of`` or ``own_edits``.
        recipe: How to attribute.
        progress: Told the share of the work done; what it raises ends the work.

    Returns:
        One row an edit: model, kind, harmful, change (f(t, t) − f(t, t')), carried (the share of
        the moved net totals that the edited words have, 0 to 1; NaN where nothing moved), text,
        edited. Texts that the model can't read are left out.

    Raises:
        DataError: If there is no harmless or no harmful edit, or none that the model can read.

    Examples:
        >>> some = edits_of(["All is well."])[:4]
        >>> measure_edits(encoder, some)["kind"].tolist()
        ['negation', 'quantifier', 'casing', 'punctuation']
    """
    if len({edit.harmful for edit in edits}) < 2:
        raise DataError("The probe needs harmful edits and harmless ones to compare them with.")
    store, rows = FactorStore(encoder, recipe), []
    pairs = [pair for edit in edits for pair in ((edit.text, edit.text), (edit.text, edit.edited))]
    found = attempt_pairs(store, pairs, progress=progress)
    for edit, same, other in zip(edits, found, found, strict=False):
        if isinstance(same, Attribution) and isinstance(other, Attribution):
            row: dict[str, Any] = {"model": encoder.name, **edit._asdict()}
            row["change"] = same.score - other.score
            row["carried"] = carried(same, other)
            rows.append(row)
    if not rows:
        raise DataError(f"{encoder.name} can read none of the {len(edits)} edits.")
    return pd.DataFrame(rows)


def carried(same: Attribution, other: Attribution) -> float:
    """The share of the moved net totals that is the edited words' own.

    Args:
        same: The text with itself.
        other: The text with its edited version.

    Returns:
        Σ|moves of words that were replaced, added or deleted| / Σ|all moves|, 0 to 1, of the
        totals of the second text's words; NaN where nothing moves.
    """
    totals, words = [], []
    for result in (same, other):
        shown = to_words(result, "sum")
        own = [i for i, extra in enumerate(shown.b.special) if not extra]
        totals.append(shown.net_matrix.sum(0)[own])
        words.append([shown.b.tokens[i] for i in own])
    edited, whole = 0.0, 0.0
    matcher = difflib.SequenceMatcher(None, *words, autojunk=False)
    for what, i, k, j, m in matcher.get_opcodes():
        if what == "equal":
            whole += float(np.abs(totals[1][j:m] - totals[0][i:k]).sum())
        else:
            edited += abs(float(totals[1][j:m].sum() - totals[0][i:k].sum()))
    whole += edited
    return edited / whole if whole else float("nan")


def edit_summary(table: pd.DataFrame) -> pd.DataFrame:
    """What each kind of edit does, beside the harmless ones.

    Args:
        table: From ``measure_edits``, of any models.

    Returns:
        One row a model and kind, and one "all harmful": model, kind, harmful, edits, change and
        carried (medians), seen (share beyond the 95th percentile of that model's harmless changes),
        low and high (its 95% Wilson interval), threshold.
    """
    rows = []
    for model, some in table.groupby("model", sort=False):
        threshold = float(some.loc[~some["harmful"], "change"].quantile(QUANTILE))
        parts = [(kind, part) for kind, part in some.groupby("kind", sort=False)]
        for kind, part in [*parts, ("all harmful", some[some["harmful"]])]:
            seen = part["change"] > threshold
            interval = stats.binomtest(int(seen.sum()), len(seen)).proportion_ci(method="wilson")
            rows.append(
                {
                    "model": model,
                    "kind": kind,
                    "harmful": bool(part["harmful"].iloc[0]),
                    "edits": len(part),
                    "change": float(part["change"].median()),
                    "carried": float(part["carried"].median()),
                    "seen": float(seen.mean()),
                    "low": float(interval.low),
                    "high": float(interval.high),
                    "threshold": threshold,
                }
            )
    return pd.DataFrame(rows)


def edit_findings(table: pd.DataFrame, notes: Sequence[str] = ()) -> Findings:
    """Which harmful edits a model sees, and which it is blind to.

    Args:
        table: From ``measure_edits``.
        notes: What the texts are.
    """
    return dataclasses.replace(summary_findings(edit_summary(table), notes), table=table)


def summary_findings(summary: pd.DataFrame, notes: Sequence[str] = ()) -> Findings:
    """The same of ``edit_summary``, which has no texts."""
    answers, harmful = [], []
    for model, some in summary.groupby("model", sort=False):
        whole = some[some["kind"] == "all harmful"].iloc[0]
        harmful.append(int(whole["edits"]))
        kinds = some[some["harmful"] & (some["kind"] != "all harmful")].sort_values("seen")
        answers.append(
            f"{model} is blind to {1 - whole['seen']:.0%} of {whole['edits']:.0f} harmful edits "
            f"[{1 - whole['high']:.0%}, {1 - whole['low']:.0%}]: they move the score no more than "
            f"95% of the harmless ones do ({whole['threshold']:.3f}). Least seen: "
            + ", ".join(
                f"{kind} {seen:.0%}" for kind, seen in kinds[["kind", "seen"]].to_numpy()[:3]
            )
            + "."
        )
    return Findings(
        "edits",
        "Does the score notice what changes the meaning?",
        tuple(answers),
        summary,
        {"changes": Chart("edits_figure", (summary,), "Share of the edits that is seen, by kind")},
        (),
        (*notes, *few_note(min(harmful), " with a harmful edit")),
    )


def shipped_edits() -> pd.DataFrame:
    """The summary that ships: sentences of STS-B test (docs/results.md).

    Raises:
        DataError: If this installation lacks it.
    """
    path = SHIPPED / "edits.parquet"
    if not path.exists():
        raise DataError("This installation has no figures of edits; try your own texts.")
    return pd.read_parquet(path)
