"""One part of a run: a range of input rows becomes a file of results."""

from collections.abc import Iterator
from typing import Any

from xsb_core.attribution.attribute import Instructions, attempt_pairs
from xsb_core.attribution.recipe import Recipe
from xsb_core.attribution.result import Attribution
from xsb_core.attribution.store import FactorStore
from xsb_core.corpus.folder import ResultsFolder
from xsb_core.corpus.schema import row_of, rows_hash
from xsb_core.encoders.encoder import Encoder
from xsb_core.integration.jacobians import Progress
from xsb_core.tables.rows import Pair, Reject, Row


class PartMaker:
    """Makes parts one after the other; a text that comes again is not computed again."""

    def __init__(
        self, encoder: Encoder, recipe: Recipe, hows: Instructions, folder: ResultsFolder
    ) -> None:
        self._instructions, self._folder = hows, folder
        self._store = FactorStore(encoder, recipe, folder.path)

    def make(self, rows: list[Row], progress: Progress | None = None) -> None:
        """Attributes some input rows and writes them as a part.

        Args:
            rows: Successive rows, usable or not.
            progress: Told the share of the work done; what it raises leaves the part undone.
        """
        pairs = [(row.a, row.b) for row in rows if isinstance(row, Pair)]
        found = attempt_pairs(self._store, pairs, self._instructions, progress)
        part = (rows[0].row, rows[-1].row + 1)
        self._folder.write(part, _results(rows, found), rows_hash(rows))


def _results(
    rows: list[Row], found: Iterator[Attribution | ValueError]
) -> Iterator[dict[str, Any] | Reject]:
    """Each usable row with what was found for it, and the others as they are."""
    for row in rows:
        if isinstance(row, Reject):
            yield row
            continue
        result = next(found)
        if isinstance(result, ValueError):
            reason = str(result).rstrip(".")
            yield Reject(row.row, row.line, reason[0].lower() + reason[1:])
        else:
            yield row_of(row, result)
