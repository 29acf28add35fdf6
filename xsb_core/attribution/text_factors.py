"""What a text brings into every pair: its token factors, for as many at a time as memory allows."""

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import torch

from xsb_core.attribution.cosine import differentiated
from xsb_core.attribution.recipe import Recipe
from xsb_core.attribution.words import reduction_to, side_of_groups, unit_groups
from xsb_core.attribution.work import Work, cost_of
from xsb_core.encoders.closed import closed_factors
from xsb_core.encoders.encoder import Encoder
from xsb_core.encoders.instruction import Instruction
from xsb_core.encoders.pipeline import LATE
from xsb_core.encoders.reading import Reading
from xsb_core.encoders.replay import refusing
from xsb_core.encoders.side import Side
from xsb_core.encoders.spans import Groups
from xsb_core.encoders.tokenising import Tokenised
from xsb_core.errors import ModelError
from xsb_core.integration import jacobians as differentiate
from xsb_core.integration.dual import NoTangentError
from xsb_core.integration.factors import TokenFactors, batch_factors
from xsb_core.integration.jacobians import Progress
from xsb_core.integration.shapes import Basis

# Of a GPU's free memory: what a chunk really takes is estimated only roughly.
CUDA_SHARE = 0.25
# How many nodes a text may be expected to take, when batches are cut.
USUAL_NODES = 8
# From how many tokens in all, and for each direction that its partner sees, a text is computed for
# that partner alone, and how many directions are no more work than a row.
PASSAGE, WORTH = 40, 2


@dataclass(frozen=True)
class TextFactors:
    """A text's factors, and the encoder and recipe that they were computed with.

    Attributes:
        encoder: The encoder.
        recipe: Layer, cosine, quadrature; nothing left open.
        side: The text as the model read it.
        token: The factors of its S tokens, or of its words or sentences.
        seconds: Wall-clock time that they took.
        seen_by: The one text that they are for; None: for any. They are projected onto what its
            factors see of them.
    """

    encoder: Encoder
    recipe: Recipe
    side: Side
    token: TokenFactors
    seconds: float
    seen_by: "TextFactors | None" = field(default=None, repr=False, compare=False)

    @property
    def sight(self) -> Basis:
        """Orthonormal directions of embeddings outside of which no pair with this text has cells.

        They are those of its factors and its reference, in which Eq. 2 takes products.
        """
        seen = torch.cat([self.token.factors, self.token.reference[None]])
        return torch.linalg.qr(seen.T.double().cpu()).Q.T.to(seen).contiguous()


def text_factors(
    encoder: Encoder,
    text: str,
    recipe: Recipe = Recipe(),
    *,
    prompt: Instruction | str | None = None,
    unit: str | Groups = "tokens",
    seen_by: TextFactors | None = None,
    progress: Progress | None = None,
) -> TextFactors:
    """Computes a text's factors, to be used in any number of pairs.

    Args:
        encoder: From ``load_encoder``.
        text: The text.
        recipe: How to compute.
        prompt: What to put before it: the name of one of the model's prompts, or what
            ``Encoder.instruction`` gives; None takes what ``encode`` would.
        unit: "tokens", or "words" or "sentences": one factor for each, the sum of its tokens', at
            so much less work as there are fewer. Their cells are sums, too. Or groups of the text's
            positions, such as ``opened_groups`` gives.
        seen_by: A text whose partner this one is to be. Of a passage only what it sees is then
            computed, at the cost of a query, where that saves half the work or more.
        progress: Told the share of the work done, 0 to 1; what it raises ends the computation.

    Returns:
        The factors. Source: docs/method.md, sections 2 to 4.

    Raises:
        TextError: For a text without anything to attribute.
        LayerError: For a layer that the model does not have.
        ModelError: For a model whose blocks can't be differentiated, or without the prompt.
        ValueError: For another unit.

    Examples:
        >>> text_factors(encoder, "A dog.", Recipe(layer=5)).token.factors.shape
        torch.Size([5, 384])
        >>> text_factors(encoder, "A dog. Sad.", unit="sentences").side.tokens
        ('[CLS]', 'A dog.', 'Sad.', '[SEP]')
    """
    texts = [encoder.tokenise(text, prompt)]
    batches = FactorBatches(encoder, recipe, unit=unit, seen_by=seen_by)
    ((_, found),) = batches.factors(texts, progress)
    if not found.token.finite:
        raise not_finite(encoder)
    return found


def not_finite(encoder: Encoder) -> ModelError:
    """What to say of a text whose factors are not finite."""
    matched = " or matches none of its tokens" if encoder.kind == LATE else ""
    return ModelError(f"{encoder.name} gives values that are not finite for this text{matched}.")


class FactorBatches:
    """Computes the factors of texts in batches under a memory budget.

    What a text's factors are does not depend on what shares its batch.

    Attributes:
        budget: Bytes of intermediate values to hold at a time; halved whenever a GPU's memory
            does not do.
    """

    def __init__(
        self,
        encoder: Encoder,
        recipe: Recipe,
        budget: int | None = None,
        unit: str | Groups = "tokens",
        seen_by: TextFactors | None = None,
    ) -> None:
        """Prepares for some settings.

        Args:
            encoder: The encoder.
            recipe: How to compute.
            budget: Bytes; None takes what suits the encoder's device.
            unit: As for ``text_factors``.
            seen_by: As for ``text_factors``.

        Raises:
            ValueError: For a recipe or a unit that doesn't fit the encoder.
        """
        if encoder.kind == LATE and unit != "tokens":
            raise ValueError(
                f"{encoder.name} matches tokens, so its factors are those of tokens; bring the "
                "cells of a result to words with to_words."
            )
        self.encoder, self.recipe = encoder, recipe.resolved(encoder)
        self.budget, self.unit = budget or _budget(encoder.device), unit
        self._seen_by = seen_by

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
        work = Work(cost_of(texts), progress)
        for _, numbers in sorted(groups.items(), key=lambda item: -len(texts[item[1][0]])):
            while numbers:
                batch = numbers[: self._size(len(texts[numbers[0]]))]
                own = [texts[number] for number in batch]
                found = self._batch(own, work.within(cost_of(own)))
                if found is not None:
                    work.add(cost_of(own))
                    yield from zip(batch, found, strict=True)
                    numbers = numbers[len(batch) :]

    def _partner(self, text: Tokenised, groups: Groups | None) -> TextFactors | None:
        """The text that another is computed for alone, if that saves work."""
        if self._seen_by is None:
            return None
        tokens, directions = len(text), len(self._seen_by.sight)
        rows = tokens if groups is None else len(groups)
        saves = WORTH * directions <= tokens and directions <= WORTH * rows
        return self._seen_by if saves and tokens >= PASSAGE else None

    def _size(self, tokens: int) -> int:
        """So many texts that their nodes and tangents fill the budget about once."""
        if self.unit != "tokens":  # each text has groups of its own
            return 1
        return max(1, self.budget // (USUAL_NODES * tokens * self._pass_bytes(tokens)))

    def _pass_bytes(self, tokens: int) -> int:
        """What one tangent at one node takes."""
        return tokens * _row_bytes(self.encoder, tokens)

    def _batch(self, texts: list[Tokenised], progress: Progress) -> list[TextFactors] | None:
        """The factors of alike texts; None where the budget had to be halved."""
        start = time.perf_counter()
        try:
            reading = self.encoder.record(texts)
            groups = unit_groups(texts[0].side, self.unit)
            seen_by = self._partner(texts[0], groups)
            found = _reading_factors(
                self.encoder, reading, self.recipe, groups, seen_by, self.budget, progress
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
                TextFactors(
                    self.encoder, self.recipe, _grouped(side, groups), token, seconds, seen_by
                )
                for side, token in zip(reading.sides, found, strict=True)
            ]
        self.budget //= 2
        torch.cuda.empty_cache()  # here, where the error no longer holds what was computed
        return None


def _row_bytes(encoder: Encoder, tokens: int) -> int:
    """Bytes of intermediate values for one position of one tangent of texts of some length.

    The MLP's inner values or the attention weights, a few at a time.
    """
    return 3 * encoder.dtype.itemsize * max(4 * encoder.width, encoder.heads * tokens)


def _reading_factors(
    encoder: Encoder,
    reading: Reading,
    recipe: Recipe,
    groups: Groups | None,
    seen_by: TextFactors | None,
    chunk_bytes: int,
    progress: Progress,
) -> list[TokenFactors]:
    """Factors of the texts of a reading, which may be not finite, in order."""
    assert recipe.layer is not None  # it is resolved
    x, r = reading.text.hidden_batch(recipe.layer), reading.reference.hidden(recipe.layer)
    sums = None
    if groups is not None:
        sums = torch.from_numpy(reduction_to(groups, len(r), "sum")).to(x)
    closed = None if recipe.cosine == "through" else closed_factors(reading.text)
    if closed is not None:
        if sums is None:
            return closed
        return [replace(one, factors=sums @ one.factors) for one in closed]
    tail = refusing(reading.reference.tail(recipe.layer))
    try:
        return batch_factors(
            differentiated(tail, recipe.cosine),
            x,
            r,
            recipe,
            None if sums is None else sums.bool(),
            row_bytes=_row_bytes(encoder, len(r)),
            chunk_bytes=chunk_bytes,
            progress=progress,
            basis=None if seen_by is None else seen_by.sight,
        )
    except NoTangentError as error:
        raise ModelError(
            f"{encoder.name} can't be differentiated at layer {recipe.layer}: {error}."
        ) from error


def _grouped(side: Side, groups: Groups | None) -> Side:
    """A text with a label a group."""
    if groups is None:
        return side
    return side_of_groups(side, groups, reduction_to(groups, len(side.tokens), "sum"))


def _budget(device: torch.device) -> int:
    if device.type != "cuda":
        return differentiate.CHUNK_BYTES
    return int(CUDA_SHARE * torch.cuda.mem_get_info(device)[0])
