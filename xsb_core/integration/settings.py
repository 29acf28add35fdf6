"""How the integral is computed: rule, tolerance, limit of work (docs/method.md, section 9)."""

from dataclasses import dataclass
from numbers import Integral, Real

import torch

from xsb_core.integration.quadrature import GAUSS_LEGENDRE, quadrature

TOLERANCE = 1e-3
WORK_LIMIT = 50_000


@dataclass(frozen=True)
class Settings:
    """How the integral is computed.

    Attributes:
        quadrature: "gauss-legendre" or "right-endpoint".
        tolerance: What the completeness residual and the error of single factors must not exceed.
        steps: A fixed number of nodes; None takes as many of Gauss–Legendre's as the tolerance
            needs, and 100 steps for right-endpoint, as the paper's Appendix D does.
        work_limit: Most work for a text, in tangents: nodes times tokens. A text that needs more is
            given the best rule within it, and has not converged. Fixed steps know no limit.

    Examples:
        >>> Settings("right-endpoint", steps=100).steps  # the published code's
        100
    """

    quadrature: str = GAUSS_LEGENDRE
    tolerance: float = TOLERANCE
    steps: int | None = None
    work_limit: int = WORK_LIMIT

    def __post_init__(self) -> None:
        quadrature(self.quadrature, 1)  # refuses an unknown rule
        if not isinstance(self.tolerance, Real) or not 0 < self.tolerance < 1:
            raise ValueError(
                f"The tolerance is a relative error between 0 and 1, such as {TOLERANCE}; "
                f"got {self.tolerance!r}."
            )
        if self.steps is not None and not (isinstance(self.steps, Integral) and self.steps >= 1):
            raise ValueError(
                f"The number of steps must be a whole number from 1; got {self.steps!r}."
            )
        if not (isinstance(self.work_limit, Integral) and self.work_limit >= 1):
            raise ValueError(
                "The limit of work is a whole number of tangents (nodes times tokens) from 1, such "
                f"as {WORK_LIMIT}; got {self.work_limit!r}."
            )

    @property
    def adaptive(self) -> bool:
        """Whether the nodes are chosen to meet the tolerance."""
        return self.steps is None and self.quadrature == GAUSS_LEGENDRE

    def check_reachable(self, dtype: torch.dtype) -> None:
        """Refuses a tolerance that is finer than numbers of some precision are.

        Raises:
            ValueError: Naming the smallest tolerance that can be asked for.
        """
        finest = min(8 * torch.finfo(dtype).eps, TOLERANCE)
        if self.adaptive and self.tolerance < finest:
            raise ValueError(
                f"A tolerance of {self.tolerance:g} can't be reached in "
                f"{str(dtype).removeprefix('torch.')}; choose {finest:.0e} or more."
            )
