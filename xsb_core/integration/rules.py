"""Which nodes serve a path: a single rule at the path's own pace, or panels of several orders.

From a path's profile the error of any rule in the sum of all factors is known before a factor is
computed. Panels and their orders are chosen by dynamic programming on the tree of halves, at many
prices of an error at once; single rules by trying paces and counts; the fewer nodes win
(docs/method.md, section 9).
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from xsb_core.integration.pace import Pace
from xsb_core.integration.profile import SAMPLING, Profiles
from xsb_core.integration.quadrature import gauss_rules, quadrature

# The slope on a leaf is a polynomial of degree 7, for which four nodes are exact.
MOST_IN_LEAF, MOST_IN_PANEL = 4, 8
_ORDERS = MOST_IN_PANEL + 1
# A single rule beats panels only where few nodes do.
MOST_IN_SINGLE = 24
# What the square of an error as large as the tolerance costs, in nodes; the low prices serve
# limits of work.
PRICES = 10.0 ** np.concatenate([np.arange(-20, -3), np.arange(-3, 6, 0.125)])
CENTRES, WIDTHS = (-1, -0.5, 0, 0.5, 1), (0.7, 1, 1.4, 2)


@dataclass(frozen=True)
class Rule:
    """Nodes and weights on [0, 1] for one path.

    Attributes:
        nodes: α_n in ascending order.
        weights: w_n.
        parts: The panels that they lie on, as ``part_number`` gives them; none for a single rule.
        foretold: The relative error that the profile foretells for the sum of all factors.
        needed: How many nodes it would take to meet the tolerance, those paid for left out.
    """

    nodes: Float[np.ndarray, " N"]
    weights: Float[np.ndarray, " N"]
    parts: tuple[int, ...]
    foretold: float
    needed: int

    @property
    def panels(self) -> int:
        """How many panels the nodes lie on; 1 for a single rule."""
        return max(1, len(self.parts))

    def pieces(self) -> Iterator[tuple[int | None, np.ndarray, np.ndarray]]:
        """The rule part by part: number (None for a single rule), nodes, weights."""
        if not self.parts:
            yield None, self.nodes, self.weights
        start = 0
        for part in self.parts:
            end = start + part % _ORDERS
            yield part, self.nodes[start:end], self.weights[start:end]
            start = end


@dataclass(frozen=True)
class _Candidates:
    """Rules over parts of paths, their nodes in one list.

    Attributes:
        text: Whose path.
        panel: Which part of it.
        order: How many nodes.
        owner: The number of the candidate that a node belongs to.
        time: Where the nodes lie, in time.
        weight: Their weights, in time.
        errors: What they differ by from the change of the embedding, as a share of the whole
            path's.
    """

    text: Int[np.ndarray, " C"]
    panel: Int[np.ndarray, " C"]
    order: Int[np.ndarray, " C"]
    owner: Int[np.ndarray, " N"]
    time: Float[np.ndarray, " N"]
    weight: Float[np.ndarray, " N"]
    errors: Float[Tensor, "C D"]

    @property
    def first(self) -> Int[np.ndarray, " C"]:
        """The first node of each candidate."""
        return np.cumsum(self.order) - self.order

    def rule(self, chosen: Int[np.ndarray, " P"], foretold: float, needed: int) -> Rule:
        """Some panels as one rule."""
        first = self.first[chosen]
        earlier = np.argsort(self.time[first])
        chosen, first = chosen[earlier], first[earlier]
        own = np.concatenate(
            [np.arange(i, i + n) for i, n in zip(first, self.order[chosen], strict=True)]
        )
        parts = part_number(self.panel[chosen], self.order[chosen])
        time = self.time[own]
        weights = self.weight[own] * SAMPLING.speed(time)
        return Rule(SAMPLING.alpha(time), weights, tuple(parts.tolist()), foretold, needed)


def part_number(
    panel: Int[np.ndarray, " C"], order: Int[np.ndarray, " C"]
) -> Int[np.ndarray, " C"]:
    """Panels with so many nodes on them, as one number each; it stays when paths are deepened."""
    return panel * _ORDERS + order


def choose_rules(
    profiles: Profiles,
    tolerances: Float[np.ndarray, " K"],
    most: int | Int[np.ndarray, " K"],
    paid: Collection[int] = (),
) -> list[Rule]:
    """The rule with the fewest new nodes that should meet each path's tolerance.

    Args:
        profiles: The paths.
        tolerances: Relative error of the sum of all factors, for each path.
        most: New nodes that a rule may have, or each may. Where none of so few meets the
            tolerance, the one with the smallest error is taken.
        paid: Panels, as ``part_number`` gives them, whose nodes are no new ones.
    """
    rules = panel_rules(profiles, tolerances, most, paid)
    singles = _single_rules(profiles, tolerances, np.array([rule.needed for rule in rules]))
    return [singles.get(text, rule) for text, rule in enumerate(rules)]


def fixed_rule(name: str, count: int) -> Rule:
    """A rule with a given number of nodes, whatever the path; of its error nothing is foretold."""
    nodes, weights = quadrature(name, count)
    return Rule(nodes.numpy(), weights.numpy(), (), np.inf, count)


def panel_rules(
    profiles: Profiles,
    tolerances: Float[np.ndarray, " K"],
    most: int | Int[np.ndarray, " K"],
    paid: Collection[int] = (),
) -> list[Rule]:
    """The same from panels alone."""
    texts, panels, prices = len(profiles.resolved), len(profiles.text), len(PRICES)
    orders = np.where(profiles.leaf, MOST_IN_LEAF, MOST_IN_PANEL)
    panel = np.arange(panels).repeat(orders)
    order = np.arange(len(panel)) - (np.cumsum(orders) - orders).repeat(orders) + 1
    tried = _in_panels(profiles, panel, order)
    square = tried.errors.square().sum(1).cpu().numpy()
    new = np.where(np.isin(part_number(panel, order), list(paid)), 0, order)

    # what a panel costs at each price: in the best order, or in its halves
    cost = np.full((prices, panels, MOST_IN_PANEL), np.inf)
    excess = np.nan_to_num(square / tolerances[tried.text] ** 2)
    cost[:, panel, order - 1] = new + PRICES[:, None] * excess
    best, choice = cost.min(2), cost.argmin(2) + (np.cumsum(orders) - orders)
    split = np.zeros((prices, panels), bool)
    deepest = profiles.level.max()
    for level in range(deepest, 0, -1):
        here = np.flatnonzero(profiles.level == level)
        halves = here[np.argsort(profiles.parent[here], kind="stable")].reshape(-1, 2).T
        parents = profiles.parent[halves[0]]
        apart = best[:, halves[0]] + best[:, halves[1]]
        split[:, parents] = apart < best[:, parents]
        best[:, parents] = np.minimum(apart, best[:, parents])
    kept = np.zeros((prices, panels), bool)
    kept[:, profiles.level == 0] = True
    for level in range(1, deepest + 1):
        here = np.flatnonzero(profiles.level == level)
        above = profiles.parent[here]
        kept[:, here] = kept[:, above] & split[:, above]
    price, kept_panel = np.nonzero(kept & ~split)

    # the errors of panels add up as vectors; one price's rule for one text is a cell
    chosen, text = choice[price, kept_panel], profiles.text[kept_panel]
    cell = price * texts + text
    nodes = np.bincount(cell, new[chosen], prices * texts).reshape(prices, texts)
    total = tried.errors.new_zeros(prices * texts, tried.errors.shape[1])
    total.index_add_(0, _index(cell, total), tried.errors[_index(chosen, total)])
    residual = torch.linalg.vector_norm(total, dim=1).cpu().numpy()
    spread = np.sqrt(np.bincount(cell, square[chosen], prices * texts))
    error = np.maximum(residual, spread).reshape(prices, texts)  # no luck
    rules = []
    most = np.broadcast_to(most, texts)
    for k, tolerance in enumerate(tolerances):
        fits = error[:, k] <= tolerance
        needed = nodes[fits, k].min() if fits.any() else 2 * nodes[:, k].max()
        if needed <= most[k] and fits.any():
            at = np.flatnonzero(fits)[nodes[fits, k].argmin()]
        else:
            within = np.flatnonzero(nodes[:, k] <= max(most[k], nodes[:, k].min()))
            at = within[error[within, k].argmin()]
        own = chosen[(price == at) & (text == k)]
        rules.append(tried.rule(own, float(error[at, k]), int(needed)))
    return rules


def _single_rules(
    profiles: Profiles, tolerances: Float[np.ndarray, " K"], panel_nodes: Int[np.ndarray, " K"]
) -> dict[int, Rule]:
    """Single rules of fewer nodes than the panels have, for the texts that there are any for.

    One node more must meet the tolerance too: an error that only happens to vanish in the sum of
    all factors would say nothing of single ones.
    """
    some = np.flatnonzero((panel_nodes > 3) & (panel_nodes <= MOST_IN_SINGLE))
    if not len(some):
        return {}
    least = np.maximum(2, (0.6 * panel_nodes).astype(int))
    centre, width = _paces(profiles)
    # every text, pace and count
    spans = panel_nodes[some] - least[some] + 1
    paces = len(CENTRES) * len(WIDTHS)
    text = some.repeat(spans * paces)
    place = np.arange(len(text)) - (np.cumsum(spans * paces) - spans * paces).repeat(spans * paces)
    order, pace = least[text] + place // paces, place % paces
    wide = width[text] * np.array(WIDTHS)[pace % len(WIDTHS)]
    middle = np.clip(centre[text] + width[text] * np.array(CENTRES)[pace // len(WIDTHS)], 0, 1)
    owner, base, weight = gauss_rules(order, MOST_IN_SINGLE)
    walk = Pace(middle[owner], wide[owner])
    time = SAMPLING.time(walk.alpha(base))
    weight = weight * walk.speed(base) / SAMPLING.speed(time)
    whole = np.flatnonzero(profiles.level == 0)[text]
    tried = _candidates(profiles, whole, order, owner, time, weight)
    error = torch.linalg.vector_norm(tried.errors, dim=1).cpu().numpy()
    # the same pace with one node more stands so many places on
    sure = np.full(len(error), np.inf)
    sure[:-paces] = np.maximum(error[:-paces], error[paces:])
    sure[order == panel_nodes[text]] = np.inf
    good = np.flatnonzero(sure <= tolerances[text])
    good = good[np.lexsort((sure[good], order[good], text[good]))]
    _, first = np.unique(text[good], return_index=True)
    return {
        int(text[i]): replace(tried.rule(np.array([i]), float(error[i]), int(order[i])), parts=())
        for i in good[first]
    }


def _paces(profiles: Profiles) -> tuple[Float[np.ndarray, " K"], Float[np.ndarray, " K"]]:
    """Centre and width of where each embedding changes."""
    texts, moments = len(profiles.resolved), (np.arange(64) + 0.5) / 64
    alpha, speed = SAMPLING.alpha(moments), SAMPLING.speed(moments)
    owner, time = np.arange(texts).repeat(64), np.tile(moments, texts)
    slopes = _combine(profiles, np.arange(len(time)), owner, time, np.ones(len(time)))
    change = slopes.square().sum(1).cpu().numpy().reshape(texts, 64) / speed**2
    change = np.maximum(np.nan_to_num(change), 1e-300)
    centre = (change * alpha * speed).sum(1) / (change * speed).sum(1)
    fast = change >= change.max(1, keepdims=True) / 4  # slopes of at least half the steepest
    return centre, 0.35 * (speed * fast).sum(1) / 64


def _in_panels(
    profiles: Profiles, panel: Int[np.ndarray, " C"], order: Int[np.ndarray, " C"]
) -> _Candidates:
    owner, base, weight = gauss_rules(order, MOST_IN_SINGLE)
    start, width = profiles.start[panel][owner], profiles.width[panel][owner]
    return _candidates(profiles, panel, order, owner, start + width * base, weight * width)


def _candidates(profiles, panel, order, owner, time, weight) -> _Candidates:
    text = profiles.text[panel]
    ends = profiles.rows[panel][:, [0, -1]]
    end, start = (profiles.values[_index(ends[:, at], profiles.values)] for at in (1, 0))
    errors = _combine(profiles, owner, text[owner], time, weight) - profiles.seen(end - start)
    errors = errors / profiles.sizes[_index(text, errors), None]
    return _Candidates(text, panel, order, owner, time, weight, errors)


def _combine(profiles, owner, text, time, weight) -> Float[Tensor, "C D"]:
    """Sums of weighted slopes."""
    rows, coefficients = profiles.slopes(text, time)
    index = np.stack([owner.repeat(rows.shape[1]), rows.ravel()])
    matrix = torch.sparse_coo_tensor(
        torch.from_numpy(index),
        torch.from_numpy((coefficients * weight[:, None]).ravel()),
        (int(owner[-1]) + 1, len(profiles.values)),
        check_invariants=False,
    )
    return matrix.to(profiles.values) @ profiles.seen(profiles.values)


def _index(numbers: Int[np.ndarray, " N"], like: Tensor) -> Int[Tensor, " N"]:
    return torch.from_numpy(numbers).to(like.device)
