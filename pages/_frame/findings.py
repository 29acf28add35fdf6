"""What a study found, on a page: in words, in figures, beside the paper's, and as downloads."""

from collections.abc import Callable

import streamlit as st

from pages._frame.downloads import File, download_row
from pages._frame.results import show_heatmap
from pages._frame.say import as_typed
from xsb_core.figures.findings import HEADS, draw, findings_file
from xsb_core.studies.findings import Findings

_HELP = {
    "csv": "The data, one row a case.",
    "json": "The data and what is said of them.",
    "html": "A page with the figures that opens anywhere, without a network.",
}


def show_findings(findings: Findings) -> None:
    """Draws all: the answers, the figures, the paper's values, the notes."""
    show_answers(findings)
    show_charts(findings)
    show_beside(findings)


def show_answers(findings: Findings, most: int | None = None) -> None:
    """What was found, in sentences; all of them, or the first."""
    for answer in findings.answers[:most]:
        st.markdown(as_typed(answer))


def show_charts(findings: Findings) -> None:
    """Draws a study's figures: those of single models side by side, then the others."""
    of_models: dict[str, list[str]] = {}
    for name, chart in findings.charts.items():
        if chart.model:
            of_models.setdefault(chart.model, []).append(name)
    if len(of_models) > 1:
        for column, (model, names) in zip(
            st.columns(len(of_models)), of_models.items(), strict=True
        ):
            with column:
                st.markdown(f"**{as_typed(model)}**")
                for name in names:
                    show_chart(findings, name)
    for name, chart in findings.charts.items():
        if not chart.model or len(of_models) == 1:
            show_chart(findings, name)


def show_chart(findings: Findings, name: str, chosen: Callable[[], None] | None = None) -> None:
    """Draws one of a study's figures in a container of its name.

    ``chosen`` is called when a point is chosen, which is in the session as ``NAME_points``.
    """
    alt = f"{findings.title}: {findings.charts[name].label}"
    options = {}
    if chosen:
        options = {"key": f"{name}_points", "on_select": chosen, "selection_mode": "points"}
    png = f"xsb-{name.replace('_', '-')}"
    show_heatmap(draw(findings.charts[name]), name, png, alt, **options)


def show_beside(findings: Findings) -> None:
    """The paper's values and these, and what limits them."""
    if findings.beside:
        columns = zip(*((one.what, one.paper, one.here) for one in findings.beside), strict=True)
        st.dataframe(
            dict(zip(("Figure", *HEADS[1:]), columns, strict=True)),
            hide_index=True,
            alt=f"{findings.title}: beside the paper's",
        )
    for note in findings.notes:
        st.caption(as_typed(note))


def offer_findings(findings: Findings, of: str = "") -> None:
    """Downloads of a study: its data, its figures as a page and as pictures.

    ``of`` says what the files are of, where a page offers others too.
    """
    end = f" of {of}" if of else ""
    name = f"xsb-{findings.name}{'-' if of else ''}{of.removeprefix('the ')}"
    files = [
        File(
            f"{kind.upper()}{end}",
            f"{name}.{kind}",
            lambda kind=kind: findings_file(findings, kind),
            help_,
        )
        for kind, help_ in _HELP.items()
    ]
    several = len(findings.charts) > 1
    pictures = {
        f"PNG{f': {chart.label}' if several else end}": key
        for key, chart in findings.charts.items()
    }
    with st.container(key=f"downloads_{findings.name}"):
        download_row(files, pictures)
