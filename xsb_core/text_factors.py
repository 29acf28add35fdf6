"""What a text brings into every pair: its token factors, with all that a result says of them."""

import time
from dataclasses import dataclass

import torch

from xsb_core.differentiate import Progress
from xsb_core.encoder import Encoder, Reading
from xsb_core.errors import ModelError
from xsb_core.factors import TOLERANCE, Settings, TokenFactors, normalised, token_factors
from xsb_core.path import GAUSS_LEGENDRE
from xsb_core.result import Side

COSINES = ("through", "endpoint")


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
    prompt: str | None = None,
    progress: Progress | None = None,
) -> TextFactors:
    """Computes a text's factors, to be used in any number of pairs.

    Arguments and errors are those of ``attribute``; ``prompt`` names a prompt of the model's.

    Returns:
        The factors. Source: METHOD sections 2 to 4.
    """
    start = time.perf_counter()
    settings = Settings(quadrature, tolerance, steps)
    cosine = _treatment(encoder, cosine)
    layer = encoder.default_layer if layer is None else layer
    reading = encoder.read(text, prompt)
    token = _factors(encoder, reading, layer, cosine, settings, progress)
    seconds = time.perf_counter() - start
    return TextFactors(encoder, layer, cosine, settings, reading.side, token, seconds)


def _treatment(encoder: Encoder, cosine: str | None) -> str | None:
    if encoder.similarity == "dot":
        if cosine is not None:
            raise ValueError(
                f"{encoder.name} compares by dot product, so neither cosine treatment applies; "
                "leave cosine out."
            )
        return None
    if cosine is None:
        return "endpoint" if encoder.shifted else "through"
    if cosine not in COSINES:
        raise ValueError(f"The cosine is brought in {' or '.join(COSINES)}, not {cosine!r}.")
    return cosine


def _factors(
    encoder: Encoder,
    reading: Reading,
    layer: int,
    cosine: str | None,
    settings: Settings,
    progress: Progress | None,
) -> TokenFactors:
    x, r = reading.text.hidden(layer), reading.reference.hidden(layer)
    tail = reading.text.tail(layer)
    # one position of one tangent: the MLP's inner values or the attention weights, a few at a time
    heads = getattr(encoder.model[0].model.config, "num_attention_heads", 12)
    row_bytes = 3 * x.element_size() * max(4 * x.shape[1], heads * len(x))
    try:
        result = token_factors(
            normalised(tail) if cosine == "through" else tail,
            x,
            r,
            settings,
            row_bytes=row_bytes,
            progress=progress,
        )
    except NotImplementedError as error:
        raise ModelError(
            f"{encoder.name} can't be differentiated at layer {layer}: {error}."
        ) from error
    if not torch.isfinite(result.factors).all():
        raise ModelError(f"{encoder.name} gives values that are not finite for this text.")
    return result
