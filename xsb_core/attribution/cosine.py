"""A pair's cells (Eq. 2, Eq. 4), and the two ways to bring in the cosine.

``through`` differentiates the normalised embedding ê = e / ‖e‖, so that the cells are those of the
paper's Eq. 2 with f = cos: right for encoders as they come. ``endpoint`` differentiates e itself
and divides the cells by ‖e(a)‖ ‖e(b)‖ at the end, as the published code does: right for shifted
encoders, whose references are zero, so that ê has no limit there (docs/method.md, section 4).
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from xsb_core.attribution.result import SIMILARITIES, ReferenceTerms
from xsb_core.encoders.encoder import Encoder
from xsb_core.integration.factors import TokenFactors
from xsb_core.integration.jacobians import Tail
from xsb_core.integration.shapes import Embedding

COSINES = ("through", "endpoint")


@dataclass(frozen=True)
class BorderedCells:
    """A pair's cells with their border: all four parts together add up to the score.

    Attributes:
        matrix: A, one row a token of the first text, one column a token of the second.
        border_a: What each row's token has in common with the second text's reference.
        border_b: What each column's token has in common with the first text's reference.
        corner: What the references have in common.
        error: What a cell may be off by, about: the errors that both texts' factors are estimated
            to have, if each meets the other text's longest factor.
    """

    matrix: Float[Tensor, "rows columns"]
    border_a: Float[Tensor, " rows"]
    border_b: Float[Tensor, " columns"]
    corner: float
    error: float


def usual_cosine(*, shifted: bool) -> str:
    """A model's default treatment of the cosine, under which its cells add up as they should."""
    return "endpoint" if shifted else "through"


def treatment(encoder: Encoder, cosine: str | None) -> str | None:
    """The treatment to take for an encoder.

    Args:
        encoder: The encoder.
        cosine: The one asked for; None takes the encoder's own.

    Returns:
        One of ``COSINES``, or None for an encoder that compares by dot product.

    Raises:
        ValueError: If one is asked for that compares by dot product.
    """
    if encoder.similarity == "cosine":
        return cosine or usual_cosine(shifted=encoder.vanishing)
    if cosine is not None:
        raise ValueError(
            f"{encoder.name} compares by {SIMILARITIES[encoder.similarity]}, so neither cosine "
            "treatment applies; leave cosine out."
        )
    return None


def differentiated(tail: Tail, cosine: str | None) -> Tail:
    """What is differentiated: the tail, followed under ``through`` by ê = e / ‖e‖."""
    if cosine != "through":
        return tail
    return lambda hidden: F.normalize(tail(hidden), dim=-1)


def bordered_cells(a: TokenFactors, b: TokenFactors, cosine: str | None) -> BorderedCells:
    """A pair's cells, from factors of what ``differentiated`` gives.

    Args:
        a: Factors u_i of the first text.
        b: Factors v_j of the second.
        cosine: The treatment that they were computed for; None for dot products.

    Returns:
        Cells, borders and corner, in units of the score. Source: the paper's Eq. 2 and 4;
        docs/method.md, section 5.
    """
    scale = cell_scale(a, b, cosine)
    return BorderedCells(
        # Eq. 2: Σ_ij A_ij = f(a, b) − f(a, r_b) − f(b, r_a) + f(r_a, r_b), with A_ij = u_i · v_j.
        # Eq. 4: Σ_ij A_ij ≈ f(a, b) + 1, where references are alike and no text is like them.
        matrix=scale * (a.factors @ b.factors.T),
        # the other three terms of Eq. 2, split by token: f(a, r_b) − f(r_a, r_b) = Σ_i u_i · ρ_b
        border_a=scale * (a.factors @ b.reference),
        border_b=scale * (b.factors @ a.reference),
        corner=float(scale * (a.reference @ b.reference)),
        error=scale * math.hypot(_off_by(a) * _longest(b), _longest(a) * _off_by(b)),
    )


def cell_scale(a: TokenFactors, b: TokenFactors, cosine: str | None) -> float:
    """What products of factors are multiplied by to be in units of the score."""
    if cosine != "endpoint":
        return 1.0
    size = float(_size(a.embedding) * _size(b.embedding))
    return 1 / size if size else 0.0  # a zero vector is similar to nothing


def total_error(a: TokenFactors, b: TokenFactors, cosine: str | None) -> float:
    """What the sum of a pair's net cells, or of a row or column of them, may be off by, about.

    The errors of both texts' factors, if each points along the other text's embedding.
    """
    size_a, size_b = float(_size(a.embedding)), float(_size(b.embedding))
    off_a, off_b = (
        max(one.error, one.residual) * float(_size(one.embedding - one.reference)) for one in (a, b)
    )
    return cell_scale(a, b, cosine) * (off_a * size_b + off_b * size_a)


def similarity(a: Embedding, b: Embedding, kind: str) -> float:
    """f(a, b), "cosine" or "dot" as the model's configuration says; a zero vector's cosine is 0."""
    dot = float(a @ b)
    if kind == "dot":
        return dot
    size = float(_size(a) * _size(b))
    return dot / size if size else 0.0


def reference_terms(a: TokenFactors, b: TokenFactors, encoder: Encoder) -> ReferenceTerms:
    """The similarities of Eq. 2 that involve a reference; zero for a shifted encoder."""
    if encoder.shifted:  # what is left of its references is rounding, which has no direction
        return ReferenceTerms(0.0, 0.0, 0.0)
    return ReferenceTerms(
        a_rb=similarity(a.embedding, b.reference, encoder.similarity),
        b_ra=similarity(b.embedding, a.reference, encoder.similarity),
        ra_rb=similarity(a.reference, b.reference, encoder.similarity),
    )


def _off_by(text: TokenFactors) -> float:
    """√Σ‖u_i − exact‖², of which one token has nearly all."""
    return text.error * float(_size(text.embedding - text.reference))


def _longest(text: TokenFactors) -> float:
    return float(torch.linalg.vector_norm(text.factors, dim=1).amax())


def _size(vector: Embedding) -> Tensor:
    return torch.linalg.vector_norm(vector)
