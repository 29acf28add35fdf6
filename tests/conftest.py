"""Set-up shared by all tests: shapes are checked at run time, nothing reaches for the network."""

import os
from collections.abc import Iterator

os.environ["HF_HUB_OFFLINE"] = "1"

# What an import under the hook imports in turn is looked for in the hook's own compiled files. The
# large packages come first, so that Python's serve: 13 s of CPU less for every process.
import datasets  # noqa: F401
import jaxtyping
import peft  # noqa: F401
import sentence_transformers  # noqa: F401
import statsmodels.api  # noqa: F401

from tests.checking import checked

# the hook takes its decorator from there
jaxtyping.jaxtyped = checked
jaxtyping.install_import_hook(["xsb_core", "pages"], "beartype.beartype")

import pytest
import torch

import xsb_core
from xsb_core.attribution.text_factors import FactorBatches
from xsb_core.encoders.side import Side


@pytest.fixture(scope="session")
def minilm() -> xsb_core.Encoder:
    """The embedded model."""
    return xsb_core.load_encoder(device="cpu")


@pytest.fixture
def untyped() -> Iterator[None]:
    """No checks of types and shapes: what users get, who may pass anything."""
    jaxtyping.config.update("jaxtyping_disable", True)
    yield
    jaxtyping.config.update("jaxtyping_disable", False)


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> list[Side]:
    """The texts of which factors are computed in a batch, from here on."""
    sides: list[Side] = []
    factors = FactorBatches.factors

    def watched(self, asked, progress):
        sides.extend(text.side for text in asked)
        return factors(self, asked, progress)

    monkeypatch.setattr(FactorBatches, "factors", watched)
    return sides


@pytest.fixture
def gen() -> torch.Generator:
    """A seeded source of random numbers."""
    return torch.Generator().manual_seed(0)
