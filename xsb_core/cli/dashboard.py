"""``app``: the dashboard."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

# An installed package carries the dashboard; in a checkout it lies beside the package.
_PACKAGE = Path(__file__).parents[1]
_SCRIPTS = (_PACKAGE / "dashboard" / "app.py", _PACKAGE.parent / "app.py")


def dashboard(
    port: Annotated[int, typer.Option(help="Port to serve it on.")] = 8501,
    address: Annotated[
        str, typer.Option(help="Address to serve it on; 0.0.0.0 is all of this machine's.")
    ] = "127.0.0.1",
    open_browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open it in a browser.")
    ] = True,
) -> None:
    """Serve the dashboard until Ctrl-C."""
    if find_spec("streamlit") is None:
        raise ModuleNotFoundError(name="streamlit")
    script = next(path for path in _SCRIPTS if path.is_file())
    options = [f"--server.port={port}", f"--server.address={address}"]
    if not open_browser:
        options.append("--server.headless=true")
    # each session's thread would keep an arena of its own, at its largest
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    # in this process's place, so that whoever stops it stops the server
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "streamlit", "run", str(script), *options])
