"""The parses that a study needs: all texts of some results."""

from collections.abc import Callable, Iterable
from pathlib import Path

from xsb_core.corpus.results import Results
from xsb_core.syntax.conllu import write_conllu
from xsb_core.syntax.parser import Parser
from xsb_core.syntax.treebank import Treebank


def texts_of(results: Iterable[Results]) -> list[str]:
    """Every text of some results, once."""
    texts: dict[str, None] = {}
    for one in results:
        for row in one.rows(["text_a", "text_b"]):
            texts |= dict.fromkeys((row["text_a"], row["text_b"]))
    return list(texts)


def parse_results(
    results: Iterable[Results],
    parser: Parser,
    *,
    progress: Callable[[float], None] | None = None,
    keep: Path | None = None,
) -> Treebank:
    """Parses every text of some results once.

    Args:
        results: The results.
        parser: What parses.
        progress: Told the share of texts that is done, in [0, 1].
        keep: A CoNLL-U file to write the parses to, to be read in place of parsing again.

    Returns:
        The parses.
    """
    documents = parser.parse(texts_of(results), progress)
    if keep:
        write_conllu(documents, keep)
    return Treebank(documents, parser.name)
