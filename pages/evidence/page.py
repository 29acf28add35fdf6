"""Whether attributions tell the truth about their models, by method; and edits, seen or not."""

import streamlit as st

from pages._frame.compute import check_request
from pages._frame.findings import offer_findings, show_beside, show_chart
from pages._frame.models import pick_model
from pages._frame.say import as_typed, show_guide, told
from pages._frame.work import made
from xsb_core import Recipe
from xsb_core.evidence.edit_rules import edits_of
from xsb_core.evidence.edits import edit_findings, measure_edits
from xsb_core.evidence.findings import MEASURES, evidence_findings, shipped_evidence

_TEXTS = """A man is playing a large guitar.
The committee will meet on Monday in Paris.
All five children are happy.
Sales increased to 30 percent in 2010.
The film was good."""


def page() -> None:
    """Draws the page; every error that a user can mend is one sentence, the inputs stay."""
    st.title("Does an attribution tell the truth about the model?")
    show_guide("evidence")
    for draw in (_methods, _edits):
        with told():
            draw()


def _methods() -> None:
    st.subheader("Methods beside each other")
    findings = evidence_findings(
        shipped_evidence(),
        ["Ships with the program; docs/results.md has the sets, the commands and what they say."],
    )
    name = st.selectbox(
        "Figure",
        list(findings.charts),
        format_func=lambda key: f"{key.replace('_', ' ').capitalize()}: {MEASURES[key][0]}",
        key="figure",
        bind="query-params",
    )
    better = "more" if MEASURES[name][1] else "less"
    st.caption(f"Here {better} is better. Bars are 95% bootstrap intervals over pairs.")
    show_chart(findings, name)
    some = findings.table[findings.table["measure"] == name]
    st.dataframe(some.drop(columns="measure"), hide_index=True, alt="The figures")
    show_beside(findings)
    offer_findings(findings)


def _edits() -> None:
    st.subheader("Does the score notice what changes the meaning?")
    st.caption(
        "Each text is edited so that it says something else (negation, number, name, opposite …) "
        "and so that it does not (a typo, letter case, a synonym …). An edit is seen where the "
        "score moves more than in 95% of the harmless ones."
    )
    lines = st.text_area("Texts, one a line", _TEXTS, key="texts", bind="query-params", height=150)
    model = pick_model()
    if model is None:
        return
    encoder, layer = model
    texts = tuple(line.strip() for line in lines.splitlines() if line.strip())
    check_request([model], {f"in line {at}": text for at, text in enumerate(texts, 1)})
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
    for answer in findings.answers:
        st.markdown(as_typed(answer))
    show_chart(findings, "changes")
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
