"""Token factors of one text, to a tolerance (METHOD sections 2 and 3)."""

import math
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float
from torch import Tensor

from xsb_core.convergence import MOST_NODES, PathProfile, nodes_for
from xsb_core.differentiate import Progress, Tail, forward_factors, reverse_factors
from xsb_core.pace import Pace
from xsb_core.path import GAUSS_LEGENDRE, path_points, quadrature
from xsb_core.shapes import Embedding, Factors, Groups, Hidden

TOLERANCE = 1e-3
PUBLISHED_STEPS = 100
POINTS_AT_ONCE = 32


@dataclass(frozen=True)
class Settings:
    """How the integral is computed.

    Attributes:
        quadrature: "gauss-legendre" or "right-endpoint".
        tolerance: Relative completeness residual to meet.
        steps: A fixed number of nodes; None raises Gauss–Legendre's until the tolerance is met,
            and takes 100 steps for right-endpoint, as the paper's Appendix D does.
    """

    quadrature: str = GAUSS_LEGENDRE
    tolerance: float = TOLERANCE
    steps: int | None = None

    def __post_init__(self) -> None:
        quadrature(self.quadrature, 1)  # refuses an unknown rule
        if not 0 < self.tolerance < 1:
            raise ValueError(
                f"The tolerance is a relative error between 0 and 1, such as {TOLERANCE}; "
                f"got {self.tolerance}."
            )
        if self.steps is not None and self.steps < 1:
            raise ValueError(
                f"The number of steps must be a whole number from 1; got {self.steps}."
            )


@dataclass(frozen=True)
class TokenFactors:
    """What a text brings into every pair it takes part in.

    Attributes:
        factors: u_i, one row a position or group, D columns.
        embedding: e(a), or ê(a) where the tail is normalised.
        reference: The reference's, in the same normalisation.
        residual: ‖Σu − (e(a) − e(r))‖ / ‖e(a) − e(r)‖.
        nodes: Quadrature nodes used.
        pace: The pace along the path at which they lie; None: even.
        converged: Whether the residual meets the tolerance.
    """

    factors: Factors
    embedding: Embedding
    reference: Embedding
    residual: float
    nodes: int
    pace: Pace | None
    converged: bool


def token_factors(
    tail: Tail,
    x: Hidden,
    r: Hidden,
    settings: Settings = Settings(),
    groups: Groups | None = None,
    row_bytes: int | None = None,
    progress: Progress | None = None,
) -> TokenFactors:
    """Integrates the Jacobian of ``tail`` from ``r`` to ``x``.

    Args:
        tail: From hidden states (N × S × d) to embeddings (N × D), normalised or not.
        x: Hidden states of the text, S × d.
        r: Those of its reference.
        settings: Quadrature, tolerance, steps.
        groups: G × S, disjoint; None takes each position by itself.
        row_bytes: Bytes of intermediate values for one position of one tangent; None estimates
            them from d.
        progress: Told the share of the work done, from time to time; it starts anew if the nodes
            foreseen do not meet the tolerance. What it raises ends the computation.

    Returns:
        The factors with their completeness residual, for which positions that no group names
        count too.

    Raises:
        ValueError: If a position is in two groups.
    """
    named = len(x) if groups is None else len(groups)
    groups = _complete(groups, x)
    profile = PathProfile(lambda alpha: _embeddings(tail, x, r, alpha))
    reference, embedding = (profile.values[end].to(x) for end in (0, -1))
    gap = embedding - reference
    differentiate = forward_factors if len(groups) <= len(gap) else reverse_factors
    row_bytes = row_bytes or 12 * x.shape[1] * x.element_size()

    def integrate(count: int) -> tuple[Factors, float]:
        nodes, weights = (part.to(x) for part in quadrature(settings.quadrature, count, pace))
        factors = differentiate(tail, x, r, groups, nodes, weights, row_bytes, progress)
        return factors, _residual(factors, gap)

    adaptive = settings.steps is None and settings.quadrature == GAUSS_LEGENDRE
    if adaptive:
        count = nodes_for(profile, settings.tolerance)
        pace = profile.pace()
    else:
        count, pace = settings.steps or PUBLISHED_STEPS, None
    factors, residual = integrate(count)
    while adaptive and residual > settings.tolerance and count < MOST_NODES:
        count = min(MOST_NODES, math.ceil(1.15 * count))
        factors, residual = integrate(count)
    converged = residual <= settings.tolerance
    return TokenFactors(factors[:named], embedding, reference, residual, count, pace, converged)


def normalised(tail: Tail) -> Tail:
    """The tail followed by division by the embedding's length: ê = e / ‖e‖."""

    def unit_tail(hidden):
        return F.normalize(tail(hidden), dim=-1)

    return unit_tail


def _complete(groups: Groups | None, x: Hidden) -> Bool[Tensor, "H S"]:
    """The groups, and one more of the positions that they leave out, so that they add up."""
    if groups is None:
        return torch.eye(len(x), dtype=torch.bool, device=x.device)
    if (groups.sum(0) > 1).any():
        raise ValueError("A position is in more than one group; groups must not overlap.")
    rest = ~groups.any(0, keepdim=True)
    return torch.cat([groups, rest]) if rest.any() else groups


def _embeddings(
    tail: Tail, x: Hidden, r: Hidden, alpha: Float[np.ndarray, " M"]
) -> Float[Tensor, "M D"]:
    with torch.no_grad():
        parts = [
            tail(path_points(x, r, some))
            for some in torch.from_numpy(alpha).to(x).split(POINTS_AT_ONCE)
        ]
    return torch.cat(parts).double().cpu()


def _residual(factors: Factors, gap: Embedding) -> float:
    size = torch.linalg.vector_norm(gap)
    if size == 0:  # the text is its own reference: there is nothing to attribute
        return float(torch.linalg.vector_norm(factors.sum(0)))
    return float(torch.linalg.vector_norm(factors.sum(0) - gap) / size)
