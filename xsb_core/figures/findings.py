"""A study's findings as files: its data, and its figures on a page that needs no network."""

import json
from collections.abc import Callable, Mapping
from io import BytesIO

import plotly.graph_objects as go

from xsb_core.attribution.cells import to_csv
from xsb_core.figures.adjectives import adjective_histogram
from xsb_core.figures.evidence import depth_figure, edits_figure, evidence_figure
from xsb_core.figures.html import document, figure_part, safe, table
from xsb_core.figures.layer_agreement import layer_agreement
from xsb_core.figures.lexical import density_figure, filler_figure, rank_figure, ranking_figure
from xsb_core.figures.negation import negation_figure
from xsb_core.figures.reference_histograms import reference_histograms
from xsb_core.figures.score_scatter import score_scatter
from xsb_core.figures.sign_scatter import sign_scatter
from xsb_core.figures.syntax import frequency_figure
from xsb_core.figures.trees import trees_figure
from xsb_core.studies.findings import PAPER_MODEL, Chart, Findings

HEADS = ("", f"the paper, {PAPER_MODEL}", "this run")

_DRAWN: dict[str, Callable[..., go.Figure]] = {
    function.__name__: function
    for function in (
        adjective_histogram,
        density_figure,
        depth_figure,
        edits_figure,
        evidence_figure,
        filler_figure,
        frequency_figure,
        layer_agreement,
        negation_figure,
        rank_figure,
        ranking_figure,
        reference_histograms,
        score_scatter,
        sign_scatter,
        trees_figure,
    )
}


def draw(chart: Chart) -> go.Figure:
    """Draws a chart by the function that it names."""
    return _DRAWN[chart.by](*chart.data)


def figures_of(findings: Findings) -> dict[str, go.Figure]:
    """A study's figures, by what is to be seen."""
    return {chart.label: draw(chart) for chart in findings.charts.values()}


def findings_file(
    findings: Findings, kind: str, figures: Mapping[str, go.Figure] | None = None
) -> bytes:
    """A file of a study.

    Args:
        findings: What it found.
        kind: "csv" or "parquet", the data; "json", the data and the answers; or "html", a page with
            all in words and the figures.
        figures: By what they show, in place of the study's own.
    """
    if kind == "parquet":
        buffer = BytesIO()
        findings.table.to_parquet(buffer, index=False)
        return buffer.getvalue()
    if kind == "csv":
        return to_csv(findings.table).encode()
    if kind == "json":
        rows = json.loads(findings.table.to_json(orient="records"))
        found = [*findings.answers, *findings.notes]
        text = json.dumps({"found": found, "rows": rows}, ensure_ascii=False, indent=1)
        return f"{text}\n".encode()
    return _page(findings, figures_of(findings) if figures is None else figures).encode()


def _page(findings: Findings, figures: Mapping[str, go.Figure]) -> str:
    parts = [f"<h1>{safe(findings.title)}</h1>"]
    sentences = (*findings.answers, *findings.notes)
    parts += [f'<p class="note">{safe(sentence)}</p>' for sentence in sentences]
    for number, (label, figure) in enumerate(figures.items()):
        parts.append(f"<h2>{safe(label)}</h2>")
        parts.append(figure_part(figure, f"figure_{number}", safe(label)))
    if findings.beside:
        rows = [HEADS, *((line.what, line.paper, line.here) for line in findings.beside)]
        parts.append(table("Beside the paper", rows))
    return document(findings.title, parts)
