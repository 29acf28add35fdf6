"""Functions of dual numbers compared with torch's own forward mode, in double precision."""

import torch
from torch.func import jvp, vmap

from xsb_core.integration.dual import Dual, dual
from xsb_core.integration.dual_rules import factored_dual

TANGENTS = 2

GEN = torch.Generator().manual_seed(1)
PLAIN = torch.randn(2, 3, generator=GEN, dtype=torch.float64)
WEIGHT = torch.randn(4, 3, generator=GEN, dtype=torch.float64)
GAIN, OFFSET = torch.randn(2, 3, generator=GEN, dtype=torch.float64)
MASK = torch.tensor([[True, False, True], [False, False, True]])
SOME = torch.tensor([[0, 2], [1, 1]])


def random(*shapes, count=None):
    gen = torch.Generator().manual_seed(0)
    lead = () if count is None else (count,)
    return [torch.randn(lead + tuple(s), generator=gen, dtype=torch.float64) for s in shapes]


def expected(function, primals, tangents):
    """What torch gives; functions may write into their arguments."""

    def fresh(*values):
        return function(*[value.clone() for value in values])

    return fresh(*primals), vmap(lambda *t: jvp(fresh, tuple(primals), t)[1])(*tangents)


def assert_matches(result, value, tangent):
    assert isinstance(result, Dual)
    assert result.tangent.dtype == result.primal.dtype
    torch.testing.assert_close((result.primal, result.tangent), (value, tangent))


def compare(function, *shapes, count=TANGENTS):
    primals, tangents = random(*shapes), random(*shapes, count=count)
    value, tangent = expected(function, primals, tangents)
    duals = [dual(p.clone(), t.clone()) for p, t in zip(primals, tangents, strict=True)]
    assert_matches(function(*duals), value, tangent)


def compare_factored(function):
    """A batch of 2 with 4 positions of 3 features; each of 2 tangents steps at two positions."""
    for local_shape in [(4, 3), (2, 4, 3)]:
        primal, local = random((2, 4, 3), local_shape)
        members = torch.tensor([[1, 0, 1, 0], [0, 1, 0, 0]], dtype=torch.float64)
        dense = (members[:, None, :, None] * local).expand(2, 2, 4, 3)
        value, tangent = expected(function, [primal], [dense])
        assert_matches(function(factored_dual(primal.clone(), members, local)), value, tangent)
