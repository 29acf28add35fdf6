"""Adjective triplets in a template: an anchor with a synonym, and with an opposite."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from xsb_core.attribution.numerals import signed
from xsb_core.attribution.result import Attribution
from xsb_core.encoders.ready import ASSETS
from xsb_core.encoders.spans import positions_at
from xsb_core.errors import DataError, about_text
from xsb_core.tables.files import user_path
from xsb_core.tables.reading import open_table

ROLES = ("anchor", "synonym", "opposite")
KINDS = ROLES[1:]
SLOT = "___"
DEFAULT_TEMPLATE = f"This house is {SLOT}."
TRIPLETS_FILE = ASSETS / "adjectives.csv"

_SLOT = re.compile("_{2,}")
# How much less similar an opposite makes the sentences, from which they are told apart.
_TOLD_APART = 0.1


@dataclass(frozen=True)
class Triplet:
    """An adjective with one that means the same and one that means the opposite.

    Attributes:
        anchor: The adjective that both pairs have.
        synonym: One of the same meaning.
        opposite: One of the opposite meaning.
    """

    anchor: str
    synonym: str
    opposite: str


@dataclass(frozen=True)
class Placed:
    """An adjective in a sentence.

    Attributes:
        sentence: The template with the adjective in its slot.
        start: The adjective's first character.
        end: The character behind its last.
    """

    sentence: str
    start: int
    end: int


def paper_triplets() -> tuple[Triplet, ...]:
    """The paper's 23 triplets (its Table 2)."""
    return read_triplets(TRIPLETS_FILE)


def read_triplets(path: str | Path) -> tuple[Triplet, ...]:
    """Triplets from a file.

    Args:
        path: A CSV, TSV, JSON Lines or Parquet file with the columns anchor, synonym and opposite;
            without such names, of three columns in this order.

    Returns:
        The triplets, checked.

    Raises:
        DataError: If the file can't be read, or has not these columns, or a row is no triplet.
    """
    path = user_path(path)
    table = open_table(path, None, None)
    places = {name.strip().lower(): name for name in table.names}
    if all(role in places for role in ROLES):
        names = [places[role] for role in ROLES]
    elif table.names == ("column_1", "column_2", "column_3"):
        names = list(table.names)
    else:
        raise DataError(
            f"{path} has the columns {', '.join(table.names)}; expected {', '.join(ROLES)}."
        )
    rows = []
    for record in table.records():
        if record.problem:
            raise DataError(f"Line {record.line} of {path} can't be read: {record.problem}.")
        rows.append([record.values.get(name) for name in names])
    return check_triplets(rows)


def check_triplets(rows: Iterable[Sequence[Any]]) -> tuple[Triplet, ...]:
    """Makes triplets of a table's rows, as a person typed them.

    Args:
        rows: Three cells each; a row of which all are empty is passed over.

    Returns:
        The triplets, without spaces round the adjectives.

    Raises:
        DataError: If there is none, a cell is empty, an adjective comes twice in its triplet, or a
            triplet comes twice.
    """
    triplets: dict[Triplet, int] = {}
    for number, row in enumerate(rows, 1):
        cells = ["" if pd.isna(cell) else str(cell).strip() for cell in row]
        if not any(cells):
            continue
        triplet = check_triplet(cells, f"Triplet {number}")
        if triplet in triplets:
            raise DataError(
                f"Triplet {number} is the same as triplet {triplets[triplet]} "
                f"({', '.join(cells)}); delete one of them."
            )
        triplets[triplet] = number
    if not triplets:
        raise DataError(
            "The table of triplets is empty; give at least one anchor with its synonym and its "
            "opposite."
        )
    return tuple(triplets)


def check_triplet(cells: Sequence[str], name: str = "The triplet") -> Triplet:
    """Makes a triplet of three cells.

    Args:
        cells: Anchor, synonym and opposite, as a person typed them.
        name: What to call it in errors.

    Raises:
        DataError: If a cell is empty, or an adjective comes twice.
    """
    cells = [cell.strip() for cell in cells]
    for role, cell in zip(ROLES, cells, strict=True):
        if not cell:
            raise DataError(f"{name} has no {role}; type one.")
    if len({cell.lower() for cell in cells}) < len(cells):
        raise DataError(
            f"{name} has the same adjective twice ({', '.join(cells)}); its three must differ."
        )
    return Triplet(*cells)


def check_templates(templates: Iterable[str]) -> tuple[str, ...]:
    """Checks templates as a person typed them, one each; blank ones are passed over.

    Raises:
        DataError: If there is none, one has not exactly one slot, or one comes twice.
    """
    found: dict[str, None] = {}
    for template in map(str.strip, templates):
        if not template:
            continue
        slots = len(_SLOT.findall(template))
        if slots != 1:
            came = "no slot" if slots == 0 else f"{slots} slots"
            raise DataError(
                f"The template “{template}” has {came}; put {SLOT} exactly once, where the "
                "adjective goes."
            )
        if template in found:
            raise DataError(f"The template “{template}” comes twice; delete one of them.")
        found[template] = None
    if not found:
        raise DataError(f"There is no template; type one, such as “{DEFAULT_TEMPLATE}”")
    return tuple(found)


def place(template: str, adjective: str) -> Placed:
    """Puts an adjective into a template's slot."""
    slot = _SLOT.search(template)
    assert slot  # as templates_of sees to
    start, end = slot.span()
    sentence = template[:start] + adjective + template[end:]
    return Placed(sentence, start, start + len(adjective))


def adjective_cells(
    result: Attribution, a: Placed, b: Placed
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Rows and columns of an adjective pair, in a result for both sentences.

    Args:
        result: At token or word level.
        a: The first sentence's adjective.
        b: The second's.

    Raises:
        TextError: If the model cut a sentence before its adjective.
    """
    found = []
    for name, side, placed in (("A", result.a, a), ("B", result.b, b)):
        with about_text(name):
            found.append(positions_at(side, placed.start, placed.end, result.model))
    return found[0], found[1]


def adjective_attribution(result: Attribution, a: Placed, b: Placed, cells: str = "paper") -> float:
    """The attribution of an adjective pair: the mean of its token cells (the paper's section 5.3).

    Args:
        result: A token-level attribution of the two sentences.
        a: The first sentence's adjective.
        b: The second's.
        cells: "net" or "paper", as of ``Look``.

    Returns:
        Its value, in units of the score.
    """
    matrix = result.net_matrix if cells == "net" else result.matrix
    rows, columns = adjective_cells(result, a, b)
    return float(matrix[list(rows)][:, list(columns)].mean())


def adjective_answer(
    words: Sequence[str], scores: Sequence[float], attributions: Sequence[float]
) -> str:
    """Says whether a model tells a synonym from an opposite.

    Args:
        words: The synonym and the opposite.
        scores: Of the anchor's sentence with each one's.
        attributions: Of the anchor's pair with each.

    Returns:
        One sentence; it holds the words.

    Examples:
        >>> adjective_answer(("pretty", "ugly"), (0.9, 0.7), (0.1, -0.1)).split(":")[0]
        'Yes'
    """
    side = "raises the score all the same" if attributions[1] > 0 else "lowers the score"
    return (
        f"{'Yes' if scores[0] - scores[1] > _TOLD_APART else 'Hardly'}: with ‹{words[1]}› the "
        f"sentences are {scores[1]:.2f} similar, with ‹{words[0]}› {scores[0]:.2f}; the pair of "
        f"opposites itself {side} ({signed(attributions[1], 2)}; synonyms "
        f"{signed(attributions[0], 2)})."
    )
