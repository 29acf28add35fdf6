"""Factors of many texts: alike texts together, as many at a time as memory allows."""

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence

import torch

from xsb_core.attribution.text_factors import Recipe, TextFactors, reading_factors, row_bytes
from xsb_core.encoders.encoder import Encoder
from xsb_core.encoders.tokenising import Tokenised
from xsb_core.errors import ModelError
from xsb_core.integration import jacobians as differentiate
from xsb_core.integration.jacobians import Progress

# Of a GPU's free memory: what a chunk really takes is estimated only roughly.
CUDA_SHARE = 0.25
# How many nodes a text may be expected to take, when batches are cut.
USUAL_NODES = 8


class FactorBatches:
    """Computes the factors of texts in batches under a memory budget.

    What a text's factors are does not depend on what shares its batch.

    Attributes:
        budget: Bytes of intermediate values to hold at a time; halved whenever a GPU's memory
            does not do.
    """

    def __init__(self, encoder: Encoder, recipe: Recipe, budget: int | None = None) -> None:
        """Prepares for some settings.

        Args:
            encoder: The encoder.
            recipe: How to compute.
            budget: Bytes; None takes what suits the encoder's device.
        """
        self.encoder, self.recipe = encoder, recipe
        self.budget = budget or _budget(encoder.device)

    def factors(
        self, texts: Sequence[Tokenised], progress: Progress | None = None
    ) -> Iterator[tuple[int, TextFactors]]:
        """Computes texts, the longest first.

        Args:
            texts: Any number of tokenised texts.
            progress: Told the share of the work done, also within a batch; it never falls. What it
                raises ends the work.

        Yields:
            The number of a text in ``texts``, and its factors, which may be not finite where the
            model overflows.

        Raises:
            LayerError: For a layer that the model does not have.
            ModelError: If its blocks can't be differentiated, or memory does not do for one text.
        """
        groups = defaultdict(list)
        for number, text in enumerate(texts):
            groups[text.alike].append(number)
        work = _Work(_cost(texts), progress)
        for _, numbers in sorted(groups.items(), key=lambda item: -len(item[0][1])):
            while numbers:
                batch = numbers[: self._size(len(texts[numbers[0]]))]
                own = [texts[number] for number in batch]
                found = self._batch(own, work.within(_cost(own)))
                if found is not None:
                    work.add(_cost(own))
                    yield from zip(batch, found, strict=True)
                    numbers = numbers[len(batch) :]

    def _size(self, tokens: int) -> int:
        """So many texts that their nodes and tangents fill the budget about once."""
        return max(1, self.budget // (USUAL_NODES * tokens * self._pass_bytes(tokens)))

    def _pass_bytes(self, tokens: int) -> int:
        """What one tangent at one node takes."""
        return tokens * row_bytes(self.encoder, tokens)

    def _batch(self, texts: list[Tokenised], progress: Progress) -> list[TextFactors] | None:
        """The factors of alike texts; None where the budget had to be halved."""
        start = time.perf_counter()
        try:
            reading = self.encoder.record(texts)
            found = reading_factors(
                self.encoder, reading, self.recipe, chunk_bytes=self.budget, progress=progress
            )
        except torch.cuda.OutOfMemoryError as error:
            if self.budget < self._pass_bytes(len(texts[0])):
                raise ModelError(
                    f"The memory of {self.encoder.device} does not do for a text of "
                    f"{len(texts[0])} tokens; choose a later layer or another device."
                ) from error
        else:
            seconds = (time.perf_counter() - start) / len(texts)
            return [
                self.recipe.text(self.encoder, text.side, token, seconds)
                for text, token in zip(texts, found, strict=True)
            ]
        self.budget //= 2
        torch.cuda.empty_cache()  # here, where the error no longer holds what was computed
        return None


class _Work:
    """How much of some work is done."""

    def __init__(self, total: float, progress: Progress | None) -> None:
        self._total, self._progress = total, progress
        self._done, self._told = 0.0, 0.0

    def add(self, cost: float) -> None:
        """Notes that so much more is done."""
        self._done += cost
        self._tell(self._done)

    def within(self, cost: float) -> Progress:
        """A watcher of a piece of work of this size."""
        return lambda share: self._tell(self._done + share * cost)

    def _tell(self, done: float) -> None:
        if self._progress is not None:
            # a piece may begin anew with more nodes
            self._told = max(self._told, done / self._total)
            self._progress(self._told)


def _cost(texts: Sequence[Tokenised]) -> float:
    """What texts take, about: as many tangents as tokens, each of as many positions."""
    return float(sum(len(text) ** 2 for text in texts))


def _budget(device: torch.device) -> int:
    if device.type != "cuda":
        return differentiate.CHUNK_BYTES
    return int(CUDA_SHARE * torch.cuda.mem_get_info(device)[0])
