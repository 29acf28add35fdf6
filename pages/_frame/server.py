"""What the server does besides sessions: it gets ready before them, and stops work at its end."""

import gc
import json
import logging
import sys
import threading
import traceback
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib import import_module

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages._frame import compute, jobs
from pages._frame.listed import PAGES
from pages._frame.settings import go_offline, settings
from pages._frame.uploads import working_folder

# Work outside of sessions is on purpose here.
logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel("ERROR")


# Streamlit's front end makes scripts and styles as it goes (Vega, Plotly, its own components), so
# that these stay inline; nothing is taken from, sent to or shown in another site.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' ws: wss: data: blob:; worker-src 'self' blob:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "no-referrer",  # a page's link holds the texts
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class _Headers:
    """Adds the headers that tell a browser what the pages never need."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


HEADERS = Middleware(_Headers)
_READY = threading.Event()


async def ready(_: Request) -> JSONResponse:
    """Whether the model is loaded: 200, or 503 before, or where it can't be."""
    return JSONResponse({"ready": _READY.is_set()}, 200 if _READY.is_set() else 503)


def log(event: str, **values: object) -> None:
    """A line of JSON on standard error, which never holds a user's text."""
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    print(json.dumps({"time": at, "event": event, **values}), file=sys.stderr, flush=True)


def tell_unexpected(error: Exception) -> bool:
    """One sentence in place of a traceback; its place is logged, not its words, maybe a user's."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "/pages/" in frame.filename or "/xsb_" in frame.filename]
    place = (own or frames)[-1]
    log("error", kind=type(error).__name__, file=place.filename, line=place.lineno)
    st.error(
        f"Something unexpected stopped this page ({type(error).__name__}); change the input, or "
        "report this if it happens twice."
    )
    return True


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """From the server's start to its end."""
    go_offline()
    for line in settings().lines():
        print(line, file=sys.stderr)
    working_folder()
    threading.Thread(target=get_ready, daemon=True).start()
    if not st.get_option("server.headless"):  # a server of st.App doesn't open it by itself
        webbrowser.open(f"http://localhost:{st.get_option('server.port')}")
    yield
    jobs.stop()


def get_ready() -> None:
    """Does in the background what the first visitor would wait for: imports, the model, a pair."""
    compute.get_ready()
    _READY.set()
    log("ready")
    for name in PAGES:
        import_module(f"pages.{name}.page")
    leave_imports_alone()


def leave_imports_alone() -> None:
    """Keeps what is imported out of garbage collection.

    Streamlit collects after every run, so twice a second while a job is watched; going through
    all of torch and transformers held up the job for half a second each time.
    """
    gc.collect()
    gc.freeze()
