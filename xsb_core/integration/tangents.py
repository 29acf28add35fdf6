"""Tangents that are not written out before something asks for them.

A step of a block often takes less than its input written out: at the entrance of a block a token's
tangent is zero everywhere else; queries and keys are needed for their products alone, and what
pooling adds up needs the last linear map once, not once a position. So tangents (T × the value's
shape) may be carried as what they are made of; ``dense`` writes them out.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Factored:
    """Tangents that step at some positions only, by a step that is the same in all of them.

    Attributes:
        members: Which positions (T × S) a tangent steps at, and with which sign.
        local: The step at every position, of the value's shape.
        axis: Where the value's positions lie, counted from the left.
    """

    members: Tensor
    local: Tensor
    axis: int = 1

    @property
    def marks(self) -> Tensor:
        """The members, shaped to be multiplied with the steps."""
        ones = [1] * (self.local.ndim - self.axis - 1)
        return self.members.reshape(len(self.members), *[1] * self.axis, -1, *ones)

    def dense(self) -> Tensor:
        """T × the value's shape."""
        return self.marks * self.local

    def permuted(self, axes: tuple[int, ...]) -> "Factored":
        """With the value's axes in another order."""
        return replace(self, local=self.local.permute(axes), axis=axes.index(self.axis))


@dataclass(frozen=True, eq=False)
class Projected:
    """Tangents behind a linear map, to which others may have been added.

    Attributes:
        source: Tangents before the map.
        weight: The map, out × in.
        plus: What is added.
    """

    source: Tensor
    weight: Tensor
    plus: Tensor | Factored | None = None

    def dense(self) -> Tensor:
        """T × the value's shape."""
        found = F.linear(self.source, self.weight)
        if isinstance(self.plus, Factored):
            return found.addcmul_(self.plus.marks.to(found), self.plus.local)
        return found if self.plus is None else found.add_(self.plus)


@dataclass(frozen=True, eq=False)
class Heads:
    """Projected tangents seen head by head, as attention takes them.

    Attributes:
        projected: The tangents, T × N × S × (heads · features).
        written: Writes them out where they are kept.
        heads: How many heads.
        axes: How N, S, heads and features, numbered so, follow one another.
    """

    projected: Projected
    written: Callable[[], Tensor]
    heads: int
    axes: tuple[int, ...] = (0, 1, 2, 3)

    def dense(self) -> Tensor:
        """T × the value's shape, a view of the projected ones."""
        apart = self.written().unflatten(-1, (self.heads, -1))
        return apart.permute(0, *(axis + 1 for axis in self.axes))

    def meets(self, keys: "Heads") -> bool:
        """Whether both lie as queries and keys do, and ``products`` serves them better.

        It does for several tangents, and fewer positions than features.
        """
        source, features = self.projected.source, len(self.projected.weight) // self.heads
        few = 2 * (1 / len(source) + source.shape[2] / features) < 1
        return few and (self.axes, keys.axes) == ((0, 2, 1, 3), (0, 2, 3, 1))

    def products(self, other: Tensor) -> Tensor:
        """Products with vectors of the same heads, without projecting.

        Args:
            other: N × heads × S' × features.

        Returns:
            T × N × S × heads × S'.
        """
        weight = self.projected.weight.unflatten(0, (self.heads, -1))
        onto = torch.einsum("hed,nhje->nhjd", weight, other).flatten(1, 2)
        source = self.projected.source.transpose(0, 1)  # one product a node, not one a tangent
        found = torch.bmm(source.flatten(1, 2), onto.mT)
        return found.unflatten(1, source.shape[1:3]).unflatten(3, (self.heads, -1)).transpose(0, 1)


@dataclass(frozen=True, eq=False)
class Normed:
    """Tangents behind a layer norm of projected ones.

    Attributes:
        projected: The tangents before it.
        value: The value before it, N × S × d.
        mean: Its mean at each position, N × S × 1.
        rate: One over its deviation, N × S × 1.
        gain: The norm's weight.
        scale: What positions were multiplied by afterwards, broadcastable to N × S × 1.
    """

    projected: Projected
    value: Tensor
    mean: Tensor
    rate: Tensor
    gain: Tensor | None
    scale: Tensor | float | int = 1

    def scaled(self, scale: Tensor | float | int) -> "Normed":
        """Multiplied once more."""
        return replace(self, scale=self.scale * scale)

    def dense(self) -> Tensor:
        """T × the value's shape."""
        found = behind_norm(self.projected.dense(), self.value, (self.mean, self.rate), self.gain)
        return found if isinstance(self.scale, int) and self.scale == 1 else found * self.scale

    def pooled(self) -> Tensor:
        """Their sum over positions, T × N × d: the linear map is needed for the sum alone."""
        standard = (self.value - self.mean) * self.rate
        shares = (self.rate * self.scale).expand(*standard.shape[:2], 1)
        size = standard.shape[2]
        # what the norm takes away: the mean, and the part along the standardised value
        along = torch.stack([torch.full_like(standard, 1 / size), standard / size], 3)
        before = torch.einsum("od,nsok->nsdk", self.projected.weight, along)
        lost = torch.einsum("tnsd,nsdk->tnsk", self.projected.source, before)
        total = F.linear(_sum(self.projected.source, shares), self.projected.weight)
        plus = self.projected.plus
        if plus is not None:
            plus = plus.dense() if isinstance(plus, Factored) else plus
            lost = lost + torch.einsum("tnsd,nsdk->tnsk", plus, along)
            total = total + _sum(plus, shares)
        lost = lost * shares
        total = total - lost[..., 0].sum(2)[..., None]
        total = total - torch.einsum("tns,nsd->tnd", lost[..., 1], standard)
        return total if self.gain is None else total * self.gain


Carried = Factored | Projected | Heads | Normed


def behind_norm(
    tangent: Tensor, value: Tensor, moments: tuple[Tensor, Tensor], gain: Tensor | None
) -> Tensor:
    """What a layer norm makes of tangents of a value with some mean and rate."""
    # but for the gain, the Jacobian is symmetric: its product is that of the backward pass
    own = [part.expand(*tangent.shape[:-1], -1).contiguous() for part in (value, *moments)]
    found, *_ = torch.ops.aten.native_layer_norm_backward(
        tangent.contiguous(), own[0], value.shape[-1:], *own[1:], None, None, [True, False, False]
    )
    return found if gain is None else found.mul_(gain)


def _sum(tangent: Tensor, shares: Tensor) -> Tensor:
    """Tangents added up over positions, each with its share (N × S × 1)."""
    return torch.matmul(shares.transpose(1, 2), tangent)[:, :, 0]
