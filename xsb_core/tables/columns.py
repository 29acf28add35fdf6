"""Which columns of a table are the texts and the id; chosen by name, shown to whoever asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from xsb_core.errors import DataError

_ID_NAMES = ("id", "pair_id", "pairid")
_PROMPT_NAMES = ("prompt_a", "prompt_b")
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
        prompt_a: Name of the column with what is put before each first text; None: there is none.
        prompt_b: The same for the second.
    """

    a: str
    b: str
    id: str | None
    extra: tuple[str, ...]
    prompt_a: str | None = None
    prompt_b: str | None = None

    @property
    def prompts(self) -> tuple[str | None, str | None]:
        """Names of the columns of instructions, for the first and the second text."""
        return self.prompt_a, self.prompt_b

    def __str__(self) -> str:
        named = self.id or "row number"
        before = "".join(
            f"; instruction {side}: {name}"
            for side, name in zip("AB", self.prompts, strict=True)
            if name
        )
        along = f"; carried along: {', '.join(self.extra)}" if self.extra else ""
        return f"text A: {self.a}; text B: {self.b}; id: {named}{before}{along}"


def choose_columns(
    name: str,
    names: Sequence[str],
    textual: Sequence[bool],
    wanted: Sequence[str] | None,
) -> Columns:
    """Chooses the columns of a table.

    Args:
        name: What the table is called, for errors.
        names: Its columns, each with a name of its own.
        textual: Which of them seem to hold texts.
        wanted: The names of the two columns of texts, then of those of their instructions, empty
            for none; None takes the first pair of the usual names (sentence1 and sentence2, text_a
            and text_b, …), else the first two that hold texts. Columns prompt_a and prompt_b are
            those of instructions where none are named.

    Returns:
        The columns.

    Raises:
        DataError: If there aren't two columns of texts, or not those that are wanted.
    """
    came = ", ".join(names) or "none"
    prompts = [
        next((name for name in names if name.strip().lower() == usual), "")
        for usual in _PROMPT_NAMES
    ]
    ids = [column for column in names if column.strip().lower() in _ID_NAMES]
    if wanted is not None:
        if not 2 <= len(wanted) <= 4:
            raise DataError(
                "columns takes two names, of the columns of texts, and up to two of those of their "
                f"instructions; got {len(wanted)}: {', '.join(wanted)}."
            )
        a, b = wanted[:2]
        if len(wanted) > 2:
            prompts = [*wanted[2:], ""][:2]
        else:
            prompts = [name if name not in (a, b) else "" for name in prompts]
        given = [a, b, *filter(None, prompts)]
        for column in given:
            if column not in names:
                raise DataError(f"{name} has no column {column!r}; its columns are: {came}.")
            if column in (a, b) and given.count(column) > 1:
                raise DataError(
                    "The two texts of a pair and their instructions are columns of their own; "
                    f"{column!r} came twice."
                )
    elif texts := text_columns(names):
        a, b = (names[place] for place in texts)
    else:
        found = [
            column
            for column, is_text in zip(names, textual, strict=True)
            if is_text and column not in (*ids, *prompts)
        ]
        if len(found) < 2:
            raise DataError(
                f"{name} has no two columns of texts; expected two. Its columns are: {came}."
            )
        a, b = found[:2]
    own = next((column for column in ids if column not in (a, b, *prompts)), None)
    extra = tuple(column for column in names if column not in (a, b, own, *prompts))
    return Columns(a, b, own, extra, prompts[0] or None, prompts[1] or None)


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


def text_columns(names: Sequence[str]) -> tuple[int, int] | None:
    """The places of the first and the second text among column names; None: not by name."""
    lower = [name.strip().lower() for name in names]
    for first, second in _TEXT_NAMES:
        if first in lower and second in lower:
            return lower.index(first), lower.index(second)
    return None
