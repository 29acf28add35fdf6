"""A fresh server and a real browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.helpers import new_context

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# Playwright's own five seconds are few on a busy machine.
expect.set_options(timeout=60_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser these tests skip, but never in CI."""
    if CHROMIUM is None and not os.environ.get("CI"):
        reason = pytest.mark.skip(reason="no chromium on this machine; 'make browser' installs it")
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker(reason)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    assert CHROMIUM, "CI needs chromium"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """Starts a server that no session has visited yet; returns its address."""
    servers = []
    # no runs of earlier days, no parser
    names = ("XSB_RUNS", "STANZA_RESOURCES_DIR")
    surroundings = os.environ | {name: str(tmp_path_factory.mktemp(name)) for name in names}

    def start() -> str:
        with socket.socket() as free:
            free.bind(("localhost", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
        servers.append(
            subprocess.Popen(
                [*command, "--server.headless=true"],
                cwd=ROOT,
                env=surroundings,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )
        address = f"http://localhost:{port}"
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{address}/_stcore/health") as answer:
                    assert answer.read() == b"ok"
                    return address
            except OSError:
                time.sleep(0.2)
        raise AssertionError("the server did not start")

    yield start
    for server in servers:
        server.terminate()
        server.wait(10)


@pytest.fixture(scope="session")
def address(start_server: Callable[[], str]) -> str:
    """A server for the tests that don't need one of their own."""
    return start_server()


@pytest.fixture(scope="session")
def profile(browser: Browser) -> Iterator[BrowserContext]:
    """One profile: Streamlit's and Plotly's scripts are fetched and compiled once for all tests."""
    context = new_context(browser)
    yield context
    context.close()


@pytest.fixture
def page(profile: BrowserContext) -> Iterator[Page]:
    """A new tab, so a new session."""
    yield profile.new_page()
    for tab in profile.pages:
        tab.close()
