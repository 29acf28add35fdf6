"""What blocks do with dual numbers: write in place, project, attend, normalise and pool."""

import pytest
import torch
import torch.nn.functional as F

from tests.integration.forward_mode import (
    GAIN,
    GEN,
    MASK,
    OFFSET,
    PLAIN,
    WEIGHT,
    compare,
    compare_factored,
    random,
)
from xsb_core.integration.dual_rules import factored_dual
from xsb_core.integration.tangents import Factored


def add_in_place(x):
    x += PLAIN
    return x


def assign(x):
    x[:, 0] = x[:, 1] * 2
    x[MASK] = -1.0
    return x


def scale_in_place(x):
    x *= 2
    x /= PLAIN
    x -= 1
    x **= 2
    return x


def write_through_views(x):
    x.view(-1).mul_(3)
    x[:, 1].add_(x[:, 0] * 2)
    x.transpose(0, 1)[2].tanh_()
    left, _ = x.chunk(2, dim=-1)
    left *= PLAIN[:, :2]
    return x


def read_an_earlier_view(x):
    view = x.view(-1)
    x.masked_fill_(MASK, 0.0)
    return view


@pytest.mark.parametrize(
    "function",
    [
        add_in_place,
        assign,
        scale_in_place,
        write_through_views,
        read_an_earlier_view,
        lambda x: x.masked_fill_(MASK, 5.0),
        lambda x: torch.zeros_like(x).copy_(x),
        lambda x: F.relu(x, inplace=True) + x,
        lambda x: F.silu(x, inplace=True) + x,
    ],
)
def test_in_place_functions_change_value_and_tangents(function):
    compare(function, (2, 3))


def test_in_place_on_tangents_that_are_no_memory_of_their_own():
    # broadcast and factored tangents are replaced, not written to
    compare(lambda x: add_in_place(x + PLAIN), (3,))
    compare(lambda x: assign(x + PLAIN), (3,))

    def scale(x):
        x *= 2
        x[:, 1] = 0
        return F.layer_norm(F.linear(x, WEIGHT), (4,))

    compare_factored(scale)


def test_factored_tangents_survive_the_first_projections():
    def project(x):
        return F.linear(F.layer_norm(x, (3,), GAIN, OFFSET), WEIGHT, WEIGHT[:, 0])

    compare_factored(project)
    compare_factored(lambda x: project(x) @ project(x).transpose(1, 2))
    primal, local = random((2, 4, 3), (4, 3))
    assert isinstance(
        project(factored_dual(primal, torch.eye(4).double(), local)).carried, Factored
    )


TO_HEADS = torch.randn(3, 12, 3, generator=GEN, dtype=torch.float64)
BACK = torch.randn(3, 12, generator=GEN, dtype=torch.float64)


def attention(x, heads):
    """Attention as blocks write it, with a residual; 12 features in so many heads."""
    query, key, value = (
        F.linear(x, weight).view(*x.shape[:-1], heads, -1).transpose(1, 2) for weight in TO_HEADS
    )
    weights = F.softmax(query @ key.transpose(-1, -2) * 0.5 + PLAIN[0, 0], dim=-1)
    mixed = (weights @ value).permute(0, 2, 1, 3).contiguous()
    return F.linear(mixed.view(*x.shape[:-1], -1), BACK) + x


@pytest.mark.parametrize("heads", [1, 2, 4])  # more features than positions, and fewer
def test_attention(heads):
    for count in (2, 8):  # few tangents, and more
        compare(lambda x: attention(x, heads), (2, 4, 3), count=count)
    compare_factored(lambda x: attention(x, heads))
    compare_factored(lambda x: attention(attention(x, heads).tanh(), heads))


@pytest.mark.parametrize("gain", [None, GAIN])
@pytest.mark.parametrize(
    "pooling",
    [
        lambda x: x.sum(1),
        lambda x: (x * PLAIN[:, :1, None]).sum(dim=1) / 4,
        lambda x: torch.sum((x - GAIN) * 2 * torch.arange(4.0)[None, :, None].double(), -2),
        lambda x: x[:, 0] + x.sum(1),
        lambda x: (x * GAIN).sum(1),
        lambda x: x.sum(1, keepdim=True),
        lambda x: x.sum(0),
    ],
)
def test_a_norm_before_pooling(gain, pooling):
    def end(x):
        return pooling(F.layer_norm(F.linear(x.tanh(), WEIGHT[:3]) + x, (3,), gain))

    compare(end, (2, 4, 3))
    compare_factored(end)
    compare(lambda x: pooling(F.layer_norm(F.linear(x, WEIGHT[:3]), (3,), gain)), (2, 4, 3))


def test_what_was_not_written_out_is_shared_with_its_views():
    def through_a_view(x):
        mapped = F.linear(x, TO_HEADS[0])
        mapped.view(*x.shape[:-1], 4, 3).transpose(1, 2).mul_(2)
        return mapped.tanh() + F.silu(mapped, inplace=True) + mapped

    compare(through_a_view, (2, 4, 3))
