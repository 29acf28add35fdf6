"""The one result type: a pair's attribution with its account, its settings and its error."""

import dataclasses
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from jaxtyping import Float

from xsb_core.encoders.side import Side
from xsb_core.errors import DataError
from xsb_core.tables.strict_json import Count, Finite, Size, checked, one_of, read_json

FORMAT = 1
# What a model compares by, in words.
SIMILARITIES = {
    "cosine": "cosine similarity",
    "dot": "dot product",
    "maxsim": "MaxSim",
    "meanmaxsim": "mean MaxSim",
}
Similarity = Annotated[str, one_of(*SIMILARITIES)]
Kind = Annotated[str, one_of("dense", "sparse", "late interaction")]
Cosine = Annotated[str, one_of("through", "endpoint")]
Rule = Annotated[str, one_of("gauss-legendre", "right-endpoint")]
LARGEST = 512 * 2**20  # bytes of a saved result: some 5,000 × 5,000 cells


@dataclass(frozen=True)
class ReferenceTerms:
    """The similarities that involve a reference (the paper's Eq. 2, left side).

    Attributes:
        a_rb: f(a, r_b).
        b_ra: f(b, r_a).
        ra_rb: f(r_a, r_b).
    """

    a_rb: Finite
    b_ra: Finite
    ra_rb: Finite


@dataclass(frozen=True)
class Term:
    """A term of a sparse model's vocabulary that both texts have a weight for.

    Attributes:
        term: As the vocabulary spells it.
        value: The product of its two weights, in units of the score.
        row: The token of the first text that it was traced to; of a sum, the one with most of it.
        column: The same for the second text.

    Examples:
        >>> Term("dog", 0.25, row=1, column=2).value
        0.25
    """

    term: str
    value: Finite
    row: Count
    column: Count


@dataclass(frozen=True, eq=False)
class Attribution:
    """Why an encoder finds two texts as similar as it does.

    The account is exact up to the residuals: ``score`` = ``sum_matrix`` + ``sum_border_a`` +
    ``sum_border_b`` + ``corner``, for any encoder (docs/method.md, section 5). The three
    sums are always those of single tokens; where cells are word means (``words == "mean"``) the
    cells shown add up to less.

    Attributes:
        model: Name of the encoder.
        revision: The model's commit on the hub, where it came from there.
        layer: Attribution is to the hidden states that enter this block (0: the embeddings).
        blocks: How many transformer blocks the encoder has.
        shifted: Whether the encoder maps its references to the zero vector.
        similarity: "cosine" or "dot", as the model's configuration says; of late interaction
            "maxsim" or "meanmaxsim", with the first text as the query.
        cosine: "through", "endpoint", or None for dot product (docs/method.md, section 4).
        quadrature: "gauss-legendre" or "right-endpoint".
        tolerance: The residual asked for, or, with fixed steps, the one to judge by.
        steps: The fixed number of nodes; None where they were raised until the tolerance was met.
        a: The first text (rows).
        b: The second text (columns).
        words: None for token cells, else how token cells became word cells: "mean" or "sum".
        matrix: S_a × S_b cells, in units of the score.
        border_a: S_a, each row's share in f(a, r_b) − f(r_a, r_b).
        border_b: S_b, each column's share in f(b, r_a) − f(r_a, r_b).
        corner: The references' own term.
        score: f(a, b), the model's prediction.
        reference_terms: f(a, r_b), f(b, r_a), f(r_a, r_b).
        sum_matrix: ΣA over token cells.
        sum_border_a: Sum of the border column over tokens of a.
        sum_border_b: Sum of the border row over tokens of b.
        residual_a: Relative completeness residual of the first text's factors (docs/method.md,
            section 2).
        residual_b: The same for the second text.
        nodes_a: Quadrature nodes that the first text took.
        nodes_b: The same for the second text.
        converged: Whether residuals and errors of both texts meet the tolerance.
        device: Where it was computed.
        dtype: Precision of the computation.
        seconds: Wall-clock time of the attribution.
        versions: Versions of the libraries that the numbers depend on.
        stored: Precision that the model's weights are kept in; None: unknown.
        notes: What to know of the model before its score, a sentence each.
        error_a: Estimated error of the first text's single factors, in the unit of the residual:
            it counts what cancels in their sum (docs/method.md, section 3). This and what follows
            is None in files of version 1.
        error_b: The same for the second text.
        cell_error: What a token cell may be off by, about, in units of the score.
        panels_a: How many panels of its path the first text's nodes lie on; 1: a single rule.
        panels_b: The same for the second text.
        work_a: Tangents that the first text took: nodes times tokens, over all attempts.
        work_b: The same for the second text.
        needed_a: Tangents that the tolerance takes, as far as foreseen.
        needed_b: The same for the second text.
        work_limit: The most tangents that a text was allowed.
        kind: What the model gives a text: one "dense" embedding; a "sparse" one, whose terms are
            traced to tokens; or an embedding of each token ("late interaction"), of which each of
            the first text's has one cell, with the best of the second's. The latter two have
            neither references nor an integral, and one layer, 0.
        terms: The vocabulary's terms that two sparse embeddings share, the largest first: they add
            up to the score. Empty for other kinds, and where they were not kept.
    """

    model: str
    revision: str | None
    layer: Count
    blocks: Count
    shifted: bool
    similarity: Similarity
    cosine: Cosine | None
    quadrature: Rule
    tolerance: Size
    steps: Count | None
    a: Side
    b: Side
    words: Annotated[str, one_of("mean", "sum")] | None
    matrix: Float[np.ndarray, "rows columns"]
    border_a: Float[np.ndarray, " rows"]
    border_b: Float[np.ndarray, " columns"]
    corner: Finite
    score: Finite
    reference_terms: ReferenceTerms
    sum_matrix: Finite
    sum_border_a: Finite
    sum_border_b: Finite
    residual_a: Size
    residual_b: Size
    nodes_a: Count
    nodes_b: Count
    converged: bool
    device: str
    dtype: str
    seconds: Size
    versions: dict[str, str]
    stored: str | None = None
    notes: tuple[str, ...] = ()
    error_a: Size | None = None
    error_b: Size | None = None
    cell_error: Size | None = None
    panels_a: Count | None = None
    panels_b: Count | None = None
    work_a: Count | None = None
    work_b: Count | None = None
    needed_a: Count | None = None
    needed_b: Count | None = None
    work_limit: Count | None = None
    kind: Kind = "dense"
    terms: tuple[Term, ...] = ()

    def __post_init__(self) -> None:
        rows, columns = len(self.a.tokens), len(self.b.tokens)
        shapes = {"matrix": (rows, columns), "border_a": (rows,), "border_b": (columns,)}
        for name, shape in shapes.items():
            values = np.array(getattr(self, name), dtype=np.float64)
            if values.shape != shape:
                raise ValueError(
                    f"{name}: expected the shape {shape}, for {rows} and {columns} tokens, got "
                    f"{values.shape}"
                )
            values.setflags(write=False)
            object.__setattr__(self, name, values)

    @property
    def closed(self) -> bool:
        """Whether its factors are sums over tokens as they are: no integral, nothing estimated."""
        return self.kind != "dense" or self.nodes_a == self.nodes_b == 0

    @property
    def place(self) -> str:
        """Where it attributes to, for a reader: a layer, or the kind of a model without one."""
        if self.closed:
            return f"{self.kind if self.kind != 'dense' else 'rows of tokens'}, in closed form"
        return f"layer {self.layer} of {self.blocks} blocks"

    @property
    def net_matrix(self) -> Float[np.ndarray, "rows columns"]:
        """Cells with the references' part shared out among tokens, in units of the score.

        Ñ_ij = (u_i + w_i ρ_a) · (v_j + w'_j ρ_b), with w_i = ‖u_i‖ / Σ‖u‖, or even where a saved
        result holds no shares. They add up to the score for any encoder, as long as cells are not
        word means, and are the cells themselves where references are zero. Source: docs/method.md,
        section 7.
        """
        return net_cells(
            self.matrix, self.border_a, self.border_b, self.corner, self.a.parts, self.b.parts
        )

    def to_dict(self) -> dict[str, Any]:
        """The result as plain JSON values; each side's fields carry the suffix ``_a`` or ``_b``."""
        values = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        for name in ("matrix", "border_a", "border_b"):
            values[name] = values[name].tolist()
        values["net_matrix"] = self.net_matrix.tolist()
        values["reference_terms"] = dataclasses.asdict(self.reference_terms)
        values["terms"] = [dataclasses.asdict(term) for term in self.terms]
        for suffix in ("a", "b"):
            side = values.pop(suffix)
            values |= {f"{name}_{suffix}": part for name, part in dataclasses.asdict(side).items()}
        return {"format": FORMAT} | values

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Attribution":
        """Rebuilds a result from ``to_dict``'s output; a field with a default may be missing.

        Raises:
            DataError: If this is not such an output, naming what is missing or wrong.
        """
        if not isinstance(values, dict) or values.get("format") != FORMAT:
            raise DataError(
                f"Expected an attribution saved by this library (format {FORMAT}); save it again "
                "with Attribution.save or 'explain --json'."
            )
        parts = [f.name for f in dataclasses.fields(Side)]
        sides = {
            suffix: {
                name: values[f"{name}_{suffix}"] for name in parts if f"{name}_{suffix}" in values
            }
            for suffix in ("a", "b")
        }
        try:
            return checked(values | sides, cls)
        except DataError as error:
            field = re.sub(r"^([ab])\.(\w+)", r"\2_\1", str(error))
            raise DataError(f"The saved attribution is broken ({field}); save it again.") from error

    def to_json(self) -> str:
        """The result as one JSON object on one line."""
        return json.dumps(self.to_dict(), ensure_ascii=False, allow_nan=False)

    def save(self, path: str | Path) -> None:
        """Writes the result to a JSON file (UTF-8)."""
        Path(path).write_text(self.to_json() + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> "Attribution":
        """Reads a result that ``save`` wrote, of at most 512 MiB.

        Raises:
            DataError: If the file is not a saved attribution, naming what is missing or wrong.
        """
        try:
            values = read_json(Path(path), LARGEST)
        except DataError as error:
            raise DataError(f"{path} can't be read ({error}); save it again.") from error
        return cls.from_dict(values)


def net_cells(
    matrix: Float[np.ndarray, "rows columns"],
    border_a: Float[np.ndarray, " rows"],
    border_b: Float[np.ndarray, " columns"],
    corner: float,
    share_a: Float[np.ndarray, " rows"],
    share_b: Float[np.ndarray, " columns"],
) -> Float[np.ndarray, "rows columns"]:
    """Cells with border and corner shared out (docs/method.md, section 7)."""
    from_a, from_b = np.outer(border_a, share_b), np.outer(share_a, border_b)
    return matrix + from_a + from_b + corner * np.outer(share_a, share_b)
