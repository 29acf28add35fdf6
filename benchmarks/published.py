"""The published algorithm, as its authors describe it, to be measured against.

Integrated Jacobians by reverse mode: all N right-endpoint interpolations go through the tail as
one batch, then one backward pass is taken for each of the D embedding dimensions (paper, Eq. 3).
Embeddings are those of the unnormalised tail. The product over all feature pairs that follows,
(S_a·d) × (S_b·d), is left out, in its favour.
"""

import torch
from torch import Tensor

from xsb_core.integration.jacobians import Tail


def integrated_jacobian(tail: Tail, x: Tensor, r: Tensor, steps: int, dimensions: int) -> Tensor:
    """The rows of the first so many dimensions of J of Eq. 3, K × S × d."""
    alpha = torch.arange(1, steps + 1, dtype=x.dtype, device=x.device) / steps
    points = (r + alpha[:, None, None] * (x - r)).requires_grad_(True)
    embeddings = tail(points)
    rows = []
    for k in range(dimensions):
        total = embeddings[:, k].sum()
        (gradient,) = torch.autograd.grad(total, points, retain_graph=k < dimensions - 1)
        rows.append(gradient.sum(0) / steps)
    return torch.stack(rows)
