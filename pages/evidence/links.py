"""People's links of words as lines, beside the model's cells: a pair, then all of a file."""

import tempfile
from pathlib import Path

import streamlit as st

from pages._frame.compute import check_request, explained
from pages._frame.findings import show_answers, show_beside
from pages._frame.results import show_heatmap
from pages._frame.say import as_typed
from pages._frame.uploads import own_names, pick_upload
from pages._frame.work import made
from xsb_core import Attribution, Encoder, GoldPair, Recipe, measure_evidence, read_gold
from xsb_core.attribution.numerals import counted
from xsb_core.encoders.ready import ASSETS
from xsb_core.evidence.deletion import Deletions
from xsb_core.evidence.findings import evidence_findings, evidence_summary
from xsb_core.evidence.measure import alignment_figures, gold_cells
from xsb_core.evidence.methods import Claims
from xsb_core.figures.evidence import links_figure

SAMPLE = ASSETS / "sample-links.wa"
TYPES = ["wa", "txt", "csv", "tsv", "jsonl", "parquet"]
_METHODS = ("net", "paper", "maxsim", "exact-match")
_MOST = 20  # pairs that a press of the button compares


def show_links(encoder: Encoder, layer: int) -> None:
    """Draws the section.

    Args:
        encoder: Whose cells are compared.
        layer: Theirs.

    Raises:
        ValueError: For a file, or a pair, that can't be used.
    """
    st.subheader("Do people link the same words?")
    st.caption(
        "Lines join words that people say belong together; as many of the highest cells are drawn "
        "beside them. Give SemEval's .wa, lines “text A ||| text B ||| 0-0 1-2” (Pharaoh), or a "
        "table of two texts and a column alignment; without a file, five pairs of ours."
    )
    path = pick_upload("Human alignments", TYPES, key="gold") or SAMPLE
    with own_names(path):
        pairs, rejects = read_gold(path)
    for one in rejects[:3]:
        st.caption(as_typed(f"Line {one.line} is left out: {one.reason}."))
    if len(rejects) > 3:
        st.caption(f"{len(rejects)} pairs are left out in all.")
    at = st.selectbox(
        "Pair", range(len(pairs)), format_func=lambda at: f"{pairs[at].a} | {pairs[at].b}"
    )
    _pair(encoder, layer, pairs[at])
    _file(encoder, layer, path, pairs[:_MOST])


def _pair(encoder: Encoder, layer: int, pair: GoldPair) -> None:
    result = explained(encoder, pair.a, pair.b, layer)
    cells = {name: _cells(encoder, result, pair, name) for name in _METHODS}
    show_heatmap(
        links_figure(pair, cells["net"]), "links", "xsb-links", "Words that people link, as lines"
    )
    if cells["net"] is None:
        st.caption("The model does not read these texts to their end, so it has no cells to draw.")
        return
    found = {
        name: alignment_figures(own, pair.weights, pair.opposed)
        for name, own in cells.items()
        if own is not None
    }
    st.markdown(
        as_typed(
            "Average precision of people's links, by the cells of "
            + ", ".join(f"{name} {one['average_precision']:.2f}" for name, one in found.items())
            + "."
        )
    )
    if pair.opposed.any():
        own = cells["net"][pair.opposed]
        st.markdown(
            as_typed(
                f"Opposites are apart: {(own < 0).sum()} of their {len(own)} net cells "
                f"{'is' if (own < 0).sum() == 1 else 'are'} negative (mean {own.mean():+.3f})."
            )
        )


def _cells(encoder: Encoder, result: Attribution, pair: GoldPair, method: str):
    return gold_cells(Claims(encoder).claim(method, Deletions(encoder, result), {}), result, pair)


def _file(encoder: Encoder, layer: int, path: Path, pairs: list[GoldPair]) -> None:
    check_request(
        [(encoder, layer)],
        {f"{side} of pair {one.id}": text for one in pairs for side, text in
         (("A", one.a), ("B", one.b))},
    )  # fmt: skip

    def work(job):
        with tempfile.TemporaryDirectory() as folder:
            recipe = Recipe(layer=layer)
            table = measure_evidence(
                encoder, pairs, Path(folder) / "run", _METHODS, recipe, progress=job.tell
            )
        return evidence_summary(table)

    texts = tuple((one.a, one.b, one.weights.tolist()) for one in pairs)
    summary = made(
        ("links", encoder.name, layer, path.name, texts),
        "Comparing with people's links",
        work,
        f"Compare {counted(len(pairs), 'pair')}",
    )
    if summary is None:
        return
    findings = evidence_findings(summary)
    show_answers(findings)
    st.dataframe(
        summary.drop(columns=["model", "layer", "reference"]),
        hide_index=True,
        alt="Methods against people's links",
    )
    show_beside(findings)
