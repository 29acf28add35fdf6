"""The strongest word pairs of a corpus and their relations (the paper's section 5.1, Fig. 6)."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pandas as pd
import pyarrow as pa
from scipy import stats

from xsb_core.attribution.numerals import correlation
from xsb_core.corpus.results import Results
from xsb_core.corpus.schema import attribution_of
from xsb_core.encoders.ready import ASSETS
from xsb_core.errors import DataError, ParseError
from xsb_core.studies.findings import Chart, Findings
from xsb_core.studies.gathered import (
    Gathered,
    common_settings,
    of_models,
    source_names,
    unlike_notes,
)
from xsb_core.studies.syntax.word_links import SHARE, top_links, word_cells
from xsb_core.syntax.conllu import write_conllu
from xsb_core.syntax.parser import Parser
from xsb_core.syntax.treebank import Treebank
from xsb_core.tables.strict_json import Count, Finite

SEVERAL, MISSING = "split into several sentences", "without a parse"
UNREAD = "whose words are not the text's or not read by the model"
# Parses by hand of the examples that pages offer, for a machine without a parser.
EXAMPLE_PARSES = ASSETS / "studies" / "syntax" / "examples.conllu"
PARSER_NOTE = (
    "The shipped study's parses are of a small Stanza pipeline that was trained on UD English EWT "
    "without pretrained vectors; on that treebank's test set it has 65.7% of words with the right "
    "head and relation (LAS), which is less than the official models."
)


@dataclass(frozen=True, eq=False)
class WordPairs(Gathered):
    """The strongest word pairs of one model's results.

    Attributes:
        parser: What parsed the texts.
        share: Which part of a pair's word cells was taken.
        left_out: How many pairs don't count, by reason (``SEVERAL``, ``MISSING`` or ``UNREAD``).
        links: One row a word pair: source (its place in ``sources``), row (of the results), id (of
            the input, or else its row), word_a and word_b (places in the trees, from 0), relation
            (both, in alphabetical order) and value.
    """

    KIND: ClassVar[str] = "syntax"
    TABLE: ClassVar[str] = "links"
    COLUMNS: ClassVar[pa.Schema] = pa.schema(
        [
            ("source", pa.int16()),
            ("row", pa.int64()),
            ("id", pa.string()),
            ("word_a", pa.int16()),
            ("word_b", pa.int16()),
            ("relation", pa.string()),
            ("value", pa.float32()),
        ]
    )

    parser: str
    share: Finite
    left_out: dict[str, Count]
    links: pd.DataFrame

    def cases(self, name: str) -> pd.DataFrame:
        """The word pairs of a relation, largest first: rows of ``links``."""
        own = self.links[self.links["relation"] == name]
        return own.sort_values("value", ascending=False, ignore_index=True)


@dataclass(frozen=True, eq=False)
class FrequencyAgreement:
    """How often two models' strongest word pairs have each relation.

    Attributes:
        spearman: Rank correlation of the shares over all relations of either; NaN where one model
            has all of them equally often.
        same: The same over pairs of one relation (nsubj–nsubj).
        mixed: The same over pairs of two.
        relations: One row a relation, by the mean of both shares: relation, and of each model
            (suffixes _1 and _2) count, share (of its word pairs) and rank (missing where the count
            is 0).
    """

    spearman: float
    same: float
    mixed: float
    relations: pd.DataFrame


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
    texts: dict[str, None] = {}
    for one in results:
        for row in one.rows(["text_a", "text_b"]):
            texts |= dict.fromkeys((row["text_a"], row["text_b"]))
    documents = parser.parse(list(texts), progress)
    if keep:
        write_conllu(documents, keep)
    return Treebank(documents, parser.name)


def gather_word_pairs(
    results: Sequence[Results],
    treebank: Treebank,
    *,
    share: float = SHARE,
    progress: Callable[[float], None] | None = None,
    cells: str = "net",
) -> WordPairs:
    """Takes the strongest word pairs of every pair of one model's results.

    Args:
        results: One or several sets of pairs, explained in the same way.
        treebank: The parses of their texts.
        share: How many of a pair's word cells, as in ``top_links``.
        progress: Told the share of pairs that is done, in [0, 1].
        cells: As ``Look.cells``: net ones, or the paper's.

    Returns:
        They. Pairs with a text that was split into sentences, that nobody parsed, or of which
        the model reads no word are left out and counted.

    Raises:
        DataError: If the results differ in model, layer or cosine, or no pair is left.
    """
    settings = common_settings(results, cells)
    total, done = sum(map(len, results)), 0
    rows: list[tuple] = []
    left_out: Counter[str] = Counter()
    for source, one in enumerate(results):
        for row in one.rows():
            done += 1
            texts = (row["text_a"], row["text_b"])
            try:
                trees = [treebank.tree(text) for text in texts]
                result = attribution_of(row, one.manifest.shared)
                links = top_links(word_cells(result, *trees, cells=cells), *trees, share=share)
            except ParseError:
                left_out[_reason([treebank.sentences(text) for text in texts])] += 1
                continue
            place = (source, row["row"], row["id"] or str(row["row"]))
            for link in links:
                rows.append((*place, link.word_a, link.word_b, link.relation, link.value))
            if progress and done % 20 == 0:
                progress(min(done / total, 1.0))
    pairs = done - left_out.total()
    if not pairs:
        reasons = " and ".join(f"{count} {reason}" for reason, count in left_out.items())
        raise DataError(
            f"No pair of the results can be used ({reasons or 'there are none'}); give parses of "
            "these very texts, one sentence each."
        )
    return WordPairs(
        settings,
        source_names(results),
        pairs,
        treebank.name,
        share,
        dict(left_out),
        pd.DataFrame(rows, columns=WordPairs.COLUMNS.names),
    )


def frequencies(gathered: WordPairs) -> pd.DataFrame:
    """How often each relation is among the word pairs, most frequent first.

    Returns:
        Columns rank (from 1), relation, count, share (of all these word pairs, in [0, 1])
        and mean (of the cells).
    """
    by_relation = gathered.links.groupby("relation")["value"].agg(["size", "mean"]).reset_index()
    table = by_relation.rename(columns={"size": "count"})
    table["share"] = table["count"] / len(gathered.links)
    table = table.sort_values(["count", "relation"], ascending=[False, True], ignore_index=True)
    table.insert(0, "rank", range(1, len(table) + 1))
    return table[["rank", "relation", "count", "share", "mean"]]


def frequency_agreement(first: WordPairs, second: WordPairs) -> FrequencyAgreement:
    """Sets two models' frequencies side by side; a relation that one lacks has a count of 0."""
    columns = ["relation", "count", "share", "rank"]
    both = frequencies(first)[columns].merge(
        frequencies(second)[columns], on="relation", how="outer", suffixes=("_1", "_2")
    )
    counts = [f"{name}{suffix}" for suffix in ("_1", "_2") for name in ("count", "share")]
    both[counts] = both[counts].fillna(0)
    whole = [f"{name}{suffix}" for suffix in ("_1", "_2") for name in ("count", "rank")]
    both[whole] = both[whole].astype("Int64")
    both["mean"] = both[["share_1", "share_2"]].mean(axis=1)
    both = both.sort_values(["mean", "relation"], ascending=[False, True], ignore_index=True)
    same = both["relation"].map(lambda relation: len(set(relation.split("–"))) == 1)
    return FrequencyAgreement(
        _spearman(both), _spearman(both[same]), _spearman(both[~same]), both.drop(columns="mean")
    )


def relation_findings(gathered: Sequence[WordPairs]) -> Findings:
    """How often each relation is among the strongest word pairs, and how far two models agree.

    Args:
        gathered: Of one model or more.
    """
    tables = {one.model: frequencies(one) for one in gathered}
    answers, notes = list(map(word_pairs_sentence, gathered)), ()
    if len(gathered) == 2:
        agreed = frequency_agreement(*gathered)
        answers.insert(0, frequency_sentence(agreed))
        notes = tuple(unlike_notes(*gathered))
        charts = {"relations": Chart("frequency_figure", (agreed.relations, *tables), "Relations")}
    else:
        charts = {
            "relations" if len(tables) == 1 else f"relations_{number}": Chart(
                "frequency_figure", (table, model), f"Relations in {model}", model
            )
            for number, (model, table) in enumerate(tables.items(), 1)
        }
    title = "Syntax: relations of the strongest word pairs"
    rows = of_models(tables.items())
    return Findings("syntax", title, tuple(answers), rows, charts, notes=notes)


def word_pairs_sentence(gathered: WordPairs) -> str:
    """What word pairs are of."""
    left_out = ", ".join(f"{count:,} {reason}" for reason, count in gathered.left_out.items())
    return (
        f"{gathered.heading}: the top {gathered.share:.0%} of the word cells of "
        f"{gathered.pairs:,} pairs ({', '.join(gathered.sources)}), {len(gathered.links):,} word "
        f"pairs, parsed by {gathered.parser}"
        + (f"; pairs left out: {left_out}." if left_out else ".")
    )


def frequency_sentence(agreed: FrequencyAgreement) -> str:
    """How far two models' frequencies agree."""
    return (
        f"Rank correlation of both models' frequencies: {correlation(agreed.spearman)} over "
        f"all {len(agreed.relations)} relations, {correlation(agreed.same)} between words of the "
        f"same function, {correlation(agreed.mixed)} between words of different ones."
    )


def _reason(sentences: list[int]) -> str:
    """Why a pair whose texts were parsed as so many sentences is left out."""
    if 0 in sentences:
        return MISSING
    return SEVERAL if max(sentences) > 1 else UNREAD


def _spearman(table: pd.DataFrame) -> float:
    if min(table["share_1"].nunique(), table["share_2"].nunique()) < 2:
        return float("nan")
    return float(stats.spearmanr(table["share_1"], table["share_2"]).statistic)
