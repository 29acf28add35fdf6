"""The embedding along the paths of texts, sampled as finely as each path needs.

Embeddings cost no derivative, and they tell the integral of all tokens' factors together over any
part of the path: it is the difference of the embeddings at both ends. Paths through real weights
may turn within a thousandth of their length, several times and each text's elsewhere
(docs/method.md, section 9), so a path is halved where its samples do not foretell the next ones.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from xsb_core.integration.jacobians import Tail, chunks, rows_at_once
from xsb_core.integration.line import Line, on_line
from xsb_core.integration.pace import Pace
from xsb_core.integration.shapes import Basis, Hidden, Texts

# Samples lie closer half way, where embeddings turn over: panels are halved in time.
SAMPLING = Pace(0.5, 0.2)
INTERVALS = 8
DEEPEST = 16

# e(x(α)) of some texts, by their numbers, each at an α of its own.
Sample = Callable[[Int[np.ndarray, " M"], Float[np.ndarray, " M"]], Float[Tensor, "M D"]]


def _lagrange(points: Float[np.ndarray, " M"], *, derivative: bool) -> Float[np.ndarray, "M 9"]:
    """Values or slopes of the polynomials that are 1 at one of the samples, 0 at the others."""
    return np.polynomial.polynomial.polyvander(2 * points - 1, INTERVALS) @ (
        _SLOPES if derivative else _VALUES
    )


_SAMPLES = np.linspace(-1, 1, INTERVALS + 1)
_VALUES = np.linalg.inv(np.polynomial.polynomial.polyvander(_SAMPLES, INTERVALS))
_SLOPES = np.zeros_like(_VALUES)
_SLOPES[:-1] = 2 * np.polynomial.polynomial.polyder(_VALUES)  # 2: a panel is two long there
_BETWEEN = (np.arange(INTERVALS) + 0.5) / INTERVALS


def path_embeddings(
    tail: Tail,
    x: Texts,
    r: Hidden,
    memory: tuple[int, int | None],
    owners: Int[np.ndarray, " M"],
    alphas: Float[np.ndarray, " M"],
) -> Float[Tensor, "M D"]:
    """e(x(α)) of texts, by their numbers, each at an α of its own."""
    points = chunks(
        rows_at_once(x, *memory),
        torch.from_numpy(owners).to(x.device),
        torch.from_numpy(alphas).to(x),
    )
    with torch.no_grad():
        steps = x - r
        parts = [tail(on_line(Line(r, steps, owner, alpha))) for owner, alpha in points]
    found = torch.cat(parts)
    # Apple's GPUs know no double precision
    return (found.cpu() if found.device.type == "mps" else found).double()


@dataclass(frozen=True)
class Profiles:
    """Paths of K texts as trees of panels; a polynomial of degree 8 in time on each leaf.

    Attributes:
        values: e(x(α)) at all samples, in float64.
        text: Whose path a panel is part of.
        level: How often it was halved from [0, 1].
        start: Where it starts, in time.
        parent: The number of the panel that it is half of; −1 for a whole path.
        leaf: Whether it was not halved any more.
        rows: Which ``values`` lie on it, evenly in time.
        resolved: Whether each text's samples foretell what lies between them.
        basis: Orthonormal directions of embeddings, if errors in these alone matter.
    """

    values: Float[Tensor, "M D"]
    text: Int[np.ndarray, " P"]
    level: Int[np.ndarray, " P"]
    start: Float[np.ndarray, " P"]
    parent: Int[np.ndarray, " P"]
    leaf: Bool[np.ndarray, " P"]
    rows: Int[np.ndarray, "P 9"]
    resolved: Bool[np.ndarray, " K"]
    basis: Basis | None = None

    def seen(self, vectors: Float[Tensor, "*any D"]) -> Float[Tensor, "*any k"]:
        """The part of vectors whose errors matter."""
        return vectors if self.basis is None else vectors @ self.basis.to(vectors).T

    @property
    def width(self) -> Float[np.ndarray, " P"]:
        """How long each panel takes."""
        return 0.5**self.level

    @property
    def sizes(self) -> Float[Tensor, " K"]:
        """‖e(x) − e(r)‖, and 1 where it is zero."""
        start, end = self.ends
        size = torch.linalg.vector_norm(end - start, dim=1)
        return torch.where(size == 0, 1, size)

    @property
    def ends(self) -> tuple[Float[Tensor, "K D"], Float[Tensor, "K D"]]:
        """The embeddings of references and texts."""
        whole = self.rows[self.level == 0]
        return self.values[whole[:, 0]], self.values[whole[:, -1]]

    def slopes(
        self, text: Int[np.ndarray, " N"], time: Float[np.ndarray, " N"]
    ) -> tuple[Int[np.ndarray, "N 9"], Float[np.ndarray, "N 9"]]:
        """de/dt of texts at times, as sums of samples: which ones, and times what."""
        leaves = np.flatnonzero(self.leaf)
        leaves = leaves[np.argsort(self.text[leaves] + self.start[leaves])]
        starts = self.text[leaves] + self.start[leaves]
        at = leaves[np.searchsorted(starts, text + np.minimum(time, 1 - 1e-12), "right") - 1]
        width = self.width[at]
        place = (time - self.start[at]) / width
        return self.rows[at], _lagrange(place, derivative=True) / width[:, None]


def profiles_of(
    sample: Sample,
    texts: int,
    tolerance: float,
    most: int,
    rounding: float,
    basis: Basis | None = None,
) -> Profiles:
    """Samples the paths of some texts.

    Args:
        sample: Embeddings at points of the paths; called once for each depth of panels.
        texts: How many.
        tolerance: How far a sample may be from what was foretold, as a share of the whole change.
        most: How many samples a path may take, about.
        rounding: The precision of embeddings; what is closer than that is taken as foretold.
        basis: Orthonormal directions, if errors in these alone matter.
    """
    first = np.arange(texts).repeat(INTERVALS + 1)
    alpha = SAMPLING.alpha(np.tile(np.linspace(0, 1, INTERVALS + 1), texts))
    whole = Profiles(
        values=sample(first, alpha),
        text=np.arange(texts),
        level=np.zeros(texts, int),
        start=np.zeros(texts),
        parent=np.full(texts, -1),
        leaf=np.ones(texts, bool),
        rows=np.arange(len(first)).reshape(texts, -1),
        resolved=np.ones(texts, bool),
        basis=basis,
    )
    return deepened(whole, sample, np.full(texts, tolerance), most, rounding)


def deepened(
    profiles: Profiles,
    sample: Sample,
    tolerances: Float[np.ndarray, " K"],
    most: int,
    rounding: float,
) -> Profiles:
    """Halves all leaves once, and their halves as long as samples are not as foretold.

    Args:
        profiles: The paths; the numbers of their panels stay.
        sample: As for ``profiles_of``.
        tolerances: One a path; infinite for those to leave as they are.
        most: As for ``profiles_of``.
        rounding: As for ``profiles_of``.
    """
    values, text, level, start = profiles.values, profiles.text, profiles.level, profiles.start
    parent, rows, resolved = profiles.parent, profiles.rows, profiles.resolved.copy()
    leaf = profiles.leaf.copy()
    lengths = torch.linalg.vector_norm(profiles.ends[1], dim=1).cpu().numpy()
    allowed = tolerances * profiles.sizes.cpu().numpy()
    allowed = np.maximum(allowed, (32 * rounding + 1e-13) * lengths)
    spread = torch.from_numpy(_lagrange(_BETWEEN, derivative=False)).to(values)
    taken = INTERVALS * np.bincount(text[leaf]) + 1
    pending = np.flatnonzero(leaf & np.isfinite(tolerances[text]) & (level < DEEPEST))
    while len(pending):
        width = 0.5 ** level[pending]
        time = start[pending, None] + width[:, None] * _BETWEEN
        owner = text[pending].repeat(INTERVALS)
        found = sample(owner, SAMPLING.alpha(time.ravel())).unflatten(0, time.shape)
        missed = profiles.seen(spread @ values[rows[pending]] - found)
        error = torch.linalg.vector_norm(missed, dim=2).amax(1)
        rough = error.cpu().numpy() > allowed[text[pending]]
        new = len(values) + np.arange(found.shape[0] * INTERVALS).reshape(-1, INTERVALS)
        values = torch.cat([values, found.flatten(0, 1)])
        joined = np.empty((len(pending), 2 * INTERVALS + 1), int)
        joined[:, ::2], joined[:, 1::2] = rows[pending], new
        leaf[pending] = False
        halves = len(text) + np.arange(2 * len(pending)).reshape(2, -1)
        start = np.concatenate([start, start[pending], start[pending] + width / 2])
        rows = np.concatenate([rows, joined[:, : INTERVALS + 1], joined[:, INTERVALS:]])
        text = np.append(text, np.tile(text[pending], 2))
        level = np.append(level, np.tile(level[pending] + 1, 2))
        parent = np.append(parent, np.tile(pending, 2))
        leaf = np.append(leaf, np.ones(2 * len(pending), bool))
        np.add.at(taken, text[pending], INTERVALS)
        full = (taken[text[pending]] >= most) | (level[pending] + 1 >= DEEPEST)
        resolved[text[pending[rough & full]]] = False
        pending = halves[:, rough & ~full].ravel()
    return Profiles(values, text, level, start, parent, leaf, rows, resolved, profiles.basis)
