"""Whether attributions tell the truth about their models: methods, layers, links, edits."""

import streamlit as st

from pages._frame.compute import check_request
from pages._frame.findings import offer_findings, show_answers, show_beside, show_chart
from pages._frame.models import pick_model
from pages._frame.results import show_heatmap
from pages._frame.say import as_typed, show_guide, told
from pages._frame.work import made
from pages.evidence.links import show_links
from xsb_core import Encoder, Recipe
from xsb_core.evidence.edit_rules import edits_of
from xsb_core.evidence.edits import edit_findings, measure_edits, shipped_edits, summary_findings
from xsb_core.evidence.findings import MEASURES, evidence_findings, most_faithful, shipped_evidence
from xsb_core.figures.findings import draw

_TEXTS = """A man is playing a large guitar.
The committee will meet on Monday in Paris.
All five children are happy.
Sales increased to 30 percent in 2010.
The film was good."""
_BY_LAYER = "_by_layer_"


def page() -> None:
    """Draws the page; every error that a user can mend is one sentence, the inputs stay."""
    st.title("Does an attribution tell the truth about the model?")
    with told():
        _methods()
    model = pick_model()
    if model is None:
        return
    for part in (show_links, _edits):
        with told():
            part(*model)


def _methods() -> None:
    """What ships: the answer, then methods and layers, one figure at a time."""
    summary = shipped_evidence()
    st.markdown(as_typed(most_faithful(summary[~summary["method"].str.contains("@")])))
    show_guide("evidence")
    st.subheader("Methods beside each other")
    findings = evidence_findings(
        summary,
        ["Ships with the program; docs/results.md has the sets, the commands and what they say."],
    )
    name = st.selectbox(
        "Figure",
        [key for key in findings.charts if _BY_LAYER not in key],
        format_func=lambda key: f"{key.replace('_', ' ').capitalize()}: {MEASURES[key][0]}",
        key="figure",
        bind="query-params",
    )
    better = "more" if MEASURES[name][1] else "less"
    st.caption(f"Here {better} is better. Bars are 95% bootstrap intervals over pairs.")
    show_chart(findings, name)
    some = findings.table[findings.table["measure"] == name]
    with st.expander("The figures"):
        st.dataframe(some.drop(columns="measure"), hide_index=True, alt="The figures")
    deep = [key for key in findings.charts if key.startswith(f"{name}{_BY_LAYER}")]
    if deep:
        st.subheader("Layers and references")
        st.caption(
            "What an attribution measures from: padding (the paper's), the mask token, the mean "
            f"embedding, or an empty text. Again {better} is better."
        )
    for key in deep:
        st.markdown(f"**{as_typed(findings.charts[key].model or '')}**")
        show_chart(findings, key)
    show_beside(findings)
    offer_findings(findings)


def _edits(encoder: Encoder, layer: int) -> None:
    st.subheader("Does the score notice what changes the meaning?")
    st.caption(
        "Each text is edited so that it says something else (negation, number, name, opposite …) "
        "and so that it does not (a typo, letter case, a synonym …). An edit is seen where the "
        "score moves more than in 95% of the harmless ones."
    )
    with told():
        shipped = summary_findings(shipped_edits())
        show_answers(shipped)
        show_chart(shipped, "changes")
        st.caption("Sentences of STS-B test (docs/results.md). Now your own:")
    lines = st.text_area("Texts, one a line", _TEXTS, key="texts", bind="query-params", height=150)
    texts = tuple(line.strip() for line in lines.splitlines() if line.strip())
    check_request([(encoder, layer)], {f"in line {at}": text for at, text in enumerate(texts, 1)})
    edits = edits_of(texts)
    table = made(
        ("edits", encoder.name, layer, texts),
        "Trying edits",
        lambda job: measure_edits(encoder, edits, Recipe(layer=layer), progress=job.tell),
        f"Try {len(edits)} edits",
    )
    if table is None:
        return
    findings = edit_findings(table)
    show_answers(findings)
    show_heatmap(
        draw(findings.charts["changes"]), "own_changes", "xsb-changes", "Share of your edits seen"
    )
    st.dataframe(
        table[["kind", "harmful", "change", "carried", "text", "edited"]],
        hide_index=True,
        alt="The edits",
    )
    st.caption(
        "Carried: the part of the moved word totals that the edited words have themselves; the "
        "rest moved elsewhere in the text."
    )
    show_beside(findings)
    offer_findings(findings)
