"""Points of paths: linear maps of them, path by path."""

import pytest
import torch
import torch.nn.functional as F

from xsb_core.integration.dual import Dual
from xsb_core.integration.dual_rules import dual_on_line
from xsb_core.integration.line import Line, OnLine, on_line

GEN = torch.Generator().manual_seed(0)
WEIGHT, AGAIN = torch.randn(5, 3, generator=GEN).double(), torch.randn(5, 5, generator=GEN).double()
OFFSET = torch.randn(5, generator=GEN).double()


def line(points=6):
    start = torch.randn(4, 3, generator=GEN).double()
    steps = torch.randn(2, 4, 3, generator=GEN).double()
    owner, alpha = torch.arange(points) % 2, torch.linspace(0, 1, points).double()
    return Line(start, steps, owner, alpha)


@pytest.mark.parametrize("offset", [None, OFFSET])
@pytest.mark.parametrize("points", [1, 2, 6])  # no more than paths, and more
def test_linear_maps_of_points_are_those_of_their_paths(offset, points):
    own = line(points)
    mapped = F.linear(on_line(own), WEIGHT, offset)
    assert type(mapped) is torch.Tensor
    torch.testing.assert_close(mapped, F.linear(own.points, WEIGHT, offset))
    members = torch.eye(4).double()
    moving = F.linear(F.linear(dual_on_line(own, members), WEIGHT, offset), AGAIN)
    assert isinstance(moving, Dual)
    dense = members[:, None, :, None] * own.local
    torch.testing.assert_close(moving.primal, F.linear(mapped, AGAIN))
    torch.testing.assert_close(moving.tangent, F.linear(F.linear(dense, WEIGHT), AGAIN))


def test_fewer_rows_are_multiplied_than_there_are_points():
    own = line()
    assert own.mapped(WEIGHT, None).steps.shape == (2, 4, 5)
    assert isinstance(on_line(own), OnLine)


@pytest.mark.parametrize("write", [lambda x: x.mul_(2), lambda x: x.view(-1).mul_(2)])
def test_what_was_written_into_is_on_no_line(write):
    own = line()
    points = on_line(own)
    write(points)
    torch.testing.assert_close(F.linear(points, WEIGHT), 2 * F.linear(own.points, WEIGHT))
    moving = dual_on_line(own, torch.eye(4).double())
    moving *= 2
    torch.testing.assert_close(F.linear(moving, WEIGHT).primal, 2 * F.linear(own.points, WEIGHT))
