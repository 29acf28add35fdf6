"""The published algorithm, as its authors describe it, to be measured against.

Integrated Jacobians by reverse mode: all N right-endpoint interpolations go through the tail as
one batch, then one backward pass is taken for each of the D embedding dimensions (paper, Eq. 3).
Embeddings are those of the unnormalised tail. The product over all feature pairs that follows,
(S_a·d) × (S_b·d), is left out, in its favour.
"""

import torch
from torch import Tensor

from xsb_core.integration.jacobians import Tail


def integrated_jacobian(tail: Tail, x: Tensor, r: Tensor, steps: int) -> Tensor:
    """J of Eq. 3, D × S × d."""
    alpha = torch.arange(1, steps + 1, dtype=x.dtype, device=x.device) / steps
    points = (r + alpha[:, None, None] * (x - r)).requires_grad_(True)
    embeddings = tail(points)
    rows = []
    size = embeddings.shape[1]
    for k in range(size):
        (gradient,) = torch.autograd.grad(embeddings[:, k].sum(), points, retain_graph=k < size - 1)
        rows.append(gradient.sum(0) / steps)
    return torch.stack(rows)


def residual(tail: Tail, x: Tensor, r: Tensor, jacobian: Tensor) -> float:
    """The relative completeness residual of an integrated Jacobian."""
    with torch.no_grad():
        embedding, reference = tail(torch.stack([x, r]))
    gap = embedding - reference
    total = (jacobian * (x - r)).sum((1, 2))
    return float((total - gap).norm() / gap.norm())
