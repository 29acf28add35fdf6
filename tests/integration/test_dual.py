"""Each rule for dual numbers against torch's own forward mode, in double precision."""

import operator

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

from tests.integration.forward_mode import (
    GAIN,
    MASK,
    OFFSET,
    PLAIN,
    SOME,
    WEIGHT,
    compare,
    compare_factored,
    random,
)
from xsb_core.integration.dual import NoTangentError, dual

FEW = settings(max_examples=25, deadline=None, derandomize=True)


ONE = {
    "linear": lambda x: F.linear(x, WEIGHT),
    "linear with bias": lambda x: F.linear(x, WEIGHT, WEIGHT[:, 0]),
    "linear in a moving weight": lambda x: F.linear(PLAIN, x.reshape(-1, 3)),
    "layer_norm": lambda x: F.layer_norm(x, (3,)),
    "layer_norm, weight": lambda x: F.layer_norm(x, (3,), GAIN),
    "layer_norm, bias": lambda x: F.layer_norm(x, (3,), None, OFFSET),
    "layer_norm, weight, bias, eps": lambda x: F.layer_norm(x, (3,), GAIN, OFFSET, 0.1),
    "layer_norm over two axes": lambda x: F.layer_norm(x, x.shape[-2:]),
    "layer_norm, moving weight": lambda x: F.layer_norm(x, (3,), x.reshape(-1, 3)[0]),
    "softmax, last axis": lambda x: F.softmax(x, dim=-1),
    "softmax, positive axis": lambda x: F.softmax(x, 0),
    "softmax, negative axis": lambda x: F.softmax(x, dim=-2),
    "softmax, single precision": lambda x: F.softmax(x, dim=-1, dtype=torch.float32),
    "gelu": F.gelu,
    "gelu, tanh": lambda x: F.gelu(x, approximate="tanh"),
    "gelu by keyword": lambda x: F.gelu(input=x),
    "relu": F.relu,
    "silu": F.silu,
    "tanh": torch.tanh,
    "dropout, evaluation": lambda x: F.dropout(x, p=0.5, training=False),
    "matmul": lambda x: torch.matmul(x, WEIGHT.T),
    "matmul, by keyword": lambda x: torch.matmul(x, other=WEIGHT.T),
    "matmul with a vector": lambda x: x @ GAIN,
    "view": lambda x: x.view(x.shape[0], -1),
    "view, sizes in a tuple": lambda x: x.view((-1, 3, 1)),
    "view of a dtype": lambda x: x.view(torch.float64),
    "reshape": lambda x: x.reshape(3, -1),
    "reshape by keyword": lambda x: x.reshape(shape=(-1,)),
    "transpose": lambda x: x.transpose(0, 1),
    "transpose, negative": lambda x: torch.transpose(x, -1, 0),
    "permute": lambda x: x.permute(*reversed(range(x.ndim))),
    "permute by keyword": lambda x: x.permute(dims=(-1, *range(x.ndim - 1))),
    "permute, axes in a tuple": lambda x: x.permute((-1, *range(x.ndim - 1))),
    "contiguous": lambda x: x.transpose(0, 1).contiguous(),
    "mean": lambda x: x.mean(),
    "mean of an axis": lambda x: x.mean(dim=1, keepdim=True),
    "sum": lambda x: x.sum(-1),
    "getitem": lambda x: x[:, 0],
    "getitem by mask": lambda x: x[..., torch.tensor([True, False, True])],
    "cat": lambda x: torch.cat([x, x * 2], dim=-1),
    "chunk": lambda x: x.chunk(2, dim=-1)[1],
    "max, values": lambda x: torch.max(x, 1)[0],
    "Fourier transform": lambda x: torch.fft.fftn(x, dim=(-2, -1)).real,
    "normalize": lambda x: F.normalize(x, dim=-1),
}


@pytest.mark.parametrize("name", ONE)
@pytest.mark.filterwarnings("ignore:Implicit dimension choice")
def test_functions_of_one_dual(name):
    compare(ONE[name], (2, 3))
    compare(ONE[name], (2, 2, 3), count=3)
    compare_factored(ONE[name])


WITH_A_PLAIN_TENSOR = {
    "x + p": lambda x: x + PLAIN,
    "p + x": lambda x: PLAIN + x,
    "add by keyword": lambda x: torch.add(input=x, other=PLAIN),
    "add, alpha": lambda x: torch.add(x, PLAIN, alpha=3),
    "add to plain, alpha": lambda x: torch.add(PLAIN, x, alpha=3),
    "x - p": lambda x: x - PLAIN,
    "p - x": lambda x: PLAIN - x,
    "sub, alpha": lambda x: PLAIN.sub(x, alpha=3),
    "x * p": lambda x: x * PLAIN,
    "p * x": lambda x: torch.mul(PLAIN, other=x),
    "x / p": lambda x: x / PLAIN,
    "p / x": lambda x: PLAIN / x,
    "div, truncated": lambda x: x + torch.div(x, PLAIN, rounding_mode="trunc"),
    "x + 1": lambda x: x + 1,
    "1 - x": lambda x: 1 - x,
    "2 * x": lambda x: 2 * x,
    "1 / x": lambda x: 1 / x,
    "-x": operator.neg,
    "x ** 2": lambda x: x**2,
    "float + double": lambda x: x.float() + PLAIN,
    "float * double": lambda x: x.float() * PLAIN,
    "where": lambda x: torch.where(MASK, x, PLAIN),
    "masked_fill": lambda x: x.masked_fill(MASK[:, :1], -2.0),
}


@pytest.mark.parametrize("name", WITH_A_PLAIN_TENSOR)
@pytest.mark.parametrize("shape", [(2, 3), (3,), (1, 3), (2, 1), ()])
def test_a_dual_and_a_plain_tensor_of_any_rank(name, shape):
    # the plain tensor is 2 × 3, so that two or three tangents could be taken for its rows
    compare(WITH_A_PLAIN_TENSOR[name], shape)
    compare(WITH_A_PLAIN_TENSOR[name], shape, count=3)


@pytest.mark.parametrize(
    "function",
    [operator.add, operator.sub, operator.mul, operator.truediv, torch.add, torch.sub, torch.mul],
)
@FEW
@given(mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3, min_dims=0))
def test_two_duals_broadcast(function, shapes):
    compare(function, *shapes.input_shapes)


@FEW
@given(
    mutually_broadcastable_shapes(num_shapes=2, max_dims=2, max_side=3, min_dims=0),
    st.tuples(*[st.integers(1, 3)] * 3),
)
def test_matrix_products_broadcast(shapes, sizes):
    (left, right), (n, k, m) = shapes.input_shapes, sizes
    plain_left, plain_right = random((*left, n, k), (*right, k, m))
    compare(torch.matmul, (*left, n, k), (*right, k, m))
    compare(lambda x: x @ plain_right, (*left, n, k))
    compare(lambda x: plain_left @ x, (*right, k, m))


@FEW
@given(st.lists(st.integers(1, 3), min_size=2, max_size=4), st.data())
def test_axes_are_those_of_the_value(shape, data):
    axis = st.integers(-len(shape), len(shape) - 1)
    first, second = data.draw(axis), data.draw(axis)
    compare(lambda x: x.transpose(first, second), shape)
    compare(lambda x: F.softmax(x, dim=first), shape)
    compare(lambda x: torch.cat([x, x.tanh()], dim=first), shape)
    compare(lambda x: x.sum(first), shape)


def test_more_functions_of_two_duals():
    compare(lambda x, y: F.linear(x, y), (2, 3), (4, 3))
    compare(lambda x, y: F.linear(PLAIN, x, y), (4, 3), (4,))
    compare(lambda x, y: torch.einsum("ij,kj->ik", x, y), (2, 3), (4, 3))
    compare(lambda x, y: torch.cat([x, PLAIN, y]), (1, 3), (2, 3))
    compare(lambda x, y: torch.baddbmm(x, y, y), (4, 3, 3), (4, 3, 3))
    compare(lambda x: torch.gather(x, 1, SOME), (2, 3))


@pytest.mark.parametrize(
    "write",
    [
        lambda plain, x: plain.copy_(x),
        lambda plain, x: operator.iadd(plain, x),
        lambda plain, x: operator.setitem(plain, 0, x[0]),
    ],
)
def test_a_dual_is_not_lost_in_a_plain_tensor(write):
    value, tangent = random((2, 3), (4, 2, 3))
    with pytest.raises(NoTangentError, match="writes a dual number into a plain tensor"):
        write(torch.zeros(2, 3, dtype=torch.float64), dual(value, tangent))


def test_questions_about_a_dual_have_plain_answers():
    value, tangent = random((2, 3), (4, 2, 3))
    x = dual(value, tangent)
    assert type(x.shape) is torch.Size
    assert (x.shape, x.size(0), x.ndim, len(x), x.numel()) == ((2, 3), 2, 2, 2, 6)
    assert (x.dtype, x.device) == (torch.float64, torch.device("cpu"))
    assert x.is_floating_point()
    for answer, plain in [
        (x > 0, value > 0),
        (x == x, value == value),
        (torch.isnan(x), torch.isnan(value)),
        (x.argmax(-1), value.argmax(-1)),
        (x.long(), value.long()),
    ]:
        assert type(answer) is torch.Tensor
        assert torch.equal(answer, plain)
