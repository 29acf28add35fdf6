"""One part of a run: a range of input rows becomes a file of results."""

from collections.abc import Callable, Iterator
from typing import Any

from xsb_core.attribution.batching import FactorBatches
from xsb_core.attribution.pair import pair_attribution
from xsb_core.attribution.text_factors import Recipe
from xsb_core.corpus.folder import ResultsFolder
from xsb_core.corpus.schema import row_of, rows_hash
from xsb_core.corpus.store import FactorStore, text_key
from xsb_core.encoders.encoder import Encoder
from xsb_core.errors import TextError
from xsb_core.tables.rows import Pair, Reject, Row

Prompts = tuple[str | None, str | None]


class PartMaker:
    """Makes parts one after the other; a text that comes again is not computed again."""

    def __init__(
        self, encoder: Encoder, recipe: Recipe, prompts: Prompts, folder: ResultsFolder
    ) -> None:
        self._encoder, self._folder = encoder, folder
        self._instructions = encoder.instructions(prompts)
        self._batches = FactorBatches(encoder, recipe)
        self._store = FactorStore(folder.path)

    def make(self, rows: list[Row], progress: Callable[[float], None] | None = None) -> None:
        """Attributes some input rows and writes them as a part.

        Args:
            rows: Successive rows, usable or not.
            progress: Told the share of the work done; what it raises leaves the part undone.
        """
        pairs = [row for row in rows if isinstance(row, Pair)]
        self._compute(pairs, progress)
        part = (rows[0].row, rows[-1].row + 1)
        self._folder.write(part, self._results(rows), rows_hash(rows))

    def _compute(self, pairs: list[Pair], progress: Callable[[float], None] | None) -> None:
        """Puts into the store what it lacks."""
        lacking = {}
        for pair in pairs:
            for text, how in zip((pair.a, pair.b), self._instructions, strict=True):
                key = text_key(text, how)
                if key not in self._store:
                    lacking[key] = (text, how)
        keys, texts = [], []
        for key, (text, how) in lacking.items():
            try:
                texts.append(self._encoder.tokenise(text, how))
                keys.append(key)
            except TextError as error:
                self._store.add(key, str(error).rstrip("."))
        for number, found in self._batches.factors(texts, progress):
            finite = found.token.finite
            self._store.add(
                keys[number], found if finite else "the model gives values that are not finite"
            )

    def _results(self, rows: list[Row]) -> Iterator[dict[str, Any] | Reject]:
        for row in rows:
            yield row if isinstance(row, Reject) else self._result(row)

    def _result(self, pair: Pair) -> dict[str, Any] | Reject:
        found = [
            self._store.get(text_key(text, how))
            for text, how in zip((pair.a, pair.b), self._instructions, strict=True)
        ]
        for name, factors in zip("AB", found, strict=True):
            if isinstance(factors, str):
                return Reject(pair.row, pair.line, f"text {name}: {factors}")
        return row_of(pair, pair_attribution(*found))
