"""Token factors of one text, to a tolerance (METHOD sections 2 and 3)."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F

from xsb_core.differentiate import Progress, Tail, forward_factors, reverse_factors
from xsb_core.path import GAUSS_LEGENDRE, quadrature
from xsb_core.shapes import Embedding, Factors, Groups, Hidden

TOLERANCE = 1e-3
MOST_NODES = 128
PUBLISHED_STEPS = 100


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
        converged: Whether the residual meets the tolerance.
    """

    factors: Factors
    embedding: Embedding
    reference: Embedding
    residual: float
    nodes: int
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
        groups: G × S; None takes each position by itself. The residual counts the positions that
            no group names as missing.
        row_bytes: Bytes of intermediate values for one position of one tangent; None estimates
            them from d.
        progress: Told the share of the work done, from time to time; it starts anew if the nodes
            foreseen do not meet the tolerance. What it raises ends the computation.

    Returns:
        The factors with their completeness residual.
    """
    if groups is None:
        groups = torch.eye(len(x), dtype=torch.bool, device=x.device)
    with torch.no_grad():
        embedding, reference = tail(torch.stack([x, r]))
    gap = embedding - reference
    differentiate = forward_factors if len(groups) <= len(gap) else reverse_factors
    row_bytes = row_bytes or 12 * x.shape[1] * x.element_size()

    def integrate(
        mode: Callable, which: Groups, count: int, report: Progress | None = None
    ) -> tuple[Factors, float]:
        nodes, weights = (part.to(x) for part in quadrature(settings.quadrature, count))
        factors = mode(tail, x, r, which, nodes, weights, row_bytes, report)
        return factors, _residual(factors, gap)

    def probe(count: int) -> float:
        """The residual at that many nodes, for the price of one tangent."""
        return integrate(forward_factors, groups.any(0, keepdim=True), count)[1]

    if settings.steps is not None:
        count = settings.steps
    elif settings.quadrature == GAUSS_LEGENDRE:
        count = nodes_for(probe, settings.tolerance)
    else:
        count = PUBLISHED_STEPS
    factors, residual = integrate(differentiate, groups, count, progress)
    adaptive = settings.steps is None and settings.quadrature == GAUSS_LEGENDRE
    while adaptive and residual > settings.tolerance and count < MOST_NODES:
        count = min(MOST_NODES, math.ceil(count * 1.25))
        factors, residual = integrate(differentiate, groups, count, progress)
    return TokenFactors(
        factors, embedding, reference, residual, count, residual <= settings.tolerance
    )


def nodes_for(probe: Callable[[int], float], tolerance: float) -> int:
    """Predicts how many Gauss–Legendre nodes meet a tolerance.

    The error falls geometrically in the number of nodes, so two cheap probes give its rate; a
    prediction far beyond the probes is probed again half way.

    Args:
        probe: The residual at a number of nodes.
        tolerance: The residual to meet.

    Returns:
        A number of nodes from 4 to 128.
    """
    few, error_few = 4, probe(4)
    if error_few <= tolerance:
        return few
    many = 6
    while True:
        error_many = probe(many)
        if error_many <= tolerance or many == MOST_NODES:
            return many
        rate = min((error_many / error_few) ** (1 / (many - few)), 0.95)
        guess = many + math.ceil(math.log(tolerance / error_many) / math.log(rate))
        if guess <= 3 * many:
            return min(guess, MOST_NODES)
        few, error_few, many = many, error_many, min(2 * many, MOST_NODES)


def normalised(tail: Tail) -> Tail:
    """The tail followed by division by the embedding's length: ê = e / ‖e‖."""

    def unit_tail(hidden):
        return F.normalize(tail(hidden), dim=-1)

    return unit_tail


def _residual(factors: Factors, gap: Embedding) -> float:
    size = torch.linalg.vector_norm(gap)
    if size == 0:  # the text is its own reference: there is nothing to attribute
        return float(torch.linalg.vector_norm(factors.sum(0)))
    return float(torch.linalg.vector_norm(factors.sum(0) - gap) / size)
