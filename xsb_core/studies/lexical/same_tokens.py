"""Same-token cells over a corpus, token by token (the paper's section 5.4 and appendix D).

One pass over the rows; what is held grows with the vocabulary, not with the corpus: count, mean and
sum of squares of each token (Welford 1962), and a uniform sample of bounded size of its cells
(reservoir sampling, Vitter's algorithm R) for densities and for finding pairs again.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pyarrow as pa

from xsb_core.attribution.cells import Look, matrix_of
from xsb_core.attribution.result import Attribution
from xsb_core.corpus.results import Results
from xsb_core.corpus.schema import attribution_of
from xsb_core.errors import DataError
from xsb_core.studies.gathered import Gathered, common_settings, source_names
from xsb_core.tables.strict_json import Count

SAMPLE = 100
_COLUMNS = ["row", "id", "pieces_a", "pieces_b", "special_a", "special_b", "matrix"]


@dataclass(frozen=True, eq=False)
class TokenCells(Gathered):
    """What one model gives to tokens that stand in both texts.

    Attributes:
        cells: How many same-token cells they have; those of special tokens are left out.
        tokens: One row a token of the vocabulary, in the order of their first cells: token (as the
            vocabulary spells it), count (its cells), mean, deviation (of a sample, n − 1; NaN for
            one cell), and of up to ``SAMPLE`` cells drawn from all with equal chances the lists
            values, sources (places in ``sources``), rows (of the results) and ids (of the input,
            or else its row).
    """

    KIND: ClassVar[str] = "lexical"
    TABLE: ClassVar[str] = "tokens"
    COLUMNS: ClassVar[pa.Schema] = pa.schema(
        [
            ("token", pa.string()),
            ("count", pa.int64()),
            ("mean", pa.float64()),
            ("deviation", pa.float64()),
            ("values", pa.list_(pa.float32())),
            ("sources", pa.list_(pa.int16())),
            ("rows", pa.list_(pa.int64())),
            ("ids", pa.list_(pa.string())),
        ]
    )

    cells: Count
    tokens: pd.DataFrame

    def cases(self, name: str) -> pd.DataFrame:
        """The cells kept of a token, largest first: value, source, row, id and token."""
        token = self.tokens[self.tokens["token"] == name].iloc[0]
        names = {"value": "values", "source": "sources", "row": "rows", "id": "ids"}
        cells = pd.DataFrame({name: token[lists] for name, lists in names.items()})
        return cells.assign(token=name).sort_values("value", ascending=False, ignore_index=True)


@dataclass(slots=True)
class _Token:
    """What is kept of a token's cells while they pass."""

    count: int = 0
    mean: float = 0.0
    squares: float = 0.0
    sample: list[tuple[float, int, int, str]] = field(default_factory=list)

    def add(self, value: float, place: tuple[int, int, str], random: np.random.Generator) -> None:
        self.count += 1
        step = value - self.mean
        self.mean += step / self.count
        self.squares += step * (value - self.mean)
        if len(self.sample) < SAMPLE:
            self.sample.append((value, *place))
        elif (at := int(random.integers(self.count))) < SAMPLE:
            self.sample[at] = (value, *place)

    @property
    def deviation(self) -> float:
        return math.sqrt(self.squares / (self.count - 1)) if self.count > 1 else math.nan


def gather_token_cells(
    results: Sequence[Results],
    progress: Callable[[float], None] | None = None,
    cells: str = "net",
) -> TokenCells:
    """Gathers the same-token cells of one model's results.

    A cell counts where both its tokens are the same entry of the vocabulary and neither is a
    special token; a token that comes twice in both texts has four cells.

    Args:
        results: One or several sets of pairs, explained in the same way.
        progress: Told the share that is done, in [0, 1].
        cells: As ``Look.cells``: net ones, or the paper's.

    Returns:
        The cells.

    Raises:
        DataError: If the results differ in model, layer or cosine, or hold no pair.
    """
    settings = common_settings(results, Look(cells=cells).cells)
    total = sum(map(len, results))
    random = np.random.default_rng(0)
    tokens: dict[str, _Token] = {}
    pairs = 0
    for source, one in enumerate(results):
        for row in one.rows(_COLUMNS if cells == "paper" else None):
            matrix = row["matrix"]
            if cells == "net":
                matrix = attribution_of(row, one.manifest.shared).net_matrix
            place = (source, row["row"], row["id"] or str(row["row"]))
            for piece, value in _same_token_cells(row, matrix):
                tokens.setdefault(piece, _Token()).add(value, place, random)
            pairs += 1
            if progress and pairs % 50 == 0:
                progress(min(pairs / total, 1.0))
    if not pairs:
        raise DataError("The results hold no pair yet; wait for the batch run, or give others.")
    return TokenCells(
        settings,
        source_names(results),
        pairs,
        sum(token.count for token in tokens.values()),
        _table(tokens),
    )


def token_cell(
    result: Attribution, token: str, value: float, cells: str = "net"
) -> tuple[int, int]:
    """Row and column of a token's cell in a pair's result.

    Args:
        result: A pair, at token level.
        token: The token, as the vocabulary spells it.
        value: The cell's value as gathered; of several cells the nearest one is taken, as the
            results may have had another tolerance.
        cells: Which cells were gathered.

    Raises:
        DataError: If the token is not in both texts, so that the pair is another one.
    """
    rows, columns = (
        [at for at, piece in enumerate(side.pieces) if piece == token and not side.special[at]]
        for side in (result.a, result.b)
    )
    places = [(row, column) for row in rows for column in columns]
    if not places:
        raise DataError(
            f"‹{token}› is not in both texts (“{result.a.text}” and “{result.b.text}”), so this is "
            "not the pair that the study is of; give the set that it was made of."
        )
    matrix = matrix_of(result, Look(cells=cells))
    return min(places, key=lambda place: abs(float(matrix[place]) - value))


def _same_token_cells(row: dict[str, Any], matrix: Any) -> list[tuple[str, float]]:
    plain_a, plain_b = (
        {
            at: piece
            for at, (piece, special) in enumerate(
                zip(row[f"pieces_{side}"], row[f"special_{side}"], strict=True)
            )
            if not special
        }
        for side in "ab"
    )
    return [
        (piece, float(matrix[i][j]))
        for i, piece in plain_a.items()
        for j, other in plain_b.items()
        if piece == other
    ]


def _table(tokens: dict[str, _Token]) -> pd.DataFrame:
    rows = [
        (
            piece,
            token.count,
            token.mean,
            token.deviation,
            *map(list, zip(*token.sample, strict=True)),
        )
        for piece, token in tokens.items()
    ]
    return pd.DataFrame(rows, columns=TokenCells.COLUMNS.names)
