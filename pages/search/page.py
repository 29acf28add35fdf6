"""A query and documents: ranked at once, explained from the top."""

from __future__ import annotations

import hashlib
from itertools import islice

import streamlit as st

import xsb_core
from pages._frame.compute import check_lengths, check_request, turn
from pages._frame.instructions import pick_instructions
from pages._frame.jobs import Job
from pages._frame.models import Chosen, about_model, pick_encoders, pick_layer_of_each
from pages._frame.say import show_guide, told
from pages._frame.uploads import own_names, pick_upload
from pages._frame.work import fingerprint, made
from pages.search.why import near_duplicates, two_rankings, why_before
from xsb_core.encoders.instruction import Instruction
from xsb_core.encoders.ready import ASSETS
from xsb_core.search.documents import split_documents
from xsb_core.search.ranking import Prompts, usual_prompts

QUERY = "When does the ferry leave on Sunday?"
_SOURCES = ("Sample", "Paste", "File")
_UNITS = {"Sentences": "sentences", "Words": "words"}
_WINDOWS = 3  # of a long document that are shown


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
                help="Words show more; sentences read more easily.",
            )
        ]
        top = st.slider("Results", 3, 30, 10, key="top", bind="query-params")
    encoders = pick_encoders(1 + two, embedded=xsb_core.EMBEDDED_MODEL)
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
    check_lengths({"of the query": query} | {f"of {one.id}": one.text for one in documents})
    hows = pick_instructions(encoder, ("the query", "the documents"), usual_prompts(encoder))
    ranking = _ranked(encoder, query, documents, hows)
    if ranking is None:
        return
    if ranking.blank:
        st.caption(f"{ranking.blank} blank documents were passed over.")
    hits = ranking.hits[:top]
    for hit in hits:
        check_request([(encoder, layer)], {f"of {hit.id}": hit.text})
    windowed = _pick_windowed(encoder, hits, hows[1])
    places = [st.empty() for _ in hits]
    for place, hit in zip(places, hits, strict=True):  # the ranking is there before the reasons
        place.html(xsb_core.hit_html(hit))
    why = st.container()
    explained = {}
    for place, hit in zip(places, hits, strict=True):
        (explained[hit.id],) = _explain(encoder, layer, hit, unit)
        shown = (explained[hit.id],)
        if hit.id in windowed:
            shown = _explain(encoder, layer, hit, unit, windows=True)
        place.html("".join(xsb_core.hit_html(hit, one) for one in shown))
    with why:
        why_before(
            ranking,
            explained,
            lambda hit: _explain(encoder, layer, hit, unit)[0],
            lambda text: _own(encoder, layer, ranking, text),
        )
    for other, _ in others:
        with about_model(2):
            second = _ranked(other, query, documents, (None, None))
        if second is not None:
            two_rankings(ranking, second, (encoder.name, other.name))
    near_duplicates(encoder, documents, lambda hit: _explain(encoder, layer, hit, unit)[0])


def _own(
    encoder: xsb_core.Encoder, layer: int, ranking: xsb_core.Ranking, text: str
) -> xsb_core.Hit:
    check_request([(encoder, layer)], {"of your own": text})
    return xsb_core.own_hit(encoder, ranking, text)


def _pick_windowed(
    encoder: xsb_core.Encoder, hits: tuple[xsb_core.Hit, ...], how: Instruction
) -> set[str]:
    """Which documents are longer than the model reads and are asked for in windows."""
    cut = {hit.id for hit in hits if encoder.tokenise(hit.text, how).side.cut}
    if not cut:
        return cut
    many = f"{len(cut)} of these documents are" if len(cut) > 1 else "1 of these documents is"
    st.info(
        f"{many} longer than {encoder.name} reads: what is grey was not read, and no score knows "
        "of it."
    )
    asked = st.toggle(
        "Read long documents in windows",
        key="windows",
        bind="query-params",
        help="Each window is whole sentences, scored and explained as a text of its own; the "
        f"{_WINDOWS} of the highest scores are shown. The order of the documents stays.",
    )
    return cut if asked else set()


def _explain(
    encoder: xsb_core.Encoder, layer: int, hit: xsb_core.Hit, unit: str, *, windows: bool = False
) -> tuple[xsb_core.ExplainedHit, ...]:
    """An explained hit, or the best of its windows, kept for all sessions."""
    return _explained(fingerprint(encoder), layer, unit, windows, repr(hit), encoder, hit)


@st.cache_resource(max_entries=512, show_spinner=False)
def _explained(
    model: str,  # what it is kept by, like asked
    layer: int,
    unit: str,
    windows: bool,  # noqa: FBT001 (a part of the key)
    asked: str,  # noqa: ARG001
    _encoder: xsb_core.Encoder,
    _hit: xsb_core.Hit,
) -> tuple[xsb_core.ExplainedHit, ...]:
    recipe = xsb_core.Recipe(layer=layer)
    with turn():
        query = _query(model, layer, _hit.query, _hit.hows[0], _encoder)
        found = xsb_core.explain_hits(
            _encoder, [_hit], unit, recipe, windows=windows, factors=query
        )
        return tuple(islice(found, _WINDOWS))


@st.cache_resource(max_entries=64, show_spinner=False)
def _query(
    model: str,  # noqa: ARG001
    layer: int,
    text: str,
    how: Instruction,
    _encoder: xsb_core.Encoder,
) -> xsb_core.TextFactors:
    """The query's factors, for all its documents."""
    return xsb_core.text_factors(
        _encoder, text, xsb_core.Recipe(layer=layer), prompt=how, unit="words"
    )


def _ranked(
    encoder: xsb_core.Encoder, query: str, documents: list[xsb_core.Document], prompts: Prompts
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
            prompts=prompts,
            progress=lambda done: job.tell(done / max(1, len(documents))),
        )

    return made(
        ("search", fingerprint(encoder), query, prompts, content.hexdigest()), "Ranking", work
    )


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
