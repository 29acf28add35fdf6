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
from torch import Tensor
from torch.func import jvp, vmap
from torch.utils._pytree import tree_flatten, tree_unflatten

from xsb_core.integration.line import Line
from xsb_core.integration.tangents import Carried

_ASSIGNMENTS = ("__setitem__", "__iadd__", "__isub__", "__imul__", "__itruediv__", "__ipow__")

# Rules by function, as dual_rules.py gives them: what they take and give is that of the function.
RULES: dict[Callable, Callable] = {}

# torch counts its levels of forward-mode differentiation for the process, not for the thread.
_FORWARD_AD = threading.RLock()


class NoTangentError(RuntimeError):
    """A step of a model that tangents can't be carried through."""


class Dual(torch.Tensor):
    """A tensor with T tangents of its own shape.

    Attributes:
        carried: The tangents, T × the primal's shape, or what they are made of.
        line: The paths that it is points of, with factored tangents, where it is known.
    """

    carried: Tensor | Carried
    line: Line | None

    @property
    def tangent(self) -> Tensor:
        """The tangents, T × the primal's shape."""
        if not isinstance(self.carried, Tensor):
            with torch._C.DisableTorchFunctionSubclass():
                self.carried = self.carried.dense()
        return self.carried

    @property
    def primal(self) -> Tensor:
        """The value alone."""
        return self.as_subclass(torch.Tensor)

    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        kwargs = dict(kwargs or {})
        with torch._C.DisableTorchFunctionSubclass():
            out = NotImplemented
            if rule := RULES.get(func):
                # the rules take torch's operands in order
                args = (*args, *(kwargs.pop(name) for name in ("input", "other") if name in kwargs))
                out = rule(func, *args, **kwargs)
            if out is not NotImplemented:
                return out
            return (_in_place if _writes(func, kwargs) else _by_autodiff)(func, args, kwargs)


def dual(primal: Tensor, carried: Tensor | Carried) -> Dual:
    """A dual number from tangents, T × the primal's shape."""
    out = primal.as_subclass(Dual)
    out.carried, out.line = carried, None
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
    target.line = None
    # a view of another dual's tangents keeps sharing them; an expanded one can't be written to
    if 0 in target.tangent.stride():
        target.carried = result.tangent
    else:
        target.tangent.copy_(result.tangent)
    return target
