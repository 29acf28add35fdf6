"""The factors of every distinct text, on disk: memory stays flat however many there are."""

import dataclasses
import hashlib
import pickle
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import torch
from torch import Tensor

from xsb_core.attribution.recipe import Recipe
from xsb_core.attribution.text_factors import FactorBatches, TextFactors, not_finite
from xsb_core.encoders.encoder import Encoder
from xsb_core.encoders.instruction import Instruction
from xsb_core.encoders.pipeline import SPARSE
from xsb_core.errors import TextError
from xsb_core.integration.factors import TokenFactors
from xsb_core.integration.jacobians import Progress

# What is held in memory before a file takes over.
IN_MEMORY = 2**24

Instructed = tuple[str, Instruction]  # a text, and how it is to be read


class FactorStore:
    """Factors by text and instruction, each computed once, or why a text has none.

    They lie in a file without a name, which vanishes with the process, however that ends.
    """

    def __init__(
        self,
        encoder: Encoder,
        recipe: Recipe = Recipe(),
        folder: Path | None = None,
        unit: str = "tokens",
    ) -> None:
        """Prepares for some settings.

        Args:
            encoder: The encoder.
            recipe: How to compute.
            folder: Where the file is to be; None takes the system's folder for such files.
            unit: What has a factor each, as for ``text_factors``.

        Raises:
            ValueError: For a recipe that doesn't fit the encoder.
        """
        self.encoder, self._batches = encoder, FactorBatches(encoder, recipe, unit=unit)
        self._file = tempfile.SpooledTemporaryFile(  # noqa: SIM115 (lives as long as this)
            IN_MEMORY, dir=folder and str(folder)
        )
        self._places: dict[bytes, int] = {}

    def compute(self, texts: Iterable[Instructed], progress: Progress | None = None) -> None:
        """Computes the texts that are not there yet, alike ones together.

        Args:
            texts: Texts, any number of times.
            progress: Told the share of the work done; what it raises ends the work.

        Raises:
            LayerError: For a layer that the model does not have.
            ModelError: For a model that can't be explained.
        """
        keys, tokenised = [], []
        for text, how in dict.fromkeys(texts):
            key = _key(text, how)
            if key in self._places:
                continue
            try:
                tokenised.append(self._batches.encoder.tokenise(text, how))
                keys.append(key)
            except TextError as error:
                self._add(key, error)
        for number, found in self._batches.factors(tokenised, progress):
            self._add(keys[number], found)

    def get(self, text: str, how: Instruction) -> TextFactors:
        """A computed text's factors.

        Raises:
            ValueError: If it has none: the error that tells why.
        """
        self._file.seek(self._places[_key(text, how)])
        found = pickle.load(self._file)  # written by this process, in a file that no other can open
        if isinstance(found, ValueError):
            raise found
        side, token, seconds = found
        token = _with(token, torch.Tensor.to_dense)
        return TextFactors(self._batches.encoder, self._batches.recipe, side, token, seconds)

    def _add(self, key: bytes, found: TextFactors | ValueError) -> None:
        kept: tuple | ValueError
        if isinstance(found, ValueError):
            kept = found
        else:
            kept = _portable(found) if found.token.finite else not_finite(found.encoder)
        self._places[key] = self._file.seek(0, 2)
        pickle.dump(kept, self._file, pickle.HIGHEST_PROTOCOL)


def _portable(found: TextFactors) -> tuple:
    """What a text does not share with all others, on the CPU."""
    token = _with(found.token, torch.Tensor.cpu)
    if found.encoder.kind == SPARSE:  # a number for each term of the vocabulary
        token = _with(token, torch.Tensor.to_sparse)
    return found.side, token, found.seconds


def _with(token: TokenFactors, made: Callable[[Tensor], Tensor]) -> TokenFactors:
    names = ("factors", "embedding", "reference")
    return dataclasses.replace(token, **{name: made(getattr(token, name)) for name in names})


def _key(text: str, how: Instruction) -> bytes:
    """What a text is found by: a hash, so that texts themselves need not stay in memory."""
    return hashlib.blake2b(repr((how, text)).encode(), digest_size=16).digest()
