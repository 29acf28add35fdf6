"""Word pairs of a parsed pair of texts: their cells, and the strongest of them (section 5.1)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
import pandas as pd
from jaxtyping import Float

from xsb_core.attribution.cells import Look, matrix_of
from xsb_core.attribution.numerals import counted, signed
from xsb_core.attribution.result import Attribution
from xsb_core.attribution.words import grouped
from xsb_core.encoders.side import Side
from xsb_core.encoders.spans import Groups, tokens_in_ranges
from xsb_core.errors import ParseError
from xsb_core.studies.findings import Chart, Findings
from xsb_core.studies.gathered import of_models
from xsb_core.syntax.collapse import relations
from xsb_core.syntax.tree import Tree

SHARE = 0.1  # the paper's: the top 10% of a pair's cells


@dataclass(frozen=True, eq=False)
class WordCells:
    """A pair's cells with one row and column a word of the trees.

    Attributes:
        words_a: Which words of text A have a row, as places in its tree from 0; words that the
            model does not read have none.
        words_b: The same for B's columns.
        matrix: Means of the words' token cells, in units of the score.
    """

    words_a: tuple[int, ...]
    words_b: tuple[int, ...]
    matrix: Float[np.ndarray, "rows columns"]


@dataclass(frozen=True)
class Link:
    """A word pair.

    Attributes:
        word_a: The word's place in A's tree, from 0.
        word_b: The word's place in B's tree.
        relation_a: Its relation, as of ``relations``.
        relation_b: The same in B.
        value: Its cell, in units of the score.
    """

    word_a: int
    word_b: int
    relation_a: str
    relation_b: str
    value: float

    @property
    def relation(self) -> str:
        """Both relations, in alphabetical order: which text has which does not matter."""
        return "–".join(sorted((self.relation_a, self.relation_b)))


def word_cells(result: Attribution, tree_a: Tree, tree_b: Tree, cells: str = "net") -> WordCells:
    """Word cells as means of token cells; special tokens belong to no word.

    Args:
        result: A token-level attribution.
        tree_a: The tree of its text A.
        tree_b: The tree of its text B.
        cells: As ``Look.cells``: net ones, or the paper's.

    Returns:
        The cells.

    Raises:
        ParseError: If the model reads no word of a text.
    """
    places, groups = [], []
    for name, side, tree in (("A", result.a, tree_a), ("B", result.b, tree_b)):
        found = _tokens_of_words(side, tree)
        read = tuple(place for place, tokens in enumerate(found) if tokens)
        if not read:
            raise ParseError(f"The model reads no word of text {name}; give another text.")
        places.append(read)
        groups.append(tuple(found[place] for place in read))
    words = grouped(result, *groups, how="mean")
    return WordCells(*places, matrix=matrix_of(words, Look(cells=cells)))


def link_cells(
    result: Attribution, tree_a: Tree, tree_b: Tree, word_a: int, word_b: int
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Rows and columns of a word pair's token cells.

    Args:
        result: A token-level attribution.
        tree_a: The tree of its text A.
        tree_b: The tree of its text B.
        word_a: The word's place in A's tree, from 0.
        word_b: The word's place in B's tree.

    Returns:
        Positions in both texts; none where the model does not read the word.
    """
    of_a, of_b = _tokens_of_words(result.a, tree_a), _tokens_of_words(result.b, tree_b)
    return of_a[word_a], of_b[word_b]


def top_links(cells: WordCells, tree_a: Tree, tree_b: Tree, share: float = SHARE) -> list[Link]:
    """The word pairs with the largest cells, largest first.

    Args:
        cells: From ``word_cells``.
        tree_a: The tree of text A.
        tree_b: The tree of text B.
        share: How many of all cells, in (0, 1]; rounded up, so that there is at least one.

    Returns:
        The links; among equal values those of earlier words first.
    """
    of_a, of_b = relations(tree_a), relations(tree_b)
    values = cells.matrix.ravel()
    # 0.1 · 30 is a little more than 3 in binary numbers
    count = ceil(round(share * values.size, 9))
    links = []
    for place in np.argsort(-values, kind="stable")[:count].tolist():
        row, column = divmod(place, len(cells.words_b))
        a, b = cells.words_a[row], cells.words_b[column]
        links.append(Link(a, b, of_a[a], of_b[b], float(values[place])))
    return links


def link_table(links: Iterable[Link], tree_a: Tree, tree_b: Tree) -> pd.DataFrame:
    """One row a link: word_a and word_b as written, relation_a, relation_b, relation, value."""
    rows = [
        (
            tree_a.words[link.word_a].form,
            tree_b.words[link.word_b].form,
            link.relation_a,
            link.relation_b,
            link.relation,
            link.value,
        )
        for link in links
    ]
    names = ["word_a", "word_b", "relation_a", "relation_b", "relation", "value"]
    return pd.DataFrame(rows, columns=names)


def tree_findings(
    texts: Sequence[str], trees: Sequence[Tree], links: Mapping[str, list[Link]], parser: str
) -> Findings:
    """Two trees and their strongest word pairs.

    Args:
        texts: Both texts.
        trees: Their trees.
        links: By model, from ``top_links``.
        parser: What parsed the texts.
    """
    rows = of_models((model, link_table(own, *trees)) for model, own in links.items())
    told = [
        f"{row.model}: ‹{row.word_a}› – ‹{row.word_b}›, {row.relation}, {signed(row.value)}"
        for row in rows.itertuples()
    ]
    given = [f"{name}: {text}" for name, text in zip("AB", texts, strict=True)]
    return Findings(
        "links",
        "Syntax: two trees and their strongest word pairs",
        (
            *(_link_answer(model, own, *trees) for model, own in links.items()),
            *given,
            f"Parsed by {parser}.",
            *told,
        ),
        rows,
        {
            f"trees_{number}": Chart(
                "trees_figure", (*trees, own, model), f"Strongest word pairs of {model}"
            )
            for number, (model, own) in enumerate(links.items(), 1)
        },
    )


def _link_answer(model: str, links: list[Link], tree_a: Tree, tree_b: Tree) -> str:
    alike = [link for link in links if link.relation_a == link.relation_b]
    first = (alike or links)[0]
    words = f"‹{tree_a.words[first.word_a].form}› – ‹{tree_b.words[first.word_b].form}›"
    what = f"such as {words}, both {first.relation_a}" if alike else f"the strongest is {words}"
    return (
        f"{model}: {len(alike)} of the {counted(len(links), 'strongest word pair')} "
        f"{'has' if len(alike) == 1 else 'have'} one syntactic role in both texts; {what}."
    )


def _tokens_of_words(side: Side, tree: Tree) -> Groups:
    return tokens_in_ranges(side, [word.span for word in tree.words])
