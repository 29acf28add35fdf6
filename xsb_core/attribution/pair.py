"""A pair's matrix, borders, corner and reference terms (docs/method.md, sections 2, 4 and 5)."""

import time
from functools import lru_cache
from importlib.metadata import version

import torch

from xsb_core.attribution.result import Attribution, ReferenceTerms
from xsb_core.attribution.text_factors import TextFactors, text_factors
from xsb_core.encoders.encoder import Encoder
from xsb_core.errors import about_text
from xsb_core.integration.factors import TOLERANCE, TokenFactors
from xsb_core.integration.jacobians import Progress
from xsb_core.integration.quadrature import GAUSS_LEGENDRE
from xsb_core.integration.shapes import Embedding


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
    task_a: str | None = None,
    task_b: str | None = None,
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
        prompt_a: What to put before the first text: the name of one of the model's prompts, a
            single word, or any other text; None takes what the model's ``encode`` would.
        prompt_b: The same for the second.
        task_a: What the first text is encoded for, in models that tell tasks apart; None takes
            "query" where the model knows it, as ``encode_query`` does.
        task_b: The same for the second; None takes "document".
        progress: Told the share of the work done, 0 to 1; what it raises ends the computation.

    Returns:
        The attribution, at token level. Source: the paper's Eq. 2–4; docs/method.md, section 5.

    Raises:
        TextError: For a text without anything to attribute.
        LayerError: For a layer that the model does not have.
        ModelError: For a model whose blocks can't be differentiated, or without the prompt or task.
        ValueError: For settings that don't fit.

    Examples:
        >>> one = attribute(encoder, "A dog.", "A puppy.", tolerance=1e-4)
        >>> one.matrix.shape, one.converged
        ((5, 5), True)
    """
    factors = []
    instructions = encoder.instructions((prompt_a, prompt_b), (task_a, task_b))
    for name, text, how, part in zip(
        "AB", (text_a, text_b), instructions, _halves(progress), strict=True
    ):
        with about_text(name):
            factors.append(
                text_factors(
                    encoder,
                    text,
                    layer,
                    cosine=cosine,
                    quadrature=quadrature,
                    tolerance=tolerance,
                    steps=steps,
                    prompt=how,
                    progress=part,
                )
            )
    return pair_attribution(*factors)


def pair_attribution(text_a: TextFactors, text_b: TextFactors) -> Attribution:
    """A pair's attribution from its texts' factors, at the cost of a product of two matrices.

    Args:
        text_a: Factors of the first text: the rows.
        text_b: Factors of the second, from the same encoder with the same settings.

    Returns:
        The attribution, at token level. Source: docs/method.md, section 5.

    Raises:
        ValueError: If the factors are not of one encoder, layer and settings.

    Examples:
        >>> dog, puppy = (text_factors(encoder, text) for text in ("A dog.", "A puppy."))
        >>> pair_attribution(dog, puppy).b.tokens
        ('[CLS]', 'A', 'puppy', '.', '[SEP]')
    """
    start = time.perf_counter()
    _check_alike(text_a, text_b)
    encoder, cosine, settings = text_a.encoder, text_a.cosine, text_a.settings
    a, b = text_a.token, text_b.token
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
        layer=text_a.layer,
        blocks=encoder.blocks,
        shifted=encoder.shifted,
        similarity=encoder.similarity,
        cosine=cosine,
        quadrature=settings.quadrature,
        tolerance=settings.tolerance,
        steps=settings.steps,
        a=text_a.side,
        b=text_b.side,
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
        seconds=text_a.seconds + text_b.seconds + time.perf_counter() - start,
        versions=dict(_versions()),
        stored=encoder.stored,
        notes=encoder.notes,
    )


@lru_cache
def _versions() -> dict[str, str]:
    """Read from the packages' files once: a table of pairs would read them once a pair."""
    return {name: version(name) for name in ("torch", "transformers", "sentence-transformers")}


def _check_alike(a: TextFactors, b: TextFactors) -> None:
    if a.encoder is not b.encoder:
        raise ValueError(
            "The factors of a pair must be computed by one encoder, loaded once; got those of two: "
            f"{a.encoder.name} and {b.encoder.name}."
        )
    for name in ("layer", "cosine", "settings"):
        first, second = getattr(a, name), getattr(b, name)
        if first != second:
            raise ValueError(
                f"The factors of a pair must be computed alike, but their {name} differs: "
                f"{first} and {second}."
            )


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
