"""``serve``: ranking and explaining over HTTP, for those who highlight in a front end of their own.

FastAPI is imported here alone. Limits are those of the dashboard's server, from the same variables
(docs/server.md).
"""

import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import typer
from typing_extensions import TypedDict

from xsb_core.cli.options import Layer, Model

MOST_BYTES = 16 * 2**20  # of a request
MOST_EXPLAINED = 50


class RankedDocument(TypedDict):
    """A document among the results: its place from 1, its score, ids of the very same text."""

    query: str
    id: str
    rank: int
    score: float
    text: str
    same: list[str]


class MarkedSpan(TypedDict):
    """A stretch of a document's text, by characters, and what it gives to the score."""

    start: int
    end: int
    value: float


class StrongPair(TypedDict):
    """A word of the query, a stretch of the document, and what the two give to the score."""

    query: str
    document: str
    value: float


class WordTotal(TypedDict):
    """What a word of the query gives to the score; all of them add up to it."""

    word: str
    value: float


class ExplainedDocument(RankedDocument):
    """A document, or a window of a long one, and why it is found.

    ``cut``: how many characters the model read, where it read less than all; ``window``: which
    characters were scored and explained as a text of their own; ``error``: what sums may be off by.
    """

    spans: list[MarkedSpan]
    pairs: list[StrongPair]
    query_totals: list[WordTotal]
    cut: int | None
    window: tuple[int, int] | None
    error: float
    converged: bool


class Ranked(TypedDict):
    """The results, and how many documents were gone through, and passed over as blank."""

    hits: list[RankedDocument]
    documents: int
    blank: int


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a request may take: characters of a text, documents, seconds, requests that wait."""

    characters: int = 20_000
    documents: int = 5_000
    seconds: int = 120
    waiting: int = 20


def serve(
    port: Annotated[int, typer.Option(help="Port to serve it on.")] = 8502,
    address: Annotated[
        str, typer.Option(help="Address to serve it on; 0.0.0.0 is all of this machine's.")
    ] = "127.0.0.1",
    model: Model = None,
    layer: Layer = None,
    max_characters: Annotated[
        int, typer.Option(min=1, envvar="XSB_MAX_CHARACTERS", help="Characters of a text.")
    ] = Limits.characters,
    max_documents: Annotated[
        int, typer.Option(min=1, envvar="XSB_MAX_PAIRS", help="Documents of a request.")
    ] = Limits.documents,
    max_seconds: Annotated[
        int, typer.Option(min=1, envvar="XSB_MAX_SECONDS", help="Seconds of a request.")
    ] = Limits.seconds,
    max_waiting: Annotated[
        int, typer.Option(min=1, envvar="XSB_MAX_WAITING", help="Requests that wait or run.")
    ] = Limits.waiting,
) -> None:
    """Serve POST /rank and POST /explain until Ctrl-C; /openapi.json describes them."""
    import fastapi  # noqa: F401 (what is missing is said before a model is loaded)
    import uvicorn

    from xsb_core.encoders.loading import load_encoder

    limits = Limits(
        characters=max_characters,
        documents=max_documents,
        seconds=max_seconds,
        waiting=max_waiting,
    )
    uvicorn.run(service(load_encoder(model), layer, limits), host=address, port=port)


def service(encoder: Any, layer: int | None = None, limits: Limits = Limits()) -> Any:
    """The service as an ASGI application.

    Args:
        encoder: From ``load_encoder``; it serves all requests, one after the other.
        layer: As for ``attribute``.
        limits: What a request may take.
    """
    from fastapi import FastAPI, Request
    from fastapi.exceptions import RequestValidationError
    from fastapi.responses import JSONResponse
    from pydantic import BaseModel, Field

    from xsb_core.attribution.recipe import Recipe
    from xsb_core.search.explanation import explain_hits
    from xsb_core.search.ranking import Ranking, rank

    recipe, turns = Recipe(layer=layer), _Turns(limits)

    class Document(BaseModel):
        """A text, perhaps with an id and its stored embedding, by which it is then ranked."""

        text: str
        id: str | None = Field(None, max_length=200)
        embedding: list[float] | None = Field(None, max_length=100_000)

    class Question(BaseModel):
        """A query and documents; prompts are named as the model's, or any text."""

        query: str
        documents: list[str | Document] = Field(max_length=limits.documents)
        top: int = Field(10, ge=1, le=limits.documents)
        query_prompt: str | None = Field(None, max_length=1000)
        document_prompt: str | None = Field(None, max_length=1000)

    class WhyQuestion(Question):
        """The same, explained by sentences or words; long documents in windows if asked."""

        top: int = Field(10, ge=1, le=MOST_EXPLAINED)
        unit: Literal["sentences", "words"] = "sentences"
        windows: bool = False

    api = FastAPI(
        title="XSB Explorer",
        description=f"Which documents {encoder.name} finds for a query, and which spans carry them",
        docs_url=None,  # these two pages fetch scripts from elsewhere
        redoc_url=None,
    )
    api.add_middleware(_Capped)

    def ranked(asked: Question, step: Callable[[float], None]) -> Ranking:
        documents = [
            one if isinstance(one, str) else one.model_dump(exclude_none=True)
            for one in asked.documents
        ]
        texts = [one if isinstance(one, str) else one["text"] for one in documents]
        longest = max(map(len, [asked.query, *texts]))
        if longest > limits.characters:
            raise ValueError(
                f"A text has {longest:,} characters, and this server takes {limits.characters:,}; "
                "shorten it."
            )
        prompts = asked.query_prompt, asked.document_prompt
        return rank(encoder, asked.query, documents, top=asked.top, prompts=prompts, progress=step)

    @api.post("/rank")
    def rank_documents(asked: Question) -> Ranked:
        """Ranks documents for a query."""
        with turns.turn() as step:
            found = ranked(asked, step)
        hits: Any = [hit.to_dict() for hit in found.hits]
        return {"hits": hits, "documents": found.documents, "blank": found.blank}

    @api.post("/explain")
    def explain_documents(asked: WhyQuestion) -> list[ExplainedDocument]:
        """Ranks documents for a query, and says which spans and words carry the best."""
        with turns.turn() as step:
            hits = ranked(asked, step).hits
            found = explain_hits(encoder, hits, asked.unit, recipe, step, windows=asked.windows)
            explained: Any = [one.to_dict() for one in found]
        return explained

    @api.exception_handler(ValueError)
    def refuse(_: Request, error: ValueError) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, 422)

    @api.exception_handler(_BusyError)
    def send_away(_: Request, error: _BusyError) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, 503)

    @api.exception_handler(RequestValidationError)
    def refuse_form(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"][1:])) or "the request"
        return JSONResponse({"detail": f"{place}: {first['msg']}"}, 422)

    return api


class _BusyError(Exception):
    """More requests than may wait."""


class _Turns:
    """One request after the other, each with its time; those that are too many are sent away."""

    def __init__(self, limits: Limits) -> None:
        self._seconds = limits.seconds
        self._places = threading.BoundedSemaphore(limits.waiting)
        self._working = threading.Lock()

    @contextmanager
    def turn(self) -> Iterator[Callable[[float], None]]:
        """A request's turn, with what ends it at its next sign of progress when its time is up."""
        if not self._places.acquire(blocking=False):
            raise _BusyError("Too many requests wait; come back in a minute.")
        try:
            with self._working:
                until = time.monotonic() + self._seconds
                yield lambda _: self._check(until)
        finally:
            self._places.release()

    def _check(self, until: float) -> None:
        if time.monotonic() > until:
            raise ValueError(
                f"This took more than the {self._seconds} seconds that a request has; send fewer "
                "or shorter documents."
            )


class _Capped:
    """ASGI middleware that reads no more of a request than ``MOST_BYTES``."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answers 413 in the application's place where a request is larger."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        messages, size, more = [], 0, True
        while more:
            message = await receive()
            messages.append(message)
            size += len(message.get("body", b""))
            more = message.get("more_body", False)
            if size > MOST_BYTES:
                detail = f'{{"detail": "A request has at most {MOST_BYTES >> 20} MB; send less."}}'
                headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
                await send({"type": "http.response.start", "status": 413, "headers": headers})
                await send({"type": "http.response.body", "body": detail.encode()})
                return

        async def again() -> Any:
            return messages.pop(0) if messages else await receive()

        await self._app(scope, again, send)
