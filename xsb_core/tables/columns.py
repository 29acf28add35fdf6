"""Which columns of a table are the texts and the id; chosen by name, shown to whoever asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from xsb_core.errors import DataError

_ID_NAMES = ("id", "pair_id", "pairid")
_TEXT_NAMES = (
    ("sentence1", "sentence2"),
    ("sentence_1", "sentence_2"),
    ("sentence_a", "sentence_b"),
    ("text1", "text2"),
    ("text_1", "text_2"),
    ("text_a", "text_b"),
    ("question1", "question2"),
    ("query", "document"),
    ("query", "passage"),
    ("premise", "hypothesis"),
    ("anchor", "positive"),
    ("a", "b"),
)


@dataclass(frozen=True)
class Columns:
    """The part that each column of a table plays.

    Attributes:
        a: Name of the column with the first texts.
        b: The same for the second.
        id: Name of the column that names pairs; None: they are called by their row number.
        extra: The others, which are carried along.
    """

    a: str
    b: str
    id: str | None
    extra: tuple[str, ...]

    def __str__(self) -> str:
        named = self.id or "row number"
        along = f"; carried along: {', '.join(self.extra)}" if self.extra else ""
        return f"text A: {self.a}; text B: {self.b}; id: {named}{along}"


def choose_columns(
    name: str,
    names: Sequence[str],
    textual: Sequence[bool],
    wanted: tuple[str, str] | None,
) -> Columns:
    """Chooses the columns of a table.

    Args:
        name: What the table is called, for errors.
        names: Its columns, each with a name of its own.
        textual: Which of them seem to hold texts.
        wanted: The names of the two columns of texts; None takes the first pair of the usual names
            (sentence1 and sentence2, text_a and text_b, …), else the first two that hold texts.

    Returns:
        The columns.

    Raises:
        DataError: If there aren't two columns of texts, or not those that are wanted.
    """
    came = ", ".join(names) or "none"
    ids = [column for column in names if column.strip().lower() in _ID_NAMES]
    if wanted is not None:
        for column in wanted:
            if column not in names:
                raise DataError(f"{name} has no column {column!r}; its columns are: {came}.")
        if wanted[0] == wanted[1]:
            raise DataError(f"The two texts of a pair are two columns; {wanted[0]!r} came twice.")
        a, b = wanted
    elif texts := text_columns(names):
        a, b = (names[place] for place in texts)
    else:
        found = [
            column
            for column, is_text in zip(names, textual, strict=True)
            if is_text and column not in ids
        ]
        if len(found) < 2:
            raise DataError(
                f"{name} has no two columns of texts; expected two. Its columns are: {came}."
                f"{_separator_hint(names)}"
            )
        a, b = found[:2]
    own = next((column for column in ids if column not in (a, b)), None)
    extra = tuple(column for column in names if column not in (a, b, own))
    return Columns(a, b, own, extra)


def distinct_names(names: Sequence[str]) -> tuple[str, ...]:
    """The names with a number behind those that came before, or for those that are empty."""
    given: dict[str, None] = {}
    counts: dict[str, int] = {}  # so that a thousand equal names aren't counted a thousand times
    for place, name in enumerate(names, 1):
        base = name.strip() or f"column_{place}"
        own, count = base, counts.get(base, 1)
        while own in given:
            count += 1
            own = f"{base}_{count}"
        counts[base] = count
        given[own] = None
    return tuple(given)


def _separator_hint(names: Sequence[str]) -> str:
    """What to do about a table that was cut at the wrong places."""
    for sign, kind, advice in (
        (";", "semicolons", "save it with commas"),
        ("\t", "tabs", "name it .tsv"),
    ):
        if len(names) == 1 and sign in names[0]:
            return f" It seems to be separated by {kind}; {advice}."
    return ""


def text_columns(names: Sequence[str]) -> tuple[int, int] | None:
    """The places of the first and the second text among column names; None: not by name."""
    lower = [name.strip().lower() for name in names]
    for first, second in _TEXT_NAMES:
        if first in lower and second in lower:
            return lower.index(first), lower.index(second)
    return None
