"""Types and shapes, checked at each call at a third of what jaxtyping's own decorator takes.

jaxtyping binds the arguments twice and checks them twice, once before the call and once with what
is returned. Here beartype checks them once, within jaxtyping's context, which holds the sizes that
names of dimensions stand for; a signature without shapes does without the context.
"""

import dataclasses
import functools
import inspect
import typing
from collections.abc import Callable
from typing import Any

import jaxtyping
from beartype import beartype
from jaxtyping import jaxtyped


def checked(fn: Any = None, *, typechecker: Any = None) -> Any:
    """What jaxtyping's import hook puts on every function and class."""
    if fn is None:
        return checked
    if inspect.isclass(fn):
        if dataclasses.is_dataclass(fn) and "__init__" in vars(fn):
            fn.__init__ = checked(fn.__init__)
        return fn
    if isinstance(fn, classmethod | staticmethod):
        return type(fn)(checked(fn.__func__))
    if isinstance(fn, property):
        return property(*(part and checked(part) for part in (fn.fget, fn.fset, fn.fdel)))
    if not getattr(fn, "__annotations__", None):
        return fn
    try:
        hints = typing.get_type_hints(fn)
    except NameError:  # a name that is bound later, or for type checkers alone: jaxtyping knows how
        return jaxtyped(fn, typechecker=beartype)
    if inspect.isgeneratorfunction(fn):  # beartype would check them when the context is over
        return jaxtyped(fn, typechecker=beartype)
    return _checked(fn, shaped=any(map(_is_shaped, hints.values())))


def _checked(fn: Callable, *, shaped: bool) -> Callable:
    typed = beartype(fn)

    @functools.wraps(fn)
    def wrapper(*args, **kwargs):
        __tracebackhide__ = True
        if jaxtyping.config.jaxtyping_disable:
            return fn(*args, **kwargs)
        if not shaped:
            return typed(*args, **kwargs)
        with jaxtyped("context"):
            return typed(*args, **kwargs)

    return wrapper


def _is_shaped(hint: Any) -> bool:
    if inspect.isclass(hint) and issubclass(hint, jaxtyping.AbstractArray):
        return True
    return any(map(_is_shaped, typing.get_args(hint)))
