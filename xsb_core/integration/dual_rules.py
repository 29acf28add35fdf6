"""Rules of forward mode for what transformer blocks and poolings spend their time on."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from xsb_core.integration.dual import RULES, Dual, dual
from xsb_core.integration.line import Line
from xsb_core.integration.tangents import Factored, Heads, Normed, Projected, behind_norm

_DIFFERENCES = (Tensor.sub, Tensor.__sub__)


def factored_dual(primal: Tensor, members: Tensor, local: Tensor) -> Dual:
    """A dual number (N × S × d) whose tangents (members, T × S) step only at the positions named.

    The step at a position (local, S × d or N × S × d) is the same in every tangent.
    """
    return dual(primal, Factored(members, local.expand_as(primal)))


def _aligned(tangent: Tensor, ndim: int) -> Tensor:
    """Tangents (T × shape) with ones inserted so that shape broadcasts from the right."""
    missing = ndim + 1 - tangent.ndim
    return tangent.reshape(tangent.shape[0], *[1] * missing, *tangent.shape[1:])


def dual_on_line(line: Line, members: Tensor) -> Dual:
    """Points of paths, with tangents (members, T × S) that step along their path at some positions.

    Linear maps of them are computed path by path where there are fewer paths than points.
    """
    out = factored_dual(line.points, members, line.local)
    out.line = line if len(line.owner) > len(line.steps) else None
    return out


def _linear(func: Callable, x: Any, weight: Tensor, bias: Tensor | None = None) -> Any:
    if isinstance(weight, Dual) or isinstance(bias, Dual):
        return NotImplemented
    if isinstance(x.carried, Factored) and x.line is not None:
        return dual_on_line(x.line.mapped(weight, bias), x.carried.members)
    out = F.linear(x, weight, bias)
    if isinstance(x.carried, Factored):
        return dual(out, replace(x.carried, local=F.linear(x.carried.local, weight)))
    return dual(out, Projected(x.tangent, weight))


def _layer_norm(
    func: Callable,
    x: Any,
    normalized_shape: Any,
    weight: Tensor | None = None,
    bias: Tensor | None = None,
    eps: float = 1e-5,
) -> Any:
    if len(normalized_shape) != 1 or isinstance(weight, Dual) or isinstance(bias, Dual):
        return NotImplemented
    out, *moments = torch.native_layer_norm(x.primal, normalized_shape, weight, bias, eps)
    mean, rate = moments
    if isinstance(x.carried, Factored):
        local = behind_norm(x.carried.local, x.primal, (mean, rate), weight)
        return dual(out, replace(x.carried, local=local))
    if isinstance(x.carried, Projected) and x.ndim == 3:
        return dual(out, Normed(x.carried, x.primal, mean, rate, weight))
    return dual(out, behind_norm(x.tangent, x.primal, (mean, rate), weight))


def _softmax(
    func: Callable, x: Any, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None
) -> Any:
    if dim is None:
        return NotImplemented
    out = torch.softmax(x.primal, dim, dtype=dtype)
    dim = dim % x.ndim - x.ndim  # counted from the right, it is the same with the tangents' axis
    weighted = x.tangent.to(out.dtype) * out
    return dual(out, weighted.addcmul_(out, weighted.sum(dim, keepdim=True), value=-1))


def _elementwise(func: Callable, x: Any, *args: Any, **kwargs: Any) -> Any:
    """A function of each element alone: its slope is computed once for all tangents."""
    if kwargs.get("inplace", False):
        return NotImplemented
    with torch.enable_grad():
        primal = x.primal.detach().requires_grad_(True)
        out = func(primal, *args, **kwargs)
        (slope,) = torch.autograd.grad(out.sum(), primal)
    if isinstance(x.carried, Projected):  # written out for this alone
        return dual(out.detach(), x.carried.dense().mul_(slope))
    return dual(out.detach(), x.tangent * slope)


def _product(func: Callable, a: Any, b: Any, **options: Any) -> Any:
    """Bilinear functions: products of matrices or of elements."""
    if options:
        return NotImplemented
    out = func(a, b)
    if isinstance(a, Dual) and isinstance(a.carried, Normed) and _scales(b):
        return dual(out, a.carried.scaled(b))
    parts = [func(_aligned(a.tangent, out.ndim), b)] if isinstance(a, Dual) else []
    if isinstance(b, Dual):
        parts.append(func(a, _aligned(b.tangent, out.ndim)))
    return dual(out, sum(parts[1:], parts[0]))


def _scales(b: Any) -> bool:
    """Whether a factor is one number a position."""
    if isinstance(b, Dual):
        return False
    return isinstance(b, float | int) or (b.ndim == 3 and b.shape[2] == 1)


def _matmul(func: Callable, a: Any, b: Any, **options: Any) -> Any:
    if options or min(a.ndim, b.ndim) < 2:
        return NotImplemented
    if not (isinstance(a, Dual) and isinstance(b, Dual) and a.ndim == b.ndim == 4):
        return _product(func, a, b)
    left, right, out = a.carried, b.carried, func(a, b)
    few = a.shape[-1] <= b.shape[-1]  # positions; for many, weights take more memory than values
    if few and isinstance(right, Factored) and right.axis == 2:  # attention times values
        stepping = a.primal * right.members[:, None, None, None]
        both = torch.cat([a.tangent, stepping], -1), torch.cat([b.primal, right.local], 2)
        return dual(out, torch.einsum("tnhpj,nhje->tnhpe", *both))
    if isinstance(left, Factored) and isinstance(right, Factored) and left.axis + 1 == right.axis:
        found = func(left.local, b.primal) * left.marks  # queries times keys
        return dual(out, found.addcmul_(func(a.primal, right.local), right.marks))
    if isinstance(left, Heads) and isinstance(right, Heads) and left.meets(right):
        found = left.products(b.primal.mT).transpose(2, 3)
        return dual(out, found + right.products(a.primal).permute(0, 1, 3, 4, 2))
    return _product(func, a, b)


def _add(func: Callable, a: Any, b: Any, **options: Any) -> Any:
    if options:  # alpha=
        return NotImplemented
    out = func(a, b)
    if isinstance(a, Dual) and isinstance(b, Dual):
        if a.shape == b.shape and a.dtype == b.dtype and func not in _DIFFERENCES:
            for one, other in ((a, b), (b, a)):
                if isinstance(one.carried, Projected) and one.carried.plus is None:
                    plus = other.carried if isinstance(other.carried, Factored) else other.tangent
                    return dual(out, replace(one.carried, plus=plus))
        return dual(out, func(_aligned(a.tangent, out.ndim), _aligned(b.tangent, out.ndim)))
    if isinstance(a, Dual):
        moving = a
    elif func in (torch.add, Tensor.add, Tensor.__add__, Tensor.__radd__):
        moving = b
    else:
        return NotImplemented
    if moving.shape == out.shape and moving.dtype == out.dtype:
        return dual(out, moving.carried)
    return dual(out, _aligned(moving.tangent, out.ndim).expand(-1, *out.shape).to(out.dtype))


def _divide(func: Callable, a: Any, b: Any, **options: Any) -> Any:
    if options or isinstance(b, Dual):  # rounding_mode=
        return NotImplemented
    out = func(a, b)
    return dual(out, func(_aligned(a.tangent, out.ndim), b))


def _reshape(func: Callable, x: Any, *shape: Any, **options: Any) -> Any:
    if len(shape) == 1 and isinstance(shape[0], tuple | list):
        shape = tuple(shape[0])  # view((a, b)) as well as view(a, b)
    if options or not all(isinstance(size, int) for size in shape):
        return NotImplemented  # view(dtype)
    out, carried = func(x, shape), x.carried
    if x.ndim == 3 and out.ndim == 4 and x.shape[:2] == out.shape[:2]:  # into heads
        if isinstance(carried, Factored) and carried.axis == 1:
            return dual(out, replace(carried, local=carried.local.reshape(out.shape)))
        if isinstance(carried, Projected) and carried.plus is None:
            return dual(out, Heads(carried, lambda: x.tangent, out.shape[2]))
    return dual(out, x.tangent.reshape(x.tangent.shape[0], *shape))


def _permute(func: Callable, x: Any, *dims: Any, **options: Any) -> Any:
    if options:
        return NotImplemented  # axes by keyword
    axes = dims[0] if isinstance(dims[0], tuple | list) else dims
    return _permuted(x, tuple(axis % x.ndim for axis in axes))


def _transpose(func: Callable, x: Any, dim0: int, dim1: int) -> Any:
    axes = list(range(x.ndim))
    axes[dim0], axes[dim1] = axes[dim1], axes[dim0]
    return _permuted(x, tuple(axes))


def _permuted(x: Dual, axes: tuple[int, ...]) -> Dual:
    out, carried = x.primal.permute(axes), x.carried
    if isinstance(carried, Factored):
        return dual(out, carried.permuted(axes))
    if isinstance(carried, Heads):
        return dual(out, replace(carried, axes=tuple(carried.axes[axis] for axis in axes)))
    return dual(out, x.tangent.permute(0, *(axis + 1 for axis in axes)))


def _contiguous(func: Callable, x: Any) -> Any:
    return dual(func(x), func(x.tangent))


def _total(func: Callable, x: Any, dim: Any = None, keepdim: bool = False, **kwargs: Any) -> Any:
    """Sums; pooling is one over positions."""
    if not isinstance(dim, int) or kwargs.pop("dtype", x.dtype) not in (None, x.dtype) or kwargs:
        return NotImplemented
    out = func(x, dim, keepdim)
    if isinstance(x.carried, Normed) and dim % x.ndim == 1 and not keepdim:
        return dual(out, x.carried.pooled())
    return dual(out, x.tangent.sum(dim % x.ndim + 1, keepdim))


def _same_kind(func: Callable, x: Any, *args: Any, **options: Any) -> Any:
    out = func(x, *args, **options)
    return x if out is x else NotImplemented


def _joined(func: Callable, parts: Any, *args: Any, **options: Any) -> Any:
    return parts[0] if len(parts) == 1 else NotImplemented


def _dropout(func: Callable, x: Any, p: float = 0.5, training: bool = True, *_: Any, **__) -> Any:
    return NotImplemented if training else x


RULES |= {
    F.linear: _linear,
    F.layer_norm: _layer_norm,
    F.softmax: _softmax,
    torch.matmul: _matmul,
    Tensor.matmul: _matmul,
    Tensor.__matmul__: _matmul,
    F.dropout: _dropout,
    Tensor.contiguous: _contiguous,
    Tensor.permute: _permute,
    Tensor.to: _same_kind,
    torch.cat: _joined,
}
RULES |= dict.fromkeys((Tensor.transpose, torch.transpose), _transpose)
RULES |= dict.fromkeys((Tensor.sum, torch.sum), _total)
RULES |= dict.fromkeys((Tensor.view, Tensor.reshape), _reshape)
RULES |= dict.fromkeys((torch.mul, Tensor.mul, Tensor.__mul__, Tensor.__rmul__), _product)
RULES |= dict.fromkeys(
    (torch.add, Tensor.add, Tensor.__add__, Tensor.__radd__, Tensor.sub, Tensor.__sub__), _add
)
RULES |= dict.fromkeys((torch.div, Tensor.div, Tensor.__truediv__), _divide)
RULES |= dict.fromkeys((F.gelu, F.relu, F.silu, torch.tanh, Tensor.tanh), _elementwise)
