"""The section on evidence: methods by model, layers and references, edits, as they ship."""

import pandas as pd

from benchmarks.results import markdown_table
from xsb_core.evidence.edits import shipped_edits, summary_findings
from xsb_core.evidence.findings import MEASURES, most_faithful, shipped_evidence

_DELETION = ("comprehensiveness", "sufficiency", "leave_one_out", "interaction", "infidelity")
_LINKS = ("average_precision", "f1", "opposed")
_HEADS = {
    "leave_one_out": "with leave-one-out",
    "interaction": "with interactions",
    "average_precision": "average precision",
    "f1": "F1 at the best threshold",
    "opposed": "opposites that are negative",
}


def section() -> str:
    """The answer in a sentence, then a table a model and kind of set."""
    table = shipped_evidence()
    deep = table["method"].str.contains("@")
    parts = [most_faithful(table[~deep])]
    for model, some in table[~deep].groupby("model", sort=False):
        for measures, what in ((_DELETION, "words deleted"), (_LINKS, "people's links")):
            own = some[some["measure"].isin(measures)]
            if not own.empty:
                parts += [f"{_about(own, str(model))}, {what}:", _by(own, measures, ["method"])]
    for model, some in table[deep].groupby("model", sort=False):
        parts += [
            f"{_about(some, str(model), layers=False)}, net cells by layer and reference:",
            _by(some, _DELETION, ["layer", "reference"]),
        ]
    edits = shipped_edits()
    parts += [" ".join(summary_findings(edits).answers), _edits(edits)]
    return "\n\n".join(parts)


def _about(some: pd.DataFrame, model: str, *, layers: bool = True) -> str:
    layer = f"layer {some['layer'].iloc[0]}, " if layers else ""
    return f"{model}, {layer}{some['pairs'].max()} pairs"


def _by(some: pd.DataFrame, measures: tuple[str, ...], keys: list[str]) -> str:
    """A row a method, or a layer and reference; a column a figure."""
    shown = [one for one in measures if one in set(some["measure"])]
    rows = []
    for key, own in some.groupby(keys, sort=False):
        by = own.set_index("measure")
        cells = [
            f"{by.loc[one, 'value']:.3f} [{by.loc[one, 'low']:.3f}, {by.loc[one, 'high']:.3f}]"
            if one in by.index
            else "–"
            for one in shown
        ]
        rows.append((*key, *cells))
    heads = [f"{_HEADS.get(one, one)} {'↑' if MEASURES[one][1] else '↓'}" for one in shown]
    return markdown_table((*keys, *heads), rows)


def _edits(edits: pd.DataFrame) -> str:
    rows = [
        (
            one.model,
            one.kind,
            "yes" if one.harmful else "no",
            one.edits,
            f"{one.change:+.3f}",
            f"{one.seen:.0%} [{one.low:.0%}, {one.high:.0%}]",
            "–" if pd.isna(one.carried) else f"{one.carried:.2f}",
        )
        for one in edits.itertuples()
    ]
    heads = ("model", "edit", "harmful", "edits", "median change", "seen", "carried by the word")
    return markdown_table(heads, rows)
