"""Forward-mode differentiation with many tangents at once.

A ``Dual`` is a tensor that carries T tangents through every torch function that it meets, while
its own value (the primal) is computed once for all of them. torch's own forward mode under vmap
gives the same numbers and is used for every function without a rule here; the rules cover what
transformer blocks spend their time on, at about two thirds of that time.

At the entrance of a block the tangent of a token is zero everywhere but at that token. Such
tangents stay factored (membership × step) until the first function that mixes positions, so the
first projections cost one token each, not S.
"""

import threading
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.func import jvp, vmap
from torch.utils._pytree import tree_flatten, tree_unflatten

_ASSIGNMENTS = ("__setitem__", "__iadd__", "__isub__", "__imul__", "__itruediv__", "__ipow__")

# torch counts its levels of forward-mode differentiation for the process, not for the thread.
_FORWARD_AD = threading.RLock()


class NoTangentError(RuntimeError):
    """A step of a model that tangents can't be carried through."""


class Dual(torch.Tensor):
    """A tensor with T tangents of its own shape.

    Attributes:
        members: For factored tangents, which positions (T × S) a tangent steps at; else None.
        local: For factored tangents, the step at every position, broadcastable to the primal.
    """

    members: Tensor | None
    local: Tensor | None
    _tangent: Tensor | None

    @property
    def tangent(self) -> Tensor:
        """The tangents, T × the primal's shape."""
        if self._tangent is None:
            assert self.members is not None
            assert self.local is not None
            with torch._C.DisableTorchFunctionSubclass():
                dense = self.members[:, None, :, None] * self.local
                self._tangent = dense.expand(-1, *self.shape)
        return self._tangent

    @property
    def primal(self) -> Tensor:
        """The value alone."""
        return self.as_subclass(torch.Tensor)

    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        kwargs = dict(kwargs or {})
        with torch._C.DisableTorchFunctionSubclass():
            out = NotImplemented
            if rule := _RULES.get(func):
                # the rules take torch's operands in order
                args = (*args, *(kwargs.pop(name) for name in ("input", "other") if name in kwargs))
                out = rule(func, *args, **kwargs)
            if out is not NotImplemented:
                return out
            return (_in_place if _writes(func, kwargs) else _by_autodiff)(func, args, kwargs)


def dual(primal: Tensor, tangent: Tensor) -> Dual:
    """A dual number from dense tangents, T × the primal's shape."""
    out = primal.as_subclass(Dual)
    out.members = out.local = None
    out._tangent = tangent
    return out


def factored_dual(primal: Tensor, members: Tensor, local: Tensor) -> Dual:
    """A dual number (N × S × d) whose tangents (members, T × S) step only at the positions named.

    The step at a position (local, S × d or N × S × d) is the same in every tangent.
    """
    out = primal.as_subclass(Dual)
    out.members, out.local, out._tangent = members, local, None
    return out


def _by_autodiff(func: Callable, args: tuple, kwargs: dict) -> Any:
    """Any function without a rule: torch's own forward mode, under vmap over the tangents."""
    out = func(*args, **kwargs)
    leaves, out_spec = tree_flatten(out)
    if not any(_differentiable(leaf) for leaf in leaves):
        return out  # shapes, dtypes, comparisons
    flat, spec = tree_flatten((args, kwargs))
    places = [i for i, leaf in enumerate(flat) if isinstance(leaf, Dual)]

    def apply(*primals: Tensor) -> tuple:
        filled = list(flat)
        for place, primal in zip(places, primals, strict=True):
            filled[place] = primal
        inner_args, inner_kwargs = tree_unflatten(filled, spec)
        results = tree_flatten(func(*inner_args, **inner_kwargs))[0]
        return tuple(leaf for leaf in results if _differentiable(leaf))

    primals = tuple(flat[i].primal for i in places)
    with _FORWARD_AD:
        tangents = vmap(lambda *t: jvp(apply, primals, t)[1])(*[flat[i].tangent for i in places])
    pending = iter(tangents)
    made = [dual(leaf, next(pending)) if _differentiable(leaf) else leaf for leaf in leaves]
    return tree_unflatten(made, out_spec)


def _differentiable(leaf: Any) -> bool:
    return isinstance(leaf, Tensor) and (leaf.is_floating_point() or leaf.is_complex())


def _writes(func: Callable, kwargs: dict) -> bool:
    name = getattr(func, "__name__", "")
    in_place = name.endswith("_") and not name.endswith("__")
    return in_place or name in _ASSIGNMENTS or kwargs.get("inplace", False)


def _in_place(func: Callable, args: tuple, kwargs: dict) -> Any:
    """Writing into a dual: computed on a copy, then written to primal and tangents alike."""
    target = args[0]
    if not isinstance(target, Dual):
        raise NoTangentError(f"{func.__name__} writes a dual number into a plain tensor")

    def copied(value: Tensor, *rest: Any, **options: Any) -> Tensor:
        value = value.clone()
        func(value, *rest, **options)
        return value

    result = _by_autodiff(copied, args, kwargs)
    target.primal.copy_(result.primal)
    # a view of another dual's tangents keeps sharing them; a factored or expanded one can't be
    # written to
    if target._tangent is None or target.members is not None or 0 in target._tangent.stride():
        target.members = target.local = None
        target._tangent = result.tangent
    else:
        target._tangent.copy_(result.tangent)
    return target


def _aligned(tangent: Tensor, ndim: int) -> Tensor:
    """Tangents (T × shape) with ones inserted so that shape broadcasts from the right."""
    missing = ndim + 1 - tangent.ndim
    return tangent.reshape(tangent.shape[0], *[1] * missing, *tangent.shape[1:])


def _linear(func: Callable, x: Any, weight: Tensor, bias: Tensor | None = None) -> Any:
    if isinstance(weight, Dual) or isinstance(bias, Dual):
        return NotImplemented
    out = F.linear(x, weight, bias)
    if x.members is not None:
        return factored_dual(out, x.members, F.linear(x.local, weight))
    return dual(out, F.linear(x.tangent, weight))


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

    def push(t: Tensor) -> Tensor:
        # but for the gain, the Jacobian is symmetric: its product is that of the backward pass
        value, *own = (
            part.expand(*t.shape[:-1], part.shape[-1]).contiguous() for part in (x.primal, *moments)
        )
        found, *_ = torch.ops.aten.native_layer_norm_backward(
            t.contiguous(), value, normalized_shape, *own, None, None, [True, False, False]
        )
        return found if weight is None else found.mul_(weight)

    if x.members is not None:
        return factored_dual(out, x.members, push(x.local.expand_as(x.primal)))
    return dual(out, push(x.tangent))


def _softmax(
    func: Callable, x: Any, dim: int | None = None, _stacklevel: int = 3, dtype: Any = None
) -> Any:
    if dim is None:
        return NotImplemented
    out = torch.softmax(x.primal, dim, dtype=dtype)
    dim = dim % x.ndim - x.ndim  # counted from the right, it is the same with the tangents' axis
    weighted = x.tangent.to(out.dtype) * out
    return dual(out, torch.addcmul(weighted, out, weighted.sum(dim, keepdim=True), value=-1))


def _elementwise(func: Callable, x: Any, *args: Any, **kwargs: Any) -> Any:
    """A function of each element alone: its slope is computed once for all tangents."""
    if kwargs.get("inplace", False):
        return NotImplemented
    with torch.enable_grad():
        primal = x.primal.detach().requires_grad_(True)
        out = func(primal, *args, **kwargs)
        (slope,) = torch.autograd.grad(out.sum(), primal)
    return dual(out.detach(), x.tangent * slope)


def _product(func: Callable, a: Any, b: Any, **options: Any) -> Any:
    """Bilinear functions: products of matrices or of elements."""
    if options:
        return NotImplemented
    out = func(a, b)
    parts = [func(_aligned(a.tangent, out.ndim), b)] if isinstance(a, Dual) else []
    if isinstance(b, Dual):
        parts.append(func(a, _aligned(b.tangent, out.ndim)))
    return dual(out, sum(parts[1:], parts[0]))


def _matmul(func: Callable, a: Any, b: Any, **options: Any) -> Any:
    if options or min(a.ndim, b.ndim) < 2:
        return NotImplemented
    return _product(func, a, b)


def _add(func: Callable, a: Any, b: Any, **options: Any) -> Any:
    if options:  # alpha=
        return NotImplemented
    out = func(a, b)
    if isinstance(a, Dual) and isinstance(b, Dual):
        return dual(out, func(_aligned(a.tangent, out.ndim), _aligned(b.tangent, out.ndim)))
    if isinstance(a, Dual):
        moving = a
    elif func in (torch.add, Tensor.add, Tensor.__add__, Tensor.__radd__):
        moving = b
    else:
        return NotImplemented
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
    return dual(func(x, shape), x.tangent.reshape(x.tangent.shape[0], *shape))


def _permute(func: Callable, x: Any, *dims: Any, **options: Any) -> Any:
    if options:
        return NotImplemented  # axes by keyword
    axes = dims[0] if isinstance(dims[0], tuple | list) else dims
    return dual(func(x, axes), x.tangent.permute(0, *(axis % x.ndim + 1 for axis in axes)))


def _transpose(func: Callable, x: Any, dim0: int, dim1: int) -> Any:
    return dual(func(x, dim0, dim1), x.tangent.transpose(dim0 % x.ndim + 1, dim1 % x.ndim + 1))


def _contiguous(func: Callable, x: Any) -> Any:
    return dual(func(x), func(x.tangent))


def _dropout(func: Callable, x: Any, p: float = 0.5, training: bool = True, *_: Any, **__) -> Any:
    return NotImplemented if training else x


_RULES: dict[Callable, Callable] = {
    F.linear: _linear,
    F.layer_norm: _layer_norm,
    F.softmax: _softmax,
    torch.matmul: _matmul,
    Tensor.matmul: _matmul,
    Tensor.__matmul__: _matmul,
    F.dropout: _dropout,
    Tensor.contiguous: _contiguous,
    Tensor.permute: _permute,
}
_RULES |= dict.fromkeys((Tensor.transpose, torch.transpose), _transpose)
_RULES |= dict.fromkeys((Tensor.view, Tensor.reshape), _reshape)
_RULES |= dict.fromkeys((torch.mul, Tensor.mul, Tensor.__mul__, Tensor.__rmul__), _product)
_RULES |= dict.fromkeys(
    (torch.add, Tensor.add, Tensor.__add__, Tensor.__radd__, Tensor.sub, Tensor.__sub__), _add
)
_RULES |= dict.fromkeys((torch.div, Tensor.div, Tensor.__truediv__), _divide)
_RULES |= dict.fromkeys((F.gelu, F.relu, F.silu, torch.tanh, Tensor.tanh), _elementwise)
