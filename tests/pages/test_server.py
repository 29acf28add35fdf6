"""A server that is stopped while work is going on."""

import os
import signal
import subprocess
import sys
import time
import urllib.request

import pytest

from tests.pages.helpers import ROOT
from tests.test_packaging import port  # noqa: F401

APP = """
import time
from contextlib import asynccontextmanager
import streamlit as st
from pages._frame import jobs, server

def work(job):
    for step in range(6000):
        job.tell(step / 6000)
        time.sleep(0.1)

@asynccontextmanager
async def lifespan(app):
    async with server.lifespan(app):
        jobs.start("key", "Attributing pairs.csv", work, "What is finished is kept.")
        yield

app = st.App("script.py", lifespan=lifespan)
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_long_job_does_not_keep_it_from_ending(number, tmp_path, port):  # noqa: F811
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "script.py").write_text("import streamlit as st\nst.title('Test')\n")
    command = [sys.executable, "-m", "streamlit", "run", str(tmp_path / "app.py")]
    options = [f"--server.port={port}", "--server.headless=true"]
    process = subprocess.Popen(
        [*command, *options],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 120
    while True:
        try:
            urllib.request.urlopen(f"http://localhost:{port}/_stcore/health").close()
            break
        except OSError:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.2)
    process.send_signal(number)
    said = process.communicate(timeout=30)[1]
    assert "Cancelled: Attributing pairs.csv. What is finished is kept." in said
