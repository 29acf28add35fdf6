"""A small model that the page for many pairs suggests, and a place of its own for runs."""

import pytest

from pages._frame import models
from tests.corpus.factory import saved


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> str:
    return saved(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(autouse=True)
def settings(tmp_path, monkeypatch, model):
    monkeypatch.setenv("XSB_RUNS", str(tmp_path / "runs"))
    # the driver can't rerun a page whose model is not among the suggestions
    monkeypatch.setattr(models, "_MORE", (model,))
