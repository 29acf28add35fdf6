"""The integration path and its quadrature: nodes and weights on [0, 1].

How many nodes a path takes, and which rule, is chosen in ``rules.choose_rules``.
"""

from functools import lru_cache

import numpy as np
import torch
from jaxtyping import Float, Int

from xsb_core.integration.pace import Pace
from xsb_core.integration.shapes import Hidden, HiddenBatch, Nodes

GAUSS_LEGENDRE = "gauss-legendre"
RIGHT_ENDPOINT = "right-endpoint"
QUADRATURES = (GAUSS_LEGENDRE, RIGHT_ENDPOINT)


@lru_cache(maxsize=256)
def quadrature(rule: str, count: int, pace: Pace | None = None) -> tuple[Nodes, Nodes]:
    """Nodes α_n in [0, 1] and weights w_n, in float64.

    Args:
        rule: "gauss-legendre" (exact for polynomials up to degree 2·count − 1) or
            "right-endpoint" (α_n = n / count, equal weights: the paper's Eq. 3).
        count: Number of nodes, at least 1.
        pace: Spreads the nodes over the time of a walk along [0, 1] instead of [0, 1] itself;
            None walks evenly.

    Returns:
        Nodes in ascending order and their weights.

    Raises:
        ValueError: For an unknown rule or a count below 1.
    """
    if count < 1:
        raise ValueError(f"The number of quadrature nodes must be at least 1, not {count}.")
    if rule == GAUSS_LEGENDRE:
        nodes, weights = np.polynomial.legendre.leggauss(count)
        nodes, weights = (nodes + 1) / 2, weights / 2
    elif rule == RIGHT_ENDPOINT:
        nodes, weights = np.arange(1, count + 1) / count, np.full(count, 1 / count)
    else:
        raise ValueError(f"Unknown quadrature {rule!r}; choose one of {', '.join(QUADRATURES)}.")
    if pace is not None:
        nodes, weights = pace.alpha(nodes), weights * pace.speed(nodes)
    return torch.from_numpy(nodes), torch.from_numpy(weights)


def gauss_rules(
    order: Int[np.ndarray, " C"], most: int
) -> tuple[Int[np.ndarray, " N"], Float[np.ndarray, " N"], Float[np.ndarray, " N"]]:
    """Many Gauss–Legendre rules, one after the other: whose a node is, nodes, weights.

    Args:
        order: How many nodes each has.
        most: At least the highest of these; what is worked out is kept for it.
    """
    points, weights = _up_to(most)
    owner = np.arange(len(order)).repeat(order)
    place = np.arange(len(owner)) - (np.cumsum(order) - order).repeat(order)
    at = (order * (order - 1) // 2)[owner] + place
    return owner, points[at], weights[at]


@lru_cache
def _up_to(most: int) -> tuple[Float[np.ndarray, " N"], Float[np.ndarray, " N"]]:
    rules = [quadrature(GAUSS_LEGENDRE, n) for n in range(1, most + 1)]
    points, weights = (np.concatenate(part) for part in zip(*rules, strict=True))
    return points, weights


def path_points(x: Hidden | HiddenBatch, r: Hidden, nodes: Nodes) -> HiddenBatch:
    """Points x(α) = r + α (x − r) of the straight path from the reference to the text.

    Args:
        x: The text, or one text a node.
        r: The reference, which texts of one length share.
        nodes: α.
    """
    return r + nodes[:, None, None] * (x - r)
