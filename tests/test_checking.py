"""The checks that all other tests run under: an argument or result of a wrong shape is refused."""

import dataclasses
from collections.abc import Iterator

import jaxtyping
import pytest
import torch
from beartype.roar import BeartypeCallHintViolation
from jaxtyping import Float
from torch import Tensor

from tests.checking import checked


@checked
def product(a: Float[Tensor, "n k"], b: Float[Tensor, "k m"]) -> Float[Tensor, "n m"]:
    return a @ b


@checked
def wrong(a: Float[Tensor, "n k"]) -> Float[Tensor, "k n"]:
    return a


@checked
def count(number: int) -> int:
    return number


@checked
def twice(a: Float[Tensor, "n k"], b: Float[Tensor, "k m"]) -> Float[Tensor, "n m"]:
    return 2 * product(a, b)


@checked
@dataclasses.dataclass(frozen=True)
class Pair:
    one: Float[Tensor, "n k"]
    other: Float[Tensor, "n k"]


def test_sizes_of_one_name_are_one_in_all_arguments_and_the_result():
    product(torch.ones(2, 3), torch.ones(3, 4))
    for refused in (
        lambda: product(torch.ones(2, 3), torch.ones(4, 4)),
        lambda: product(torch.ones(2, 3), torch.ones(3)),
        lambda: product(torch.ones(2, 3).long(), torch.ones(3, 4)),
        lambda: wrong(torch.ones(2, 3)),
        lambda: count("1"),
        lambda: Pair(torch.ones(2, 3), torch.ones(3, 3)),
    ):
        with pytest.raises(BeartypeCallHintViolation):
            refused()


def test_each_call_has_sizes_of_its_own():
    twice(torch.ones(2, 3), torch.ones(3, 4))
    product(torch.ones(5, 6), torch.ones(6, 7))
    Pair(torch.ones(5, 6), torch.ones(5, 6))


@pytest.mark.usefixtures("untyped")
def test_checks_can_be_left_out():
    assert count("1") == "1"
    wrong(torch.ones(2, 3))


def test_the_hook_puts_these_checks_on_the_library():
    from xsb_core.integration.quadrature import quadrature

    assert jaxtyping.jaxtyped is checked
    with pytest.raises(BeartypeCallHintViolation):
        quadrature("gauss-legendre", "8")


@checked
def rows(a: Float[Tensor, "n k"], b: Float[Tensor, " k"]) -> Iterator[Float[Tensor, " k"]]:
    yield from a


def test_generators_are_checked_when_they_are_made():
    (row,) = rows(torch.ones(1, 3), torch.ones(3))
    assert row.shape == (3,)
    with pytest.raises(jaxtyping.TypeCheckError):
        rows(torch.ones(2, 3), torch.ones(4))


@checked
def unresolved(a: Float[Tensor, "n k"], b: "Nowhere") -> Float[Tensor, "n k"]:  # noqa: F821
    return a


def test_a_name_for_type_checkers_alone_takes_anything():
    unresolved(torch.ones(2, 3), "b")
    with pytest.raises(jaxtyping.TypeCheckError):
        unresolved(torch.ones(2), "b")
