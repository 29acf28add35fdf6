"""Token factors of texts of one length, to a tolerance (docs/method.md, sections 2, 3 and 9)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from xsb_core.integration.jacobians import (
    Progress,
    Tail,
    chunks,
    forward_factors,
    reverse_factors,
    rows_at_once,
)
from xsb_core.integration.profile import profiles_of
from xsb_core.integration.quadrature import path_points
from xsb_core.integration.rules import Rule, choose_rules, fixed_rule, panel_rules
from xsb_core.integration.settings import Settings
from xsb_core.integration.shapes import Embedding, Factors, GroupMasks, Hidden, Texts

PUBLISHED_STEPS = 100
# What of the tolerance a rule is chosen for, and how much finer the rule is that it is checked by.
AIM, FINER = 0.8, 4


@dataclass(frozen=True)
class TokenFactors:
    """What a text brings into every pair it takes part in.

    Attributes:
        factors: u_i, one row a position or group, D columns.
        embedding: e(a), or ê(a) where the tail is normalised.
        reference: The reference's, in the same normalisation.
        residual: ‖Σu − (e(a) − e(r))‖ / ‖e(a) − e(r)‖.
        error: The estimated error of single factors, √Σ‖u_i − exact‖² / ‖e(a) − e(r)‖, which
            also counts errors that cancel in their sum.
        nodes: Quadrature nodes used.
        panels: How many panels of the path they lie on.
        work: Tangents computed: nodes times tokens, attempts that failed included.
        needed: Tangents that the tolerance takes, as far as foreseen.
        converged: Whether residual and error meet the tolerance.
    """

    factors: Factors
    embedding: Embedding
    reference: Embedding
    residual: float
    error: float
    nodes: int
    panels: int
    work: int
    needed: int
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

    Every text takes the nodes that it needs, which are chosen for all of them together; those that
    miss the tolerance take more without the others.

    Args:
        tail: As for ``token_factors``; it must serve any text of this length.
        x: Hidden states of the texts, B × S × d.
        r: Those of the reference that they share.
        settings: Quadrature, tolerance, steps, limit of work.
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
    memory = row_bytes, chunk_bytes
    found: dict[int, TokenFactors] = {}
    wanted, aims = np.arange(len(x)), np.full(len(x), AIM * settings.tolerance)
    while len(wanted):
        integrated = _integrate(
            tail, x[wanted], r, settings, groups, aims[wanted], memory, progress
        )
        for i, own in zip(wanted.tolist(), integrated, strict=True):
            if i in found:
                own = replace(own, work=found[i].work + own.work)
            found[i] = own
            worst = max(own.residual, own.error)
            if settings.adaptive and worst > settings.tolerance:
                aims[i] *= max(0.1, min(0.5, 0.7 * settings.tolerance / worst))
        wanted = np.array(
            [i for i in wanted.tolist() if _may_go_on(found[i], settings, aims[i], len(groups))],
            int,
        )
    return [replace(found[i], factors=found[i].factors[:named]) for i in range(len(x))]


def _may_go_on(found: TokenFactors, settings: Settings, aim: float, tangents: int) -> bool:
    """Whether a finer rule may still make a text converge."""
    return bool(
        settings.adaptive
        and max(found.residual, found.error) > settings.tolerance
        and found.needed <= settings.work_limit
        and found.work + found.nodes * tangents <= settings.work_limit
        and aim > settings.tolerance / 100
    )


def _integrate(
    tail: Tail,
    x: Texts,
    r: Hidden,
    settings: Settings,
    groups: GroupMasks,
    aims: Float[np.ndarray, " B"],
    memory: tuple[int, int | None],
    progress: Progress | None,
) -> list[TokenFactors]:
    """Factors by the rules that should meet the aims, each with its error."""
    sample = partial(_embeddings, tail, x, r, memory)
    dimensions = sample(np.zeros(1, int), np.ones(1)).shape[1]
    forward = len(groups) <= dimensions
    tangents = len(groups) if forward else dimensions
    most = max(1, settings.work_limit // tangents)
    profiles = profiles_of(sample, len(x), float(aims.max()), 4 * most, torch.finfo(x.dtype).eps)
    if settings.adaptive:
        rules = choose_rules(profiles, aims, most)
    else:
        rules = [fixed_rule(settings.quadrature, settings.steps or PUBLISHED_STEPS)] * len(x)
    nodes, weights = _on(rules, x)
    differentiate = forward_factors if forward else reverse_factors
    factors = differentiate(tail, x, r, groups, nodes, weights, *memory, progress)
    factors = factors.to(profiles.values)

    # the signed sum of all factors once more, by finer rules: errors that cancel otherwise show
    finest = np.minimum(aims, [rule.foretold for rule in rules]) / FINER
    finer = panel_rules(profiles, finest, max(1000, settings.work_limit))
    signs = torch.randint(2, (1, len(groups)), generator=torch.Generator().manual_seed(0))
    signs = (2 * signs - 1).to(x)
    signed = forward_factors(tail, x, r, signs @ groups.to(x), *_on(finer, x), *memory)
    errors = (signs.to(factors) @ factors - signed.to(factors))[:, 0]

    references, embeddings = profiles.ends
    residuals = factors.sum(1) - (embeddings - references)
    residuals = torch.linalg.vector_norm(residuals, dim=1) / profiles.sizes
    errors = torch.linalg.vector_norm(errors, dim=1) / profiles.sizes
    return [
        TokenFactors(
            factors=factors[i].to(x),
            embedding=embeddings[i].to(x),
            reference=references[i].to(x),
            residual=float(residuals[i]),
            error=float(errors[i]),
            nodes=len(rule.nodes),
            panels=rule.panels,
            work=len(rule.nodes) * tangents,
            needed=rule.needed * tangents,
            converged=bool(max(residuals[i], errors[i]) <= settings.tolerance),
        )
        for i, rule in enumerate(rules)
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
    tail: Tail,
    x: Texts,
    r: Hidden,
    memory: tuple[int, int | None],
    owners: Int[np.ndarray, " M"],
    alphas: Float[np.ndarray, " M"],
) -> Float[Tensor, "M D"]:
    """e(x(α)) of texts, by their numbers, each at an α of its own."""
    row_bytes, chunk_bytes = memory
    points = chunks(
        rows_at_once(x, row_bytes, chunk_bytes),
        torch.from_numpy(owners).to(x.device),
        torch.from_numpy(alphas).to(x),
    )
    with torch.no_grad():
        parts = [tail(path_points(x[owner], r, alpha)) for owner, alpha in points]
    found = torch.cat(parts)
    # Apple's GPUs know no double precision
    return (found.cpu() if found.device.type == "mps" else found).double()


def _on(rules: Sequence[Rule], x: Texts) -> tuple[list[Tensor], list[Tensor]]:
    """Nodes and weights of rules, where the texts are."""
    nodes = [torch.from_numpy(rule.nodes).to(x) for rule in rules]
    return nodes, [torch.from_numpy(rule.weights).to(x) for rule in rules]
