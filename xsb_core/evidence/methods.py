"""What methods claim of a pair: which tokens matter, and which do so together."""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float

from xsb_core.attribution.result import Attribution
from xsb_core.encoders.encoder import Encoder
from xsb_core.encoders.instruction import Instruction
from xsb_core.encoders.reading import Reading
from xsb_core.encoders.references import PADDING, REFERENCES
from xsb_core.encoders.replay import transformer_of
from xsb_core.encoders.side import Side
from xsb_core.encoders.spans import Groups
from xsb_core.errors import DataError, LayerError, ModelError
from xsb_core.evidence.deletion import Deletions


@dataclass(frozen=True, eq=False)
class Claim:
    """What a method says of the tokens of two texts.

    Attributes:
        totals_a: How much each token of A matters.
        totals_b: The same for B.
        cells: How much two tokens do together; None for methods that can't tell pairs.
        adds: Whether a word's value is the sum of its tokens'; else it is their mean.
    """

    totals_a: Float[np.ndarray, " A"]
    totals_b: Float[np.ndarray, " B"]
    cells: Float[np.ndarray, "A B"] | None = None
    adds: bool = True

    def grouped(self, groups_a: Groups, groups_b: Groups) -> "Claim":
        """The same of words; positions that are in no group are left out."""
        rows = _reduction(groups_a, len(self.totals_a), adds=self.adds)
        columns = _reduction(groups_b, len(self.totals_b), adds=self.adds)
        cells = None if self.cells is None else rows @ self.cells @ columns.T
        return Claim(rows @ self.totals_a, columns @ self.totals_b, cells, adds=self.adds)


class Method(NamedTuple):
    """A method as it is asked for.

    Attributes:
        name: One of ``METHODS``.
        layer: Of the attribution that it reads; None: the run's.
        reference: What that attribution measures from.
    """

    name: str
    layer: int | None
    reference: str


class Claims:
    """Asks methods about pairs of one encoder.

    Attributes:
        encoder: The encoder.
    """

    def __init__(self, encoder: Encoder) -> None:
        self.encoder = encoder

    def claim(
        self, method: str, pair: Deletions, results: Mapping[tuple[int, str], Attribution]
    ) -> Claim:
        """What a method says of a pair.

        Args:
            method: As for ``parse_method``.
            pair: The pair.
            results: Its attributions by layer and reference; ``pair.result`` serves methods that
                name neither.

        Raises:
            DataError: For another method.
            ModelError: For attention rollout of a model that gives no attention weights.
        """
        name, layer, reference = parse_method(method)
        result = pair.result if layer is None else results[layer, reference]
        return _METHODS[name](self, pair, result)

    def reading(self, side: Side) -> Reading:
        """The encoder's own reading of a text."""
        return self.encoder.read(side.text, Instruction(side.prompt, side.task))

    @cached_property
    def attending(self) -> torch.nn.Module:
        """A copy of the transformer that gives its attention weights; the model stays as it is."""
        transformer = copy.deepcopy(transformer_of(self.encoder.model))
        transformer.set_attn_implementation("eager")
        return transformer


def parse_method(method: str) -> Method:
    """Reads a method such as ``net``, ``net@5`` (its layer) or ``net@5/mask`` (its reference).

    Raises:
        DataError: If there is no such method.
    """
    name, _, rest = method.partition("@")
    layer, _, reference = rest.partition("/")
    if (
        name not in _METHODS
        or ("@" in method and not (name in LAYERED and layer.isdigit()))
        or ("/" in method and reference not in REFERENCES)
    ):
        raise DataError(
            f"There is no method {method!r}; choose of {', '.join(METHODS)}; {', '.join(LAYERED)} "
            "also at a layer, as net@5, and with another reference "
            f"({', '.join(REFERENCES)}), as net@5/mask; “all” stands for each."
        )
    return Method(name, int(layer) if layer else None, reference or PADDING)


def each_method(methods: Sequence[str], layers: int) -> list[str]:
    """Puts every layer and every reference in the place of "all", as in ``net@all/all``.

    Raises:
        DataError: For something that is no method.
    """
    found = []
    for method in methods:
        name, at, rest = method.partition("@")
        layer, slash, reference = rest.partition("/")
        found += [
            f"{name}{at}{depth}{slash}{kind}"
            for depth in (range(layers) if layer == "all" else [layer])
            for kind in (REFERENCES if reference == "all" else [reference])
        ]
    for method in found:
        parse_method(method)
    return list(dict.fromkeys(found))


def _net(claims: Claims, pair: Deletions, result: Attribution) -> Claim:
    return _of_cells(result.net_matrix)


def _paper(claims: Claims, pair: Deletions, result: Attribution) -> Claim:
    return _of_cells(result.matrix)


def _integrated_gradients(claims: Claims, pair: Deletions, result: Attribution) -> Claim:
    """With the other text fixed: u_i · e(b), a row of cells with its border."""
    return Claim(result.matrix.sum(1) + result.border_a, result.matrix.sum(0) + result.border_b)


def _leave_one_out(claims: Claims, pair: Deletions, result: Attribution) -> Claim:
    rows, columns = _spreads(pair)
    a, b = pair.leave_one_out
    return Claim(a @ rows, b @ columns)


def _interactions(claims: Claims, pair: Deletions, result: Attribution) -> Claim:
    rows, columns = _spreads(pair)
    return _of_cells(rows.T @ pair.interactions @ columns)


def _max_sim(claims: Claims, pair: Deletions, result: Attribution) -> Claim:
    a, b = (
        F.normalize(claims.reading(side).text.output[0], dim=-1) for side in (result.a, result.b)
    )
    cells = (a @ b.T).double().cpu().numpy()
    own = cells[np.ix_(_content(result.a), _content(result.b))]
    totals_a, totals_b = np.zeros(len(cells)), np.zeros(cells.shape[1])
    totals_a[_content(result.a)], totals_b[_content(result.b)] = own.max(1), own.max(0)
    return Claim(totals_a, totals_b, cells, adds=False)


def _rollout(claims: Claims, pair: Deletions, result: Attribution) -> Claim:
    """Abnar and Zuidema (2020): attention with the residual's half, multiplied through."""
    totals = []
    for side in (result.a, result.b):
        text = claims.encoder.tokenise(side.text, Instruction(side.prompt, side.task))
        inputs = {
            key: value.to(claims.encoder.device)
            for key, value in text.features.items()
            if key in ("input_ids", "attention_mask", "token_type_ids")
        }
        with torch.no_grad():
            found = claims.attending(**inputs, output_attentions=True)
        if not getattr(found, "attentions", None):
            raise ModelError(f"{claims.encoder.name} gives no attention; leave rollout out.")
        flow = torch.eye(len(text), device=claims.encoder.device)
        for weights in found.attentions:
            mixed = weights[0].mean(0).float() + torch.eye(len(text), device=flow.device)
            flow = (mixed / mixed.sum(-1, keepdim=True)) @ flow
        totals.append(flow.mean(0).double().cpu().numpy())
    return Claim(totals[0], totals[1])


def _input_gradient(claims: Claims, pair: Deletions, result: Attribution) -> Claim:
    """Hidden states times gradients, at the embedding output where replay reaches it."""
    readings = [claims.reading(side) for side in (result.a, result.b)]
    layer = 0
    try:
        readings[0].text.hidden(0)
    except LayerError:
        layer = result.layer
    hidden = [one.text.hidden(layer).detach().clone().requires_grad_() for one in readings]
    with torch.enable_grad():
        vectors = [
            one.reference.tail(layer)(h[None])[0] for one, h in zip(readings, hidden, strict=True)
        ]
        if claims.encoder.similarity == "cosine":
            vectors = [F.normalize(vector, dim=-1) for vector in vectors]
        gradients = torch.autograd.grad(vectors[0] @ vectors[1], hidden)
    own = [
        (gradient * h.detach()).sum(-1).double().cpu().numpy()
        for gradient, h in zip(gradients, hidden, strict=True)
    ]
    return Claim(own[0], own[1])


def _exact_match(claims: Claims, pair: Deletions, result: Attribution) -> Claim:
    a, b = ([piece.casefold() for piece in side.pieces] for side in (result.a, result.b))
    cells = np.array([[float(one == other) for other in b] for one in a])
    return Claim(cells.max(1), cells.max(0), cells, adds=False)


def _random(claims: Claims, pair: Deletions, result: Attribution) -> Claim:
    """By the texts alone, so that the same pair always has the same."""
    rng = np.random.default_rng(list(f"{result.a.text}\0{result.b.text}".encode()))
    return _of_cells(rng.normal(size=result.matrix.shape))


_METHODS: dict[str, Callable[[Claims, Deletions, Attribution], Claim]] = {
    "net": _net,
    "paper": _paper,
    "integrated-gradients": _integrated_gradients,
    "leave-one-out": _leave_one_out,
    "interactions": _interactions,
    "maxsim": _max_sim,
    "rollout": _rollout,
    "input-gradient": _input_gradient,
    "exact-match": _exact_match,
    "random": _random,
}
METHODS = tuple(_METHODS)
LAYERED = ("net", "paper", "integrated-gradients")


def _of_cells(cells: Float[np.ndarray, "A B"]) -> Claim:
    return Claim(cells.sum(1), cells.sum(0), cells)


def _content(side: Side) -> np.ndarray:
    return np.flatnonzero(~np.array(side.special))


def _spreads(pair: Deletions) -> tuple[Float[np.ndarray, "words A"], Float[np.ndarray, "words B"]]:
    """What shares a word's value out evenly among its tokens."""
    result = pair.result
    return (
        _reduction(pair.groups_a, len(result.a.tokens), adds=False),
        _reduction(pair.groups_b, len(result.b.tokens), adds=False),
    )


def _reduction(groups: Groups, positions: int, *, adds: bool) -> Float[np.ndarray, "words tokens"]:
    matrix = np.zeros((len(groups), positions))
    for word, group in enumerate(groups):
        matrix[word, list(group)] = 1.0 if adds else 1.0 / len(group)
    return matrix
