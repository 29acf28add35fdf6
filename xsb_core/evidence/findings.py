"""Evidence in figures with intervals, and in words."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from xsb_core.encoders.ready import ASSETS
from xsb_core.errors import DataError
from xsb_core.studies.findings import Chart, Findings, few_note

SHIPPED = ASSETS / "studies" / "evidence"
RESAMPLES = 2000
# A figure's name in tables, what it is, and whether more is better.
MEASURES = {
    "comprehensiveness": ("fall of the score, words deleted from the highest total", True),
    "sufficiency": ("fall of the score, only the words of the highest totals kept", False),
    "leave_one_out": ("rank correlation of totals with single deletions", True),
    "interaction": ("rank correlation of cells with measured interactions", True),
    "infidelity": ("share of the measured interactions not accounted for", False),
    "average_precision": ("average precision of human links", True),
    "f1": ("F1 at the threshold that is best for the set", True),
    "opposed": ("share of links of opposites that are negative", True),
}
# What the answer is by.
FIRST = {
    "comprehensiveness": "The most faithful totals when words are really deleted",
    "average_precision": "The cells nearest to what people link",
}
# Methods that ask the model again for each word, and those that know nothing of attribution.
MEASURED = ("leave-one-out", "interactions")
BASELINES = ("maxsim", "rollout", "input-gradient", "exact-match", "random")


def evidence_summary(table: pd.DataFrame) -> pd.DataFrame:
    """Means with bootstrap intervals.

    Args:
        table: From ``measure_evidence``, of any models.

    Returns:
        One row a model, method and figure: model, layer, reference, method, measure, value, low,
        high (95% percentile interval over pairs, 2,000 resamples) and pairs; figures that no pair
        has are left out.
    """
    rows = []
    for (model, method), some in table.groupby(["model", "method"], sort=False):
        layer, reference = some[["layer", "reference"]].iloc[0]
        about = {"model": model, "layer": layer, "reference": reference, "method": method}
        for measure in MEASURES:
            if measure == "f1" and "cells" in some:
                rows.append(about | {"measure": measure} | _best_f1(some))
            elif measure in some and some[measure].notna().any():
                values = some[measure].dropna().to_numpy(float)
                low, high = interval(values)
                figures = {"value": values.mean(), "low": low, "high": high, "pairs": len(values)}
                rows.append(about | {"measure": measure} | figures)
    return pd.DataFrame(rows)


def interval(values: np.ndarray) -> tuple[float, float]:
    """The 95% bootstrap interval of a mean; the value itself where nothing varies."""
    if len(values) < 2 or np.ptp(values) == 0:
        return float(values.mean()), float(values.mean())
    found = stats.bootstrap(
        (values,), np.mean, n_resamples=RESAMPLES, method="percentile", rng=0
    ).confidence_interval
    return float(found.low), float(found.high)


def _best_f1(some: pd.DataFrame) -> dict[str, float]:
    """F1 of all cells of a set at the one threshold that is best for it, links by their weight."""
    cells = np.concatenate([np.asarray(row, float) for row in some["cells"]])
    links = np.concatenate([np.asarray(row, float) for row in some["links"]])
    order = np.argsort(-cells, kind="stable")
    hits = np.cumsum(links[order])
    misses = np.cumsum(links[order] == 0)
    # only where the next cell is lower is there a threshold
    ends = np.append(np.diff(cells[order]) != 0, True)
    scores = np.where(ends, 2 * hits / np.maximum(hits + misses + links.sum(), 1e-12), 0.0)
    threshold = cells[order][scores.argmax()]
    parts = np.array(
        [
            (
                sum(link for cell, link in zip(c, linked, strict=True) if cell >= threshold),
                sum(
                    1
                    for cell, link in zip(c, linked, strict=True)
                    if cell >= threshold and not link
                ),
                sum(linked),
            )
            for c, linked in zip(some["cells"], some["links"], strict=True)
        ]
    )
    drawn = np.random.default_rng(0).integers(0, len(parts), (RESAMPLES, len(parts)))
    sums = parts[drawn].sum(1)
    spread = 2 * sums[:, 0] / np.maximum(sums.sum(1), 1e-12)
    low, high = np.percentile(spread, [2.5, 97.5])
    value = float(scores.max())
    return {"value": value, "low": float(low), "high": float(high), "pairs": len(parts)}


def evidence_findings(summary: pd.DataFrame, notes: Sequence[str] = ()) -> Findings:
    """What a set says of methods: which is ahead by each figure, and by how much.

    Args:
        summary: From ``evidence_summary``.
        notes: What it is of.
    """
    deep = summary["method"].str.contains("@")
    answers, charts = [], {}
    for measure, (what, more) in MEASURES.items():
        name = measure.replace("_", " ").capitalize()
        own = summary[(summary["measure"] == measure) & ~deep]
        if not own.empty:
            charts[measure] = Chart("evidence_figure", (own, what), name)
        for model, some in own.groupby("model", sort=False):
            answers.append(_sentence(str(model), what, some, more=more))
        layers = summary[(summary["measure"] == measure) & deep]
        for model, some in layers.groupby("model", sort=False):
            chart = Chart("depth_figure", (some, what), f"{name} by layer, {model}", str(model))
            charts[f"{measure}_by_layer_{model}"] = chart
            answers.append(_sentence(f"{model} by layer", what, some, more=more))
    first = [most_faithful(summary[~deep])] if (~deep).any() else []
    pairs = int(summary["pairs"].max())
    return Findings(
        "evidence",
        "Does an attribution tell the truth about the model?",
        (*first, *answers),
        summary,
        charts,
        (),
        (*notes, *few_note(pairs)),
    )


def most_faithful(summary: pd.DataFrame) -> str:
    """The answer in a sentence or two: what is most faithful, and where a baseline wins.

    Methods that ask the model again for each word, and so measure what others claim, take no part.

    Args:
        summary: From ``evidence_summary``, without methods at a layer.
    """
    asked = summary[~summary["method"].isin(MEASURED)]
    first: dict[str, dict[str, list[str]]] = {}
    lost = []
    for (measure, model), some in asked.groupby(["measure", "model"], sort=False):
        more = MEASURES[str(measure)][1]
        best = some.sort_values("value", ascending=not more, kind="stable").iloc[0]
        if measure in FIRST:
            of_method = first.setdefault(str(measure), {}).setdefault(str(best["method"]), [])
            of_method.append(f"{model} ({_figure(best)})")
        net = some[some["method"] == "net"]
        if best["method"] in BASELINES and not net.empty:
            figures = f"{best['value']:.3f}, net {net['value'].iloc[0]:.3f}"
            lost.append(f"{best['method']} in {measure} of {model} ({figures})")
    said = [
        f"{lead}: "
        + "; ".join(f"{name} for {', '.join(models)}" for name, models in first[measure].items())
        for measure, lead in FIRST.items()
        if measure in first
    ]
    return ". ".join(
        [*_deletion(summary), *said, f"A baseline wins: {'; '.join(lost) or 'nowhere here'}."]
    )


def _deletion(summary: pd.DataFrame) -> list[str]:
    """What deleting the words of the highest net totals does, beside words by chance."""
    found = []
    falls = summary[summary["measure"] == "comprehensiveness"]
    for model, some in falls.groupby("model", sort=False):
        of = some.drop_duplicates("method").set_index("method")["value"]
        if {"net", "random"} <= set(of.index):
            how = "Yes" if of["net"] > 2 * of["random"] else "Hardly"
            found.append(
                f"{how}, in {model}: deleting the words that this page's cells (net) rank highest "
                f"lowers the score by {of['net']:.2f} on average, words by chance by "
                f"{of['random']:.2f}"
            )
    return found


def _sentence(model: str, what: str, some: pd.DataFrame, *, more: bool) -> str:
    """Who is first, and how net cells do."""
    best = some.sort_values("value", ascending=not more).iloc[0]
    first = f"{model}, {what}: {best['method']} {_figure(best)}"
    net = some[some["method"] == "net"]
    if best["method"] == "net" or net.empty:
        return f"{first}."
    return f"{first}; net {_figure(net.iloc[0])}."


def _figure(row: pd.Series) -> str:
    return f"{row['value']:.3f} [{row['low']:.3f}, {row['high']:.3f}]"


def shipped_evidence() -> pd.DataFrame:
    """The summary that ships: STS-B test by deletion, iSTS by human links (docs/results.md).

    Raises:
        DataError: If this installation lacks it.
    """
    path = SHIPPED / "summary.parquet"
    if not path.exists():
        raise DataError(
            "This installation has no figures of methods beside each other; make your own of a "
            "file of pairs: xsb evidence FILE."
        )
    return pd.read_parquet(path)


def with_others(
    summary: pd.DataFrame, path: Path, keys: tuple[str, ...] = ("model", "method", "measure")
) -> pd.DataFrame:
    """A summary below what a file has of other models and methods, a model by its folder's name.

    Args:
        summary: The new one.
        path: The file, which need not be there yet.
        keys: The columns that tell what a new row takes the place of.
    """
    summary = summary.assign(model=[name.rpartition("/")[2] for name in summary["model"]])
    if not path.exists():
        return summary
    kept = pd.read_parquet(path)
    new = pd.MultiIndex.from_frame(summary[list(keys)])
    kept = kept[~pd.MultiIndex.from_frame(kept[list(keys)]).isin(new)]
    return pd.concat([kept, summary], ignore_index=True)
