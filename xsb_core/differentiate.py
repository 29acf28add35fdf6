"""Integrated Jacobian–vector products of a tail: forward mode and reverse mode.

Both give the factors of groups of positions, u_g = Σ_n w_n · J(x(α_n)) · Σ_{i∈g} (x − r)^(i)
(METHOD section 2). Forward mode costs a tangent a group, reverse mode a cotangent an embedding
dimension; both work through nodes in chunks, so that memory does not grow with their number.
"""

from collections.abc import Callable, Iterator

import torch

from xsb_core.dual import Dual, factored_dual
from xsb_core.path import path_points
from xsb_core.shapes import EmbeddingBatch, Factors, Groups, Hidden, HiddenBatch, Nodes

Tail = Callable[[HiddenBatch], EmbeddingBatch]
Progress = Callable[[float], None]

# Bytes of live intermediate values that one chunk may take.
CHUNK_BYTES = 96 * 2**20


def forward_factors(
    tail: Tail,
    x: Hidden,
    r: Hidden,
    groups: Groups,
    nodes: Nodes,
    weights: Nodes,
    row_bytes: int,
    progress: Progress | None = None,
) -> Factors:
    """Group factors by forward mode.

    Args:
        tail: t_l, from hidden states (N × S × d) to embeddings (N × D).
        x: The text's hidden states at the layer, S × d.
        r: Its reference's.
        groups: G × S, which positions a tangent carries.
        nodes: α_n in [0, 1].
        weights: w_n.
        row_bytes: Bytes of intermediate values for one position of one tangent.
        progress: Told the share of the work done, after each chunk.

    Returns:
        G × D factors.
    """
    step = x - r
    members = groups.to(x.dtype)
    rows = max(1, CHUNK_BYTES // (row_bytes * len(x)))  # (node, tangent) pairs at a time
    done, work = 0, len(groups) * len(nodes)
    parts = []
    for some in members.split(rows):
        total = 0
        for alpha, weight in _chunks(nodes, weights, max(1, rows // len(some))):
            with torch.no_grad():
                out = tail(factored_dual(path_points(x, r, alpha), some, step))
            if not isinstance(out, Dual):
                raise NotImplementedError("the tail loses the tangents on the way")
            total = total + torch.einsum("n,gnk->gk", weight, out.tangent)
            done += len(some) * len(alpha)
            if progress:
                progress(done / work)
        parts.append(total)
    return torch.cat(parts)


def reverse_factors(
    tail: Tail,
    x: Hidden,
    r: Hidden,
    groups: Groups,
    nodes: Nodes,
    weights: Nodes,
    row_bytes: int,
    progress: Progress | None = None,
) -> Factors:
    """Group factors by reverse mode; arguments and result as in ``forward_factors``."""
    step = x - r
    rows = max(1, CHUNK_BYTES // (row_bytes * len(x)))
    total, done = 0, 0
    for alpha, weight in _chunks(nodes, weights, max(1, rows // 16)):
        points = path_points(x, r, alpha).requires_grad_(True)
        with torch.enable_grad():
            embedding = tail(points)
        basis = torch.eye(embedding.shape[1], dtype=x.dtype, device=x.device)
        columns = []
        for some in basis.split(max(1, rows // len(alpha))):
            cotangents = some[:, None].expand(-1, len(alpha), -1)
            (gradient,) = torch.autograd.grad(
                embedding, points, cotangents, retain_graph=True, is_grads_batched=True
            )
            columns.append(torch.einsum("n,knsd,sd->sk", weight, gradient, step))
            done += len(some) * len(alpha)
            if progress:
                progress(done / (len(basis) * len(nodes)))
        total = total + torch.cat(columns, dim=1)
    return groups.to(x.dtype) @ total


def _chunks(nodes: Nodes, weights: Nodes, size: int) -> Iterator[tuple[Nodes, Nodes]]:
    return zip(nodes.split(size), weights.split(size), strict=True)
