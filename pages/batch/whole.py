"""What all pairs of a file say together: the words that matter, scores against a column."""

import pandas as pd
import streamlit as st

from pages._frame.results import show_heatmap
from pages._frame.say import as_typed
from pages._frame.work import made, state_of
from pages.batch.runs import Run
from xsb_core.attribution.numerals import counted, signed
from xsb_core.corpus.results import Results
from xsb_core.corpus.whole_file import kinds_of, words_table
from xsb_core.figures.gold import gold_scatter

_MOST_WORDS = 200
_FEWEST = 3


def show_words(run: Run, results: Results) -> None:
    """The pairs of words that raise and lower the scores of the whole file."""
    of = ("words", run.key, state_of({run.key: results}))
    table = made(of, "Adding up pairs of words", lambda job: words_table(results, job.tell))
    if table is None:
        return
    if table.empty:
        st.info("No words are left when function words and punctuation are set aside.")
        return
    first = table.iloc[0]
    st.markdown(
        as_typed(
            f"Over the whole file {first['word_a']}–{first['word_b']} counts most: "
            f"{signed(first['total'], 2)} over {counted(int(first['pairs']), 'pair')}."
        )
    )
    st.dataframe(
        table.head(_MOST_WORDS).rename(
            columns={
                "word_a": "In text A",
                "word_b": "In text B",
                "pairs": "Pairs",
                "total": "Adds in all",
                "mean": "Adds to a pair",
            }
        ),
        hide_index=True,
        column_config={
            name: st.column_config.NumberColumn(format="%+.3f")
            for name in ("Adds in all", "Adds to a pair")
        },
        alt="Pairs of words over the whole file",
    )
    st.caption(
        f"The {min(len(table), _MOST_WORDS)} that add or take most of {len(table):,}, function "
        "words and punctuation left aside, in units of the score."
    )


def show_gold(table: pd.DataFrame, others: pd.DataFrame) -> None:
    """Scores against one of the input's numbers, coloured by one of its kinds."""
    numbers = [
        name
        for name in others
        if others[name].dtype.kind == "f"
        and others[name].nunique() > 1
        and others[name].notna().sum() >= _FEWEST
    ]
    if not numbers:
        st.info("The table has no other column of numbers; people's scores, say, would go here.")
        return
    left, right = st.columns(2)
    name = left.selectbox("Column", numbers, key="against", bind="query-params")
    kind = right.selectbox("Colour by", ["", *kinds_of(others)], key="colour", bind="query-params")
    figure = gold_scatter(table["score"], others[name], table["id"], others[kind] if kind else None)
    show_heatmap(figure, "gold", "xsb-gold", f"Scores against {name}")
