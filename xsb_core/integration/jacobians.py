"""Integrated Jacobian–vector products of a tail: forward mode and reverse mode.

Both give the factors of groups of positions, u_g = Σ_n w_n · J(x(α_n)) · Σ_{i∈g} (x − r)^(i)
(docs/method.md, section 2). Forward mode costs a tangent a group, reverse mode a cotangent a
direction of embeddings that is asked for; both work through nodes in chunks, so that memory does
not grow with their number. Texts of one length share a reference, and forward mode takes the nodes
of all of them together.
"""

from collections.abc import Callable, Iterator

import torch
from jaxtyping import Float
from torch import Tensor

from xsb_core.integration.dual import Dual, NoTangentError
from xsb_core.integration.dual_rules import dual_on_line
from xsb_core.integration.line import Line
from xsb_core.integration.quadrature import path_points
from xsb_core.integration.shapes import (
    Basis,
    EmbeddingBatch,
    FactorBatch,
    GroupMasks,
    Hidden,
    HiddenBatch,
    Members,
    Nodes,
    NodesOfTexts,
    Texts,
)

Tail = Callable[[HiddenBatch], EmbeddingBatch]
Progress = Callable[[float], None]

# Bytes of live intermediate values that one chunk may take.
CHUNK_BYTES = 96 * 2**20
# Positions that a matrix product takes at a time: fewer ones are slower by the position.
POSITIONS = 256


def forward_factors(
    tail: Tail,
    x: Texts,
    r: Hidden,
    groups: Members,
    nodes: NodesOfTexts,
    weights: NodesOfTexts,
    row_bytes: int,
    chunk_bytes: int | None = None,
    progress: Progress | None = None,
) -> FactorBatch:
    """Group factors of texts of one length, by forward mode.

    Args:
        tail: t_l, from hidden states (N × S × d) to embeddings (N × D).
        x: The texts' hidden states at the layer, B × S × d.
        r: Those of the reference that they share.
        groups: G × S, which positions a tangent carries, and with which sign.
        nodes: α_n in [0, 1] of each text, as many as it needs.
        weights: w_n of each text.
        row_bytes: Bytes of intermediate values for one position of one tangent.
        chunk_bytes: Bytes of intermediate values to hold at a time; None takes ``CHUNK_BYTES``.
        progress: Told the share of the work done, after each chunk.

    Returns:
        B × G × D factors.
    """
    steps = x - r
    members = groups.to(x.dtype)
    # the nodes of all texts in one list, with the text that each belongs to
    counts = torch.tensor([len(some) for some in nodes], device=x.device)
    owners = torch.repeat_interleave(torch.arange(len(x), device=x.device), counts)
    alphas, alpha_weights = torch.cat(list(nodes)), torch.cat(list(weights))
    rows = rows_at_once(x, row_bytes, chunk_bytes)  # (node, tangent) pairs at a time
    done, work = 0, len(groups) * len(alphas)
    parts = []
    for some in members.split(rows):
        total = None
        size = max(1, rows // len(some))
        for alpha, weight, owner in chunks(size, alphas, alpha_weights, owners):
            with torch.no_grad():
                out = tail(dual_on_line(Line(r, steps, owner, alpha), some))
            if not isinstance(out, Dual):
                raise NoTangentError("the tail loses the tangents on the way")
            weighted = out.tangent * weight[:, None]
            if total is None:
                total = weighted.new_zeros(len(some), len(x), weighted.shape[2])
            # Eq. 3: the sum over the path's points, here times the texts' differences
            total.index_add_(1, owner, weighted)
            done += len(some) * len(alpha)
            if progress:
                progress(done / work)
        parts.append(total)
    return torch.cat(parts).transpose(0, 1)


def reverse_factors(
    tail: Tail,
    x: Texts,
    r: Hidden,
    groups: GroupMasks,
    nodes: NodesOfTexts,
    weights: NodesOfTexts,
    row_bytes: int,
    chunk_bytes: int | None = None,
    progress: Progress | None = None,
    basis: Basis | None = None,
) -> FactorBatch:
    """Group factors by reverse mode, text by text.

    Args:
        tail: As for ``forward_factors``, like what is not named here.
        x: See there.
        r: See there.
        groups: See there.
        nodes: See there.
        weights: See there.
        row_bytes: See there.
        chunk_bytes: See there.
        progress: See there.
        basis: Orthonormal directions; factors are projected onto them. None takes all.

    Returns:
        B × G × D factors.
    """
    rows = rows_at_once(x, row_bytes, chunk_bytes)
    factors = []
    done, work = 0, sum(map(len, nodes))
    for own, own_nodes, own_weights in zip(x, nodes, weights, strict=True):
        total = 0
        for alpha, weight in chunks(max(1, rows // 16), own_nodes, own_weights):
            columns = []
            for column, share in _gradients(tail, own, r, alpha, weight, rows, basis):
                columns.append(column)
                if progress:
                    progress((done + share * len(alpha)) / work)
            total = total + torch.cat(columns, dim=1)
            done += len(alpha)
        own_factors = groups.to(x.dtype) @ total
        factors.append(own_factors if basis is None else own_factors @ basis)
    return torch.stack(factors)


def _gradients(
    tail: Tail,
    x: Hidden,
    r: Hidden,
    nodes: Nodes,
    weights: Nodes,
    rows: int,
    basis: Basis | None,
) -> Iterator[tuple[Float[Tensor, "S K"], float]]:
    """What some nodes add to the factors of single positions, a few directions at a time.

    Beside them: the share of the directions that is done.
    """
    points = path_points(x, r, nodes).requires_grad_()
    with torch.enable_grad():
        embedding = tail(points)
    if basis is None:
        basis = torch.eye(embedding.shape[1], dtype=x.dtype, device=x.device)
    fitting = rows // len(nodes)
    done = 0
    for some in basis.split(max(1, min(fitting, POSITIONS // (len(nodes) * len(x))))):
        cotangents = some[:, None].expand(-1, len(nodes), -1)
        several = len(some) > 1  # one by one, no vmap stands between
        (gradient,) = torch.autograd.grad(
            embedding,
            points,
            cotangents if several else cotangents[0],
            retain_graph=True,
            is_grads_batched=several,
        )
        gradient = gradient.reshape(-1, *points.shape)
        done += len(some)
        yield torch.einsum("n,knsd,sd->sk", weights, gradient, x - r), done / len(basis)


def rows_at_once(x: Texts, row_bytes: int, chunk_bytes: int | None) -> int:
    """How many texts' worth of intermediate values fit into a chunk."""
    return max(1, (chunk_bytes or CHUNK_BYTES) // (row_bytes * x.shape[1]))


def chunks(size: int, *tensors: Tensor) -> Iterator[tuple[Tensor, ...]]:
    """Tensors of one length in parts of at most some size, all about as large."""
    parts = -(-len(tensors[0]) // size)
    return zip(*(tensor.tensor_split(parts) for tensor in tensors), strict=True)
