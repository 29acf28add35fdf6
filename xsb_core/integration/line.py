"""Points of straight paths: what a linear map makes of them lies on straight paths again.

So the first projections of a block, which see the paths as they are, cost two points a path and not
one a node.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor

from xsb_core.integration.shapes import Hidden, HiddenBatch, Nodes, Texts


@dataclass(frozen=True, eq=False)
class Line:
    """Points on the paths of texts of one length, in any order.

    Attributes:
        start: Where all paths start.
        steps: From there to each path's end.
        owner: Whose path a point lies on.
        alpha: Where on it.
    """

    start: Hidden
    steps: Texts
    owner: Int[Tensor, " N"]
    alpha: Nodes

    @property
    def local(self) -> HiddenBatch:
        """The step of each point's path."""
        return self.steps[self.owner]

    @property
    def points(self) -> HiddenBatch:
        """The points x(α) = r + α (x − r)."""
        return torch.addcmul(self.start, self.alpha[:, None, None], self.local)

    def mapped(self, weight: Float[Tensor, "D d"], bias: Float[Tensor, " D"] | None) -> "Line":
        """The same points behind a linear map."""
        start, steps = F.linear(self.start, weight, bias), F.linear(self.steps, weight)
        return Line(start, steps, self.owner, self.alpha)


class OnLine(torch.Tensor):
    """Points of paths that know so as long as nothing but linear maps asks for them."""

    line: Line
    made: int

    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        with torch._C.DisableTorchFunctionSubclass():
            if func is F.linear and isinstance(args[0], OnLine) and not kwargs:
                x, weight, *bias = args
                if x._version == x.made:  # nothing was written into it
                    return x.line.mapped(weight, *(bias or [None])).points
            return func(*args, **(kwargs or {}))


def on_line(line: Line) -> Tensor:
    """The points of some paths."""
    points = line.points
    if len(line.owner) <= len(line.steps):  # no fewer paths than points
        return points
    out = points.as_subclass(OnLine)
    out.line, out.made = line, out._version
    return out
