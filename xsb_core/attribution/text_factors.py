"""What a text brings into every pair: its token factors, with all that a result says of them."""

import time
from dataclasses import dataclass
from numbers import Integral

import torch

from xsb_core.encoders.encoder import Encoder, Reading
from xsb_core.encoders.instruction import Instruction
from xsb_core.encoders.side import Side
from xsb_core.errors import LayerError, ModelError, first_sentence
from xsb_core.integration.dual import NoTangentError
from xsb_core.integration.factors import (
    TOLERANCE,
    Settings,
    TokenFactors,
    batch_factors,
    normalised,
)
from xsb_core.integration.jacobians import Progress, Tail
from xsb_core.integration.quadrature import GAUSS_LEGENDRE

COSINES = ("through", "endpoint")


@dataclass(frozen=True)
class Recipe:
    """How factors are computed, whatever the text.

    Attributes:
        layer: Attribution is to the hidden states that enter this block.
        cosine: "through", "endpoint", or None for dot product.
        settings: Quadrature, tolerance, steps.
    """

    layer: int
    cosine: str | None
    settings: Settings

    def text(
        self, encoder: Encoder, side: Side, token: TokenFactors, seconds: float
    ) -> "TextFactors":
        """A text's factors, computed by this recipe."""
        return TextFactors(encoder, self.layer, self.cosine, self.settings, side, token, seconds)


@dataclass(frozen=True)
class TextFactors:
    """A text's factors, and the encoder and settings that they were computed with.

    Attributes:
        encoder: The encoder.
        layer: Attribution is to the hidden states that enter this block.
        cosine: "through", "endpoint", or None for dot product.
        settings: Quadrature, tolerance, steps.
        side: The text as the model read it.
        token: The factors of its S tokens.
        seconds: Wall-clock time that they took.
    """

    encoder: Encoder
    layer: int
    cosine: str | None
    settings: Settings
    side: Side
    token: TokenFactors
    seconds: float


def text_factors(
    encoder: Encoder,
    text: str,
    layer: int | None = None,
    *,
    cosine: str | None = None,
    quadrature: str = GAUSS_LEGENDRE,
    tolerance: float = TOLERANCE,
    steps: int | None = None,
    prompt: Instruction | str | None = None,
    progress: Progress | None = None,
) -> TextFactors:
    """Computes a text's factors, to be used in any number of pairs.

    Arguments and errors are those of ``attribute``; ``prompt`` may be what
    ``Encoder.instruction`` gives.

    Returns:
        The factors. Source: docs/method.md, sections 2 to 4.

    Examples:
        >>> text_factors(encoder, "A dog.", layer=5).token.factors.shape
        torch.Size([5, 384])
    """
    start = time.perf_counter()
    recipe = make_recipe(encoder, layer, cosine, quadrature, tolerance, steps)
    reading = encoder.read(text, prompt)
    (token,) = reading_factors(encoder, reading, recipe, progress=progress)
    if not token.finite:
        raise ModelError(f"{encoder.name} gives values that are not finite for this text.")
    return recipe.text(encoder, reading.side, token, time.perf_counter() - start)


def make_recipe(
    encoder: Encoder,
    layer: int | None = None,
    cosine: str | None = None,
    quadrature: str = GAUSS_LEGENDRE,
    tolerance: float = TOLERANCE,
    steps: int | None = None,
) -> Recipe:
    """The recipe that the arguments of ``attribute`` stand for, defaults filled in.

    Raises:
        LayerError: For a layer that is no number.
        ValueError: For settings that don't fit.
    """
    settings = Settings(quadrature, tolerance, steps)
    layer = encoder.default_layer if layer is None else layer
    if not isinstance(layer, Integral):
        raise LayerError(f"A layer is a whole number; got {layer!r}.")
    return Recipe(layer, _treatment(encoder, cosine), settings)


def row_bytes(encoder: Encoder, tokens: int) -> int:
    """Bytes of intermediate values for one position of one tangent of texts of some length.

    The MLP's inner values or the attention weights, a few at a time.
    """
    return 3 * encoder.dtype.itemsize * max(4 * encoder.width, encoder.heads * tokens)


def reading_factors(
    encoder: Encoder,
    reading: Reading,
    recipe: Recipe,
    *,
    chunk_bytes: int | None = None,
    progress: Progress | None = None,
) -> list[TokenFactors]:
    """Factors of the texts of a reading, which may be not finite.

    Args:
        encoder: What they were read by.
        reading: The texts, alike in length.
        recipe: How to compute.
        chunk_bytes: As for ``batch_factors``.
        progress: As for ``batch_factors``.

    Returns:
        One a text, in order.

    Raises:
        LayerError: For a layer that the model does not have.
        ModelError: If the model's blocks can't be differentiated.
    """
    x, r = reading.text.hidden_batch(recipe.layer), reading.reference.hidden(recipe.layer)
    tail = _refusing(reading.reference.tail(recipe.layer))
    try:
        return batch_factors(
            normalised(tail) if recipe.cosine == "through" else tail,
            x,
            r,
            recipe.settings,
            row_bytes=row_bytes(encoder, len(r)),
            chunk_bytes=chunk_bytes,
            progress=progress,
        )
    except NoTangentError as error:
        raise ModelError(
            f"{encoder.name} can't be differentiated at layer {recipe.layer}: {error}."
        ) from error


def _refusing(tail: Tail) -> Tail:
    """A tail that says alike whatever torch's differentiation says of blocks that it can't pass."""

    def refusing(hidden):
        try:
            return tail(hidden)
        except (RuntimeError, IndexError, ValueError) as error:
            # too little memory is no fault of the blocks; only CUDA has a class for it
            if isinstance(error, torch.OutOfMemoryError) or "memory" in str(error):
                raise
            raise NoTangentError(first_sentence(error)) from error

    return refusing


def usual_cosine(shifted: bool) -> str:
    """A model's default treatment of the cosine, under which its cells add up as they should."""
    return "endpoint" if shifted else "through"


def _treatment(encoder: Encoder, cosine: str | None) -> str | None:
    if encoder.similarity == "dot":
        if cosine is not None:
            raise ValueError(
                f"{encoder.name} compares by dot product, so neither cosine treatment applies; "
                "leave cosine out."
            )
        return None
    if cosine is None:
        return usual_cosine(encoder.vanishing)
    if cosine not in COSINES:
        raise ValueError(f"The cosine is brought in {' or '.join(COSINES)}, not {cosine!r}.")
    return cosine
