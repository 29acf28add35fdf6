"""Relations of the strongest word pairs of Shelf and Exact (the paper's section 5.1, figure 6)."""

from textwrap import fill

import pandas as pd

from benchmarks.results import markdown_table
from xsb_core.studies.syntax.word_pairs import (
    PARSER_NOTE,
    WordPairs,
    frequencies,
    frequency_agreement,
    frequency_sentence,
    word_pairs_sentence,
)

MOST = 20


def section() -> str:
    """The most frequent relations, and what the paper says of some beside it."""
    studies = WordPairs.shipped("paper")
    agreed = frequency_agreement(*studies)
    rows = [
        (row.relation, f"{row.share_1:.1%} ({row.rank_1})", f"{row.share_2:.1%} ({row.rank_2})")
        for row in agreed.relations.head(MOST).itertuples()
    ]
    parts = [
        "\n".join(f"- {word_pairs_sentence(study)}" for study in studies),
        fill(f"{PARSER_NOTE} {frequency_sentence(agreed)}", 100),
        markdown_table(["relation", *(f"{study.model}: share (rank)" for study in studies)], rows),
        markdown_table(["the paper", *(study.model for study in studies)], _claims(studies)),
        "In net cells (shelf alone, exact's are the same):",
        _net(),
    ]
    return "\n\n".join(parts)


def _net() -> str:
    """The same claims and the agreement, of net cells."""
    studies = WordPairs.shipped("net")
    return "\n\n".join(
        (
            fill(frequency_sentence(frequency_agreement(*studies)), 100),
            markdown_table(["the paper", *(study.model for study in studies)], _claims(studies)),
        )
    )


def _claims(studies: list[WordPairs]) -> list[tuple[str, ...]]:
    """What the paper says of single relations, and what is so here."""
    tables = [frequencies(study) for study in studies]
    mixed = [table[~table["relation"].map(_same)].reset_index(drop=True) for table in tables]
    return [
        (
            "nsubj–nsubj is the most frequent, around 7%",
            *(_place(table, "nsubj–nsubj") for table in tables),
        ),
        (
            "nsubj–root is Shelf's most frequent mixed relation; Exact's rank 14",
            *(_place(table, "nsubj–root") for table in tables),
        ),
        ("the most frequent mixed relation", *(table["relation"][0] for table in mixed)),
        (
            "Exact has more nsubj–obj than Shelf",
            *(_place(table, "nsubj–obj") for table in tables),
        ),
        (
            "the top is of words with the same function: so many of the first ten",
            *(str(int(table["relation"].head(10).map(_same).sum())) for table in tables),
        ),
    ]


def _same(relation: str) -> bool:
    return len(set(relation.split("–"))) == 1


def _place(table: pd.DataFrame, relation: str) -> str:
    row = table.set_index("relation").loc[relation]
    return f"{row['share']:.1%}, rank {int(row['rank'])}"
