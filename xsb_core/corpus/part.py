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
from xsb_core.errors import ModelError
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
        part, known = (rows[0].row, rows[-1].row + 1), rows_hash(rows)
        told, pairs, hows = [], [], []
        for row in rows:
            if isinstance(row, Pair):
                try:
                    hows.append(self._hows(row))
                    pairs.append((row.a, row.b))
                except ModelError as error:
                    row = _reject(row, error)
            told.append(row)
        found = attempt_pairs(self._store, pairs, hows, progress)
        self._folder.write(part, _results(told, found), known)

    def _hows(self, row: Pair) -> Instructions:
        """The row's own instructions, or the run's.

        Raises:
            ModelError: For the name of a prompt that the model does not have.
        """
        if not any(row.prompts):
            return self._instructions
        first, second = (
            self._store.encoder.instruction(prompt, how.task) if prompt else how
            for prompt, how in zip(row.prompts, self._instructions, strict=True)
        )
        return first, second


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
            yield _reject(row, result)
        else:
            yield row_of(row, result)


def _reject(row: Pair, error: ValueError) -> Reject:
    reason = str(error).rstrip(".")
    return Reject(row.row, row.line, reason[0].lower() + reason[1:])
