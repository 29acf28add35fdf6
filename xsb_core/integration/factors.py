"""Token factors of texts of one length, to a tolerance (docs/method.md, sections 2, 3 and 9)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import torch
from jaxtyping import Bool, Float
from torch import Tensor

from xsb_core.integration.jacobians import Progress, Tail, forward_factors, reverse_factors
from xsb_core.integration.profile import deepened, path_embeddings, profiles_of
from xsb_core.integration.rules import Rule, choose_rules, fixed_rule, panel_rules
from xsb_core.integration.settings import Settings
from xsb_core.integration.shapes import (
    Basis,
    Embedding,
    FactorBatch,
    Factors,
    GroupMasks,
    Hidden,
    NodesOfTexts,
    Texts,
)
from xsb_core.integration.sums import Sums

PUBLISHED_STEPS = 100
# What of the tolerance a rule is chosen for, how much finer the rule is that it is checked by, and
# with how many sets of random signs.
AIM, FINER, DRAWS = 0.97, 4, 2


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
    basis: Basis | None = None,
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
        basis: Orthonormal directions of embeddings. Factors, residual and error are then what is
            left of them in these directions, at a cotangent each in place of a tangent a group.

    Returns:
        One a text, in order.

    Raises:
        ValueError: If a position is in two groups.
    """
    named = x.shape[1] if groups is None else len(groups)
    groups = _complete(groups, x[0])
    row_bytes = row_bytes or 12 * x.shape[2] * x.element_size()
    memory = row_bytes, chunk_bytes
    integrals = _Integrals(tail, x, r, settings, groups, memory, progress, basis)
    found = integrals.converged()
    return [replace(own, factors=own.factors[:named]) for own in found]


class _Integrals:
    """Factors of texts, by rules that are made finer where an error shows.

    A finer rule takes over the panels that stay; only the new ones are computed.
    """

    def __init__(
        self,
        tail: Tail,
        x: Texts,
        r: Hidden,
        settings: Settings,
        groups: GroupMasks,
        memory: tuple[int, int | None],
        progress: Progress | None,
        basis: Basis | None,
    ) -> None:
        self._settings, self._x = settings, x
        self._sample = partial(path_embeddings, tail, x, r, memory)
        self._limits = (
            4 * max(1, settings.work_limit // len(groups)),  # samples of a path
            torch.finfo(x.dtype).eps,
        )
        aim = AIM * settings.tolerance
        self._profiles = profiles_of(self._sample, len(x), aim, *self._limits, basis)
        directions = self._profiles.values.shape[1] if basis is None else len(basis)
        forward = basis is None and len(groups) <= directions
        self._tangents = len(groups) if forward else directions
        differentiate = forward_factors if forward else partial(reverse_factors, basis=basis)

        def tokens(own: Texts, nodes: NodesOfTexts, weights: NodesOfTexts) -> FactorBatch:
            return differentiate(tail, own, r, groups, nodes, weights, *memory, progress)

        signs = torch.randint(2, (DRAWS, len(groups)), generator=torch.Generator().manual_seed(0))
        self._signs = (2 * signs - 1).to(x)
        carried = self._signs @ groups.to(x)

        def signed(own: Texts, nodes: NodesOfTexts, weights: NodesOfTexts) -> FactorBatch:
            return forward_factors(tail, own, r, carried, nodes, weights, *memory)

        self._tokens, self._signed = Sums(tokens, x), Sums(signed, x)

    def converged(self) -> list[TokenFactors]:
        """All texts' factors, as exact as the tolerance and the limit of work have them."""
        tolerance, count = self._settings.tolerance, len(self._x)
        aims = np.full(count, AIM * tolerance)
        found = dict(enumerate(self._attempt(range(count), self._rules(aims), aims)))
        while self._settings.adaptive:
            worst = np.array([max(found[i].residual, found[i].error) for i in range(count)])
            finer = aims * np.clip(0.7 * tolerance / np.maximum(worst, tolerance), 0.1, 0.5)
            needed = np.array([found[i].needed for i in range(count)])
            may = (finer > tolerance / 100) & (needed <= self._settings.work_limit)
            aims = np.where((worst > tolerance) & may, finer, np.inf)
            if not np.isfinite(aims).any():
                break
            self._profiles = deepened(self._profiles, self._sample, aims, *self._limits)
            rules = self._rules(aims)
            for i in np.flatnonzero(np.isfinite(aims)).tolist():
                needed = found[i].work + rules[i].needed * self._tangents
                if needed > self._settings.work_limit:
                    found[i], aims[i] = replace(found[i], needed=needed), np.inf
            texts = np.flatnonzero(np.isfinite(aims)).tolist()
            own = [rules[i] for i in texts]
            found |= zip(texts, self._attempt(texts, own, aims[texts]), strict=True)
        return [found[i] for i in range(count)]

    def _rules(self, aims: Float[np.ndarray, " B"]) -> list[Rule]:
        settings = self._settings
        if not settings.adaptive:
            return [fixed_rule(settings.quadrature, settings.steps or PUBLISHED_STEPS)] * len(aims)
        most = max(1, settings.work_limit // self._tangents)
        left = [most - self._tokens.nodes[text] for text in range(len(aims))]
        return choose_rules(self._profiles, aims, np.array(left), self._tokens.parts())

    def _attempt(
        self, texts: Sequence[int], rules: Sequence[Rule], aims: Float[np.ndarray, " K"]
    ) -> list[TokenFactors]:
        """Factors of some texts, each with its error."""
        profiles, some = self._profiles, list(texts)
        if not some:
            return []
        factors = self._tokens.of(some, rules).to(profiles.values)
        # signed sums of all factors once more, by finer rules: errors that cancel otherwise show
        finest = np.full(len(self._x), np.inf)
        finest[some] = np.minimum(aims, [rule.foretold for rule in rules]) / FINER
        most = max(1000, self._settings.work_limit)
        finer = panel_rules(profiles, finest, most, self._signed.parts())
        signed = self._signed.of(some, [finer[i] for i in some]).to(factors)
        errors = profiles.seen(self._signs.to(factors) @ factors - signed)
        errors = errors.flatten(1) / DRAWS**0.5

        references, embeddings = (ends[some] for ends in profiles.ends)
        sizes = profiles.sizes[some]
        residuals = profiles.seen(factors.sum(1) - (embeddings - references))
        residuals = torch.linalg.vector_norm(residuals, dim=1) / sizes
        errors = torch.linalg.vector_norm(errors, dim=1) / sizes
        return [
            TokenFactors(
                factors=factors[k].to(self._x),
                embedding=embeddings[k].to(self._x),
                reference=references[k].to(self._x),
                residual=float(residuals[k]),
                error=float(errors[k]),
                nodes=len(rule.nodes),
                panels=rule.panels,
                work=self._tokens.nodes[text] * self._tangents,
                needed=rule.needed * self._tangents,
                converged=bool(max(residuals[k], errors[k]) <= self._settings.tolerance),
            )
            for k, (text, rule) in enumerate(zip(some, rules, strict=True))
        ]


def _complete(groups: GroupMasks | None, x: Hidden) -> Bool[Tensor, "H S"]:
    """The groups, and one more of the positions that they leave out, so that they add up."""
    if groups is None:
        return torch.eye(len(x), dtype=torch.bool, device=x.device)
    if (groups.sum(0) > 1).any():
        raise ValueError("A position is in more than one group; groups must not overlap.")
    rest = ~groups.any(0, keepdim=True)
    return torch.cat([groups, rest]) if rest.any() else groups
