"""What the server does besides sessions: it gets ready before them, and stops work at its end."""

import gc
import logging
import threading
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

import streamlit as st

from pages._frame import compute, jobs
from pages.navigation import PAGES

# Work outside of sessions is on purpose here.
logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel("ERROR")


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """From the server's start to its end."""
    threading.Thread(target=get_ready, daemon=True).start()
    if not st.get_option("server.headless"):  # a server of st.App doesn't open it by itself
        webbrowser.open(f"http://localhost:{st.get_option('server.port')}")
    yield
    jobs.stop()


def get_ready() -> None:
    """Does in the background what the first visitor would wait for: imports, the model, a pair."""
    compute.get_ready()
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
