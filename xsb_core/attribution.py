"""A pair's attribution: matrix, borders, corner and reference terms (METHOD sections 2, 4, 5)."""

import time
from importlib.metadata import version

import torch

from xsb_core.differentiate import Progress
from xsb_core.encoder import Encoder, Reading
from xsb_core.errors import ModelError, TextError
from xsb_core.factors import TOLERANCE, Settings, TokenFactors, normalised, token_factors
from xsb_core.path import GAUSS_LEGENDRE
from xsb_core.result import Attribution, ReferenceTerms
from xsb_core.shapes import Embedding

COSINES = ("through", "endpoint")


def attribute(
    encoder: Encoder,
    text_a: str,
    text_b: str,
    layer: int | None = None,
    *,
    cosine: str | None = None,
    quadrature: str = GAUSS_LEGENDRE,
    tolerance: float = TOLERANCE,
    steps: int | None = None,
    prompt_a: str | None = None,
    prompt_b: str | None = None,
    progress: Progress | None = None,
) -> Attribution:
    """Attributes the similarity of two texts to pairs of their tokens.

    Args:
        encoder: From ``load_encoder``.
        text_a: First text: the rows.
        text_b: Second text: the columns.
        layer: Block whose entering hidden states are attributed to; None takes the encoder's
            default, three quarters up.
        cosine: "through" (factors of normalised embeddings) or "endpoint" (normalised at the end,
            as the published code does); None takes what is exact for the encoder: endpoint for
            shifted ones, through for others. Not for dot-product models.
        quadrature: "gauss-legendre" or "right-endpoint".
        tolerance: Relative completeness residual to meet, at most 128 nodes; the result says
            whether it was met.
        steps: A fixed number of nodes instead.
        prompt_a: Name of a prompt of the model's for the first text; None: the model's default.
        prompt_b: The same for the second.
        progress: Told the share of the work done, 0 to 1; what it raises ends the computation.

    Returns:
        The attribution, at token level. Source: the paper's Eq. 2–4; METHOD section 5.

    Raises:
        TextError: For a text without anything to attribute.
        LayerError: For a layer that the model does not have.
        ModelError: For a model whose blocks can't be differentiated, or without the prompt.
        ValueError: For settings that don't fit.
    """
    start = time.perf_counter()
    settings = Settings(quadrature, tolerance, steps)
    cosine = _treatment(encoder, cosine)
    layer = encoder.default_layer if layer is None else layer
    readings = [_read(encoder, "A", text_a, prompt_a), _read(encoder, "B", text_b, prompt_b)]
    a, b = (
        _factors(encoder, reading, layer, cosine, settings, part)
        for reading, part in zip(readings, _halves(progress), strict=True)
    )
    if encoder.shifted:  # what is left of its references is rounding, which has no direction
        terms = ReferenceTerms(0.0, 0.0, 0.0)
    else:
        terms = _reference_terms(a, b, encoder.similarity)
    scale = 1.0
    if cosine == "endpoint":
        scale = 1 / float(_size(a.embedding) * _size(b.embedding))
    matrix = scale * (a.factors @ b.factors.T)
    border_a, border_b = scale * (a.factors @ b.reference), scale * (b.factors @ a.reference)
    return Attribution(
        model=encoder.name,
        revision=encoder.revision,
        layer=layer,
        blocks=encoder.blocks,
        shifted=encoder.shifted,
        similarity=encoder.similarity,
        cosine=cosine,
        quadrature=quadrature,
        tolerance=tolerance,
        steps=steps,
        a=readings[0].side,
        b=readings[1].side,
        words=None,
        matrix=matrix.cpu().numpy(),
        border_a=border_a.cpu().numpy(),
        border_b=border_b.cpu().numpy(),
        corner=float(scale * (a.reference @ b.reference)),
        score=_similarity(a.embedding, b.embedding, encoder.similarity),
        reference_terms=terms,
        sum_matrix=float(matrix.sum()),
        sum_border_a=float(border_a.sum()),
        sum_border_b=float(border_b.sum()),
        residual_a=a.residual,
        residual_b=b.residual,
        nodes_a=a.nodes,
        nodes_b=b.nodes,
        pace_a=a.pace and (a.pace.centre, a.pace.width),
        pace_b=b.pace and (b.pace.centre, b.pace.width),
        converged=a.converged and b.converged,
        device=str(encoder.device),
        dtype=str(encoder.dtype).removeprefix("torch."),
        seconds=time.perf_counter() - start,
        versions={
            name: version(name) for name in ("torch", "transformers", "sentence-transformers")
        },
    )


def _read(encoder: Encoder, name: str, text: str, prompt: str | None) -> Reading:
    try:
        return encoder.read(text, prompt)
    except TextError as error:
        raise TextError(f"Text {name}: {error}") from error


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


def _halves(progress: Progress | None) -> tuple[Progress | None, Progress | None]:
    """The progress of each text as half of the pair's."""
    if progress is None:
        return None, None
    return (lambda share: progress(share / 2)), (lambda share: progress((1 + share) / 2))


def _similarity(a: Embedding, b: Embedding, kind: str) -> float:
    """f(a, b) as the model's configuration says; a zero vector is similar to nothing."""
    dot = float(a @ b)
    if kind == "dot":
        return dot
    size = float(_size(a) * _size(b))
    return dot / size if size else 0.0


def _reference_terms(a: TokenFactors, b: TokenFactors, kind: str) -> ReferenceTerms:
    return ReferenceTerms(
        a_rb=_similarity(a.embedding, b.reference, kind),
        b_ra=_similarity(b.embedding, a.reference, kind),
        ra_rb=_similarity(a.reference, b.reference, kind),
    )


def _size(vector: Embedding) -> torch.Tensor:
    return torch.linalg.vector_norm(vector)
