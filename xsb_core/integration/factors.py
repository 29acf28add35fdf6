"""Token factors of texts of one length, to a tolerance (docs/method.md, sections 2 and 3)."""

import math
from dataclasses import dataclass
from numbers import Integral, Real

import numpy as np
import torch
from jaxtyping import Bool, Float
from torch import Tensor

from xsb_core.integration.convergence import MOST_NODES, nodes_for, profiles_of
from xsb_core.integration.jacobians import Progress, Tail, forward_factors, reverse_factors
from xsb_core.integration.pace import Pace
from xsb_core.integration.quadrature import GAUSS_LEGENDRE, path_points, quadrature
from xsb_core.integration.shapes import Embedding, Factors, GroupMasks, Hidden, Texts

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

    Examples:
        >>> Settings("right-endpoint", steps=100).steps  # the published code's
        100
    """

    quadrature: str = GAUSS_LEGENDRE
    tolerance: float = TOLERANCE
    steps: int | None = None

    def __post_init__(self) -> None:
        quadrature(self.quadrature, 1)  # refuses an unknown rule
        if not isinstance(self.tolerance, Real) or not 0 < self.tolerance < 1:
            raise ValueError(
                f"The tolerance is a relative error between 0 and 1, such as {TOLERANCE}; "
                f"got {self.tolerance!r}."
            )
        if self.steps is not None and not (isinstance(self.steps, Integral) and self.steps >= 1):
            raise ValueError(
                f"The number of steps must be a whole number from 1; got {self.steps!r}."
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

    @property
    def finite(self) -> bool:
        """Whether the model gave numbers; half precision may overflow."""
        return bool(torch.isfinite(self.factors).all())


def token_factors(
    tail: Tail,
    x: Hidden,
    r: Hidden,
    settings: Settings = Settings(),
    groups: GroupMasks | None = None,
    row_bytes: int | None = None,
    progress: Progress | None = None,
) -> TokenFactors:
    """Integrates the Jacobian of ``tail`` from ``r`` to ``x``: a batch of one text.

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

    Examples:
        >>> x, r = torch.ones(2, 3), torch.zeros(2, 3)
        >>> token_factors(lambda hidden: hidden.sum(1).square(), x, r, Settings(steps=2)).factors
        tensor([[2., 2., 2.],
                [2., 2., 2.]])
    """
    (factors,) = batch_factors(
        tail, x[None], r, settings, groups, row_bytes=row_bytes, progress=progress
    )
    return factors


def batch_factors(
    tail: Tail,
    x: Texts,
    r: Hidden,
    settings: Settings = Settings(),
    groups: GroupMasks | None = None,
    *,
    row_bytes: int | None = None,
    chunk_bytes: int | None = None,
    progress: Progress | None = None,
) -> list[TokenFactors]:
    """Token factors of several texts of one length, each as if it were alone.

    Every text takes the nodes, at the pace, that it needs; those that miss the tolerance take more
    without the others.

    Args:
        tail: As for ``token_factors``; it must serve any text of this length.
        x: Hidden states of the texts, B × S × d.
        r: Those of the reference that they share.
        settings: Quadrature, tolerance, steps.
        groups: G × S, disjoint, for all texts; None takes each position by itself.
        row_bytes: Bytes of intermediate values for one position of one tangent; None estimates
            them from d.
        chunk_bytes: Bytes of intermediate values to hold at a time; None takes what a CPU likes.
        progress: As for ``token_factors``.

    Returns:
        One a text, in order.

    Raises:
        ValueError: If a position is in two groups.
    """
    named = x.shape[1] if groups is None else len(groups)
    groups = _complete(groups, x[0])
    row_bytes = row_bytes or 12 * x.shape[2] * x.element_size()

    def sample(texts: list[int], alpha: Float[np.ndarray, " M"]) -> Float[Tensor, "K M D"]:
        return _embeddings(tail, x[texts], r, alpha)

    profiles = profiles_of(sample, len(x))
    ends = torch.stack([profile.values[[0, -1]] for profile in profiles]).to(x)
    references, embeddings = ends[:, 0], ends[:, 1]
    gaps = embeddings - references
    differentiate = forward_factors if len(groups) <= gaps.shape[1] else reverse_factors

    adaptive = settings.steps is None and settings.quadrature == GAUSS_LEGENDRE
    if adaptive:
        counts = nodes_for(profiles, settings.tolerance, sample)
        paces = [profile.pace() for profile in profiles]
    else:
        counts = [settings.steps or PUBLISHED_STEPS] * len(x)
        paces = [None] * len(x)
    factors, residuals = [None] * len(x), [math.inf] * len(x)
    wanted = list(range(len(x)))
    while wanted:
        rules = [quadrature(settings.quadrature, counts[i], paces[i]) for i in wanted]
        nodes, weights = ([part.to(x) for part in parts] for parts in zip(*rules, strict=True))
        found = differentiate(
            tail, x[wanted], r, groups, nodes, weights, row_bytes, chunk_bytes, progress
        )
        for i, own in zip(wanted, found, strict=True):
            factors[i], residuals[i] = own, _residual(own, gaps[i])
        wanted = [
            i
            for i in wanted
            if adaptive and residuals[i] > settings.tolerance and counts[i] < MOST_NODES
        ]
        for i in wanted:
            counts[i] = min(MOST_NODES, math.ceil(1.15 * counts[i]))
    return [
        TokenFactors(
            factors=factors[i][:named],
            embedding=embeddings[i],
            reference=references[i],
            residual=residuals[i],
            nodes=counts[i],
            pace=paces[i],
            converged=residuals[i] <= settings.tolerance,
        )
        for i in range(len(x))
    ]


def _complete(groups: GroupMasks | None, x: Hidden) -> Bool[Tensor, "H S"]:
    """The groups, and one more of the positions that they leave out, so that they add up."""
    if groups is None:
        return torch.eye(len(x), dtype=torch.bool, device=x.device)
    if (groups.sum(0) > 1).any():
        raise ValueError("A position is in more than one group; groups must not overlap.")
    rest = ~groups.any(0, keepdim=True)
    return torch.cat([groups, rest]) if rest.any() else groups


def _embeddings(
    tail: Tail, x: Texts, r: Hidden, alpha: Float[np.ndarray, " M"]
) -> Float[Tensor, "B M D"]:
    owners = torch.arange(len(x), device=x.device).repeat_interleave(len(alpha))
    alphas = torch.from_numpy(alpha).to(x).repeat(len(x))
    with torch.no_grad():
        parts = [
            tail(path_points(x[owner], r, some))
            for owner, some in zip(
                owners.split(POINTS_AT_ONCE), alphas.split(POINTS_AT_ONCE), strict=True
            )
        ]
    # on the CPU: Apple's GPUs know no double precision
    return torch.cat(parts).cpu().double().unflatten(0, (len(x), len(alpha)))


def _residual(factors: Factors, gap: Embedding) -> float:
    size = torch.linalg.vector_norm(gap)
    if size == 0:  # the text is its own reference: there is nothing to attribute
        return float(torch.linalg.vector_norm(factors.sum(0)))
    return float(torch.linalg.vector_norm(factors.sum(0) - gap) / size)
