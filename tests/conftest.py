"""Set-up shared by all tests: shapes are checked at run time, nothing reaches for the network."""

import json
import os
from collections.abc import Iterator

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"


def pytest_configure(config: pytest.Config) -> None:
    """Puts the checks on the library, but not in a process that only hands out tests to others."""
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        return
    # What an import under the hook imports in turn is looked for in the hook's own compiled files.
    # The large packages come first, so that Python's serve: 13 s of CPU less for every process.
    import datasets  # noqa: F401
    import jaxtyping
    import peft  # noqa: F401
    import sentence_transformers  # noqa: F401
    import statsmodels.api  # noqa: F401

    from tests.checking import checked

    jaxtyping.jaxtyped = checked  # the hook takes its decorator from there
    jaxtyping.install_import_hook(["xsb_core", "pages"], "beartype.beartype")


@pytest.fixture(scope="session")
def minilm():
    """The embedded model."""
    import xsb_core

    return xsb_core.load_encoder(device="cpu")


@pytest.fixture
def untyped() -> Iterator[None]:
    """No checks of types and shapes: what users get, who may pass anything."""
    import jaxtyping

    jaxtyping.config.update("jaxtyping_disable", True)
    yield
    jaxtyping.config.update("jaxtyping_disable", False)


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch):
    """The texts of which factors are computed in a batch, from here on."""
    from xsb_core.attribution.text_factors import FactorBatches

    sides = []
    factors = FactorBatches.factors

    def watched(self, asked, progress):
        sides.extend(text.side for text in asked)
        return factors(self, asked, progress)

    monkeypatch.setattr(FactorBatches, "factors", watched)
    return sides


@pytest.fixture(autouse=True)
def figures_are_plotlys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures are made of values that plotly does not check: here it does, and changes nothing."""
    import plotly.graph_objects as go

    make = go.Figure.__init__

    def checked(self, data=None, *args, _validate=True, **more):
        make(self, data, *args, _validate=_validate, **more)
        if not _validate:
            given = self.to_json(validate=False)
            assert json.loads(go.Figure(json.loads(given)).to_json()) == json.loads(given)

    monkeypatch.setattr(go.Figure, "__init__", checked)


@pytest.fixture
def gen():
    """A seeded source of random numbers."""
    import torch

    return torch.Generator().manual_seed(0)
