"""A query and documents: ranked at once, explained from the top."""

from __future__ import annotations

import hashlib

import streamlit as st

import xsb_core
from pages._frame.compute import turn
from pages._frame.jobs import Job
from pages._frame.models import Chosen, about_model, pick_encoders, pick_layer_of_each
from pages._frame.say import show_guide, told
from pages._frame.uploads import own_names, pick_upload
from pages._frame.work import fingerprint, made
from pages.search.marked import hit_html
from pages.search.why import near_duplicates, two_rankings, why_before
from xsb_core.encoders.ready import ASSETS
from xsb_core.search.documents import split_documents

QUERY = "When does the ferry leave on Sunday?"
_SOURCES = ("Sample", "Paste", "File")
_UNITS = {"Sentences": "sentences", "Words": "words"}


@told()
def page() -> None:
    """Draws the page; every error that a user can mend is one sentence, the inputs stay."""
    st.title("Why is this document found?")
    query = st.text_input("Query", QUERY, key="query", bind="query-params")
    documents = None
    with told():
        documents = _pick_documents()
    with st.sidebar:
        two = st.toggle("Second model", False, key="two", bind="query-params")
        unit = _UNITS[
            st.radio(
                "Explain by",
                list(_UNITS),
                key="by",
                bind="query-params",
                help="Sentences take a fraction of a second each, words several times as long.",
            )
        ]
        top = st.slider("Results", 3, 30, 10, key="top", bind="query-params")
    encoders = pick_encoders(1 + two)
    if len(encoders) < 1 + two or documents is None:
        return
    with st.sidebar:
        models = list(zip(encoders, pick_layer_of_each(encoders), strict=True))
    show_guide("search")
    _results(models, query, documents, unit, top)


def _results(
    models: Chosen, query: str, documents: list[xsb_core.Document], unit: str, top: int
) -> None:
    (encoder, layer), *others = models
    ranking = _ranked(encoder, query, documents)
    if ranking is None:
        return
    if ranking.blank:
        st.caption(f"{ranking.blank} blank documents were passed over.")
    hits = ranking.hits[:top]
    places = [st.empty() for _ in hits]
    for place, hit in zip(places, hits, strict=True):  # the ranking is there before the reasons
        place.html(hit_html(hit))
    why = st.container()
    explained = {}
    for place, hit in zip(places, hits, strict=True):
        explained[hit.id] = explain(encoder, layer, hit, unit)
        place.html(hit_html(hit, explained[hit.id]))
    with why:
        why_before(ranking, explained, lambda hit: explain(encoder, layer, hit, unit))
    for other, _ in others:
        with about_model(2):
            second = _ranked(other, query, documents)
        if second is not None:
            two_rankings(ranking, second, (encoder.name, other.name))
    near_duplicates(encoder, documents, lambda hit: explain(encoder, layer, hit, unit))


def explain(
    encoder: xsb_core.Encoder, layer: int, hit: xsb_core.Hit, unit: str
) -> xsb_core.ExplainedHit:
    """An explained hit, kept for all sessions."""
    return _explained(fingerprint(encoder), layer, unit, repr(hit), encoder, hit)


@st.cache_resource(max_entries=512, show_spinner=False)
def _explained(
    model: str,  # noqa: ARG001 (what it is kept by, like asked)
    layer: int,
    unit: str,
    asked: str,  # noqa: ARG001
    _encoder: xsb_core.Encoder,
    _hit: xsb_core.Hit,
) -> xsb_core.ExplainedHit:
    with turn():
        return xsb_core.explain_hit(_encoder, _hit, unit, xsb_core.Recipe(layer=layer))


def _ranked(
    encoder: xsb_core.Encoder, query: str, documents: list[xsb_core.Document]
) -> xsb_core.Ranking | None:
    """The whole ranking by a job that goes on when the page is left; None before it is there."""
    content = hashlib.sha256()
    for one in documents:
        vector = b"" if one.embedding is None else one.embedding.tobytes()
        content.update(repr((one.id, one.text)).encode() + vector)

    def work(job: Job) -> xsb_core.Ranking:
        return xsb_core.rank(
            encoder,
            query,
            documents,
            top=None,
            progress=lambda done: job.tell(done / max(1, len(documents))),
        )

    return made(("search", fingerprint(encoder), query, content.hexdigest()), "Ranking", work)


def _pick_documents() -> list[xsb_core.Document] | None:
    """The documents; None before there are any."""
    source = st.segmented_control(
        "Documents", _SOURCES, default=_SOURCES[0], key="documents", bind="query-params"
    )
    if source == "Paste":
        typed = st.text_area("One a line, or separated by blank lines", key="pasted", height=200)
        return list(xsb_core.documents_of(split_documents(typed))) if typed.strip() else None
    if source == "File":
        path = pick_upload(
            "A file of documents", ["txt", "csv", "tsv", "jsonl", "parquet"], "documents_file"
        )
        if path is None:
            return None
        with own_names(path):
            return list(xsb_core.open_documents(path))
    found = list(xsb_core.open_documents(ASSETS / "sample-documents.csv"))
    with st.expander(f"The {len(found)} documents of the sample"):
        st.dataframe({"id": [one.id for one in found], "text": [one.text for one in found]})
    return found
