"""A visitor without a browser: a session over Streamlit's own websocket, and the server for it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect

ROOT = Path(__file__).parents[2]


@contextmanager
def server(**settings: str) -> Iterator[tuple[int, int]]:
    """A server that is ready, for strangers: its port and its process; it is stopped at the end."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    runs = tempfile.mkdtemp()
    command = [sys.executable, "-m", "xsb_core", "app", "--no-browser"]
    process = subprocess.Popen(
        [*command, f"--port={port}"],
        cwd=ROOT,
        env=os.environ | {"XSB_PUBLIC": "1", "XSB_RUNS": f"{runs}/runs"} | settings,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_ready(port)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        shutil.rmtree(runs)


def _wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + 120
    while True:
        try:
            with urllib.request.urlopen(f"http://localhost:{port}/ready"):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)


class Session:
    """A tab that is open on a page."""

    def __init__(self, port: int, page: str, query: str = "") -> None:
        self._socket = connect(
            f"ws://localhost:{port}/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None,
        )
        self._page, self._query = page, query
        self._hash = ""
        self._ids: dict[str, str] = {}
        self._fields: dict[str, str] = {}

    def close(self) -> None:
        """Closes the tab."""
        self._socket.close()

    def open(self) -> list[str]:
        """Opens the page; the tracebacks that it showed."""
        return self._run(BackMsg())

    def explain(self, text_a: str, text_b: str) -> list[str]:
        """Types both texts and sends them; the tracebacks that it showed."""
        self._fields = {"Text A": text_a, "Text B": text_b}
        message = BackMsg()
        states = message.rerun_script.widget_states.widgets
        for label, text in self._fields.items():
            states.append(WidgetState(id=self._ids[label], string_value=text))
        states.append(WidgetState(id=self._ids["Explain"], trigger_value=True))
        return self._run(message)

    def _run(self, message: BackMsg) -> list[str]:
        run = message.rerun_script
        run.query_string = self._query
        run.page_name = "" if self._hash else self._page
        run.page_script_hash = self._hash
        run.context_info.timezone = "UTC"
        self._socket.send(message.SerializeToString())
        faults: list[str] = []
        while True:
            answer = ForwardMsg.FromString(self._socket.recv(timeout=300, decode=False))
            kind = answer.WhichOneof("type")
            if kind == "new_session":
                self._hash = answer.new_session.page_script_hash
            elif kind == "page_not_found":
                faults.append("page not found")
            elif kind == "delta" and answer.delta.WhichOneof("type") == "new_element":
                faults += self._element(answer.delta.new_element)
            elif kind == "script_finished":
                if answer.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                    return faults
                if answer.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    return [*faults, f"script finished: {answer.script_finished}"]

    def _element(self, element) -> list[str]:
        kind = element.WhichOneof("type")
        if kind in ("text_area", "button"):
            one = getattr(element, kind)
            self._ids[one.label] = one.id
        if kind == "exception":
            return [f"{element.exception.type}: {element.exception.message}"]
        return []
