"""``xsb app`` hands over to Streamlit, for this machine alone unless told otherwise."""

import os

import pytest
from typer.testing import CliRunner

from xsb_core.cli import app


@pytest.mark.parametrize(
    ("given", "address"), [([], "127.0.0.1"), (["--address=0.0.0.0"], "0.0.0.0")]
)
def test_the_address_that_it_serves(given, address, monkeypatch):
    monkeypatch.setenv("MALLOC_ARENA_MAX", "2")
    told = []
    monkeypatch.setattr(os, "execv", lambda _, command: told.append(command))
    assert CliRunner().invoke(app, ["app", "--port=8600", *given]).exit_code == 0
    assert told[0][-2:] == ["--server.port=8600", f"--server.address={address}"]
