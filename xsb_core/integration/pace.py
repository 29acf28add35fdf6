"""The pace along the path: quadrature nodes where the embedding changes most.

A line integral does not depend on the speed at which its line is walked. Half way between a
reference and a text the embedding often turns over quickly, and slowly near both ends; walked
slowly there, by the sinh change of variable known for nearly singular integrals, the integrand
becomes nearly even, and Gauss–Legendre needs far fewer nodes for the same error (docs/method.md,
section 9). Panels are the other way; ``rules.choose_rules`` chooses between them.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float


@dataclass(frozen=True)
class Pace:
    """α(t) = centre + width · sinh(k t − h), from α(0) = 0 to α(1) = 1.

    Attributes:
        centre: Where on the path the walk is slowest, in [0, 1].
        width: Over what distance it stays slow; the larger, the more even the pace.
    """

    centre: float | Float[np.ndarray, " N"]
    width: float | Float[np.ndarray, " N"]

    def alpha(self, time: Float[np.ndarray, " N"]) -> Float[np.ndarray, " N"]:
        """Where on the path the walk is at some times, both in [0, 1]."""
        start, rate = self._line
        walked = self.centre + self.width * np.sinh(start + rate * time)
        return np.clip(walked, 0, 1)  # rounding

    def speed(self, time: Float[np.ndarray, " N"]) -> Float[np.ndarray, " N"]:
        """dα/dt at some times."""
        start, rate = self._line
        return self.width * rate * np.cosh(start + rate * time)

    def time(self, alpha: Float[np.ndarray, " N"]) -> Float[np.ndarray, " N"]:
        """When the walk passes some points."""
        start, rate = self._line
        return (np.arcsinh((alpha - self.centre) / self.width) - start) / rate

    @property
    def _line(self) -> tuple:
        """What goes into sinh is a line in t: its value at 0 and its slope."""
        start = np.arcsinh(-self.centre / self.width)
        return start, np.arcsinh((1 - self.centre) / self.width) - start
