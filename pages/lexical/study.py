"""Every token of a corpus."""

from typing import NamedTuple

import pandas as pd
import streamlit as st

from pages._frame.downloads import File, download_row, png_config
from pages._frame.pair_behind import Place, pick_stsb, show_pair
from pages._frame.probe_results import opened, pick_results, worked
from pages._frame.say import as_typed, say
from pages._frame.tables import choose_row
from xsb_core import Attribution, to_csv
from xsb_core.figures.findings import study_page
from xsb_core.figures.heatmap import Box
from xsb_core.figures.lexical import density_figure, rank_figure, ranking_figure
from xsb_core.studies.gathered import unlike_notes
from xsb_core.studies.lexical.ranking import (
    LEAST,
    cells_sentence,
    rank_agreement,
    rank_sentence,
    ranking,
)
from xsb_core.studies.lexical.same_tokens import SAMPLE, TokenCells, gather_token_cells, token_cell

_RANKED = ["rank", "token", "count", "mean", "deviation"]


def corpus_study() -> None:
    """Draws the ranking of the study that ships, or of the user's results."""
    st.subheader("Every token of a corpus")
    st.markdown(
        "A **same-token cell** is one whose two tokens are the same entry of the model's "
        "vocabulary; special tokens are left out. A token that has high cells wherever it stands "
        "lends similarity to any two texts that contain it."
    )
    paths = pick_results()
    least = st.number_input(
        "Cells that a token needs",
        min_value=2,
        value=LEAST,
        key="seen",
        bind="query-params",
        help="The paper ranks tokens seen at least 30 times.",
    )
    try:
        studies = _studies(paths)
        if studies:
            _show_study(studies, int(least), paths)
    except ValueError as error:
        say(error)


def _studies(paths: list[str]) -> list[TokenCells]:
    """The studies to show; none while they are being made."""
    if not paths:
        return TokenCells.shipped()
    made = []
    for name, sets in opened(paths).items():
        study = worked(
            "lexical",
            f"Gathering same-token cells of {name}",
            sets,
            lambda job, sets=sets: gather_token_cells(list(sets.values()), job.tell),
        )
        if study is None:
            return []
        made.append(study)
    return made


def _show_study(studies: list[TokenCells], least: int, paths: list[str]) -> None:
    ranked = {study.model: ranking(study, least) for study in studies}
    sentences = [cells_sentence(study, least) for study in studies]
    for sentence in sentences:
        st.markdown(as_typed(sentence))
    figures, charts = {}, {}
    columns = st.columns(len(studies))
    for number, (column, (name, table)) in enumerate(zip(columns, ranked.items(), strict=True), 1):
        for kind, made in (("means", ranking_figure), ("densities", density_figure)):
            label, key = f"{kind} of {name}", f"{kind}_{number}"
            figures[label], charts[f"PNG of {label}"] = made(table, f"{name}: {kind}"), key
            with column, st.container(key=key):
                st.plotly_chart(
                    figures[label],
                    theme=None,
                    config=png_config(f"xsb-{kind}-{number}"),
                    alt=f"Same-token {label}",
                )
    if len(studies) == 2:
        agreed = rank_agreement(*studies, least)
        first, second = ranked
        compared = [rank_sentence(agreed, first, second), *unlike_notes(*studies)]
        for sentence in compared:
            st.markdown(as_typed(sentence))
        sentences += compared
        figures["ranks"], charts["PNG of the ranks"] = rank_figure(agreed, first, second), "ranks"
        with st.container(key="ranks"):
            st.plotly_chart(
                figures["ranks"],
                theme=None,
                config=png_config("xsb-ranks"),
                alt="Ranks of tokens in both models",
            )
    st.caption(
        f"Densities are of up to {SAMPLE} cells a token, drawn by chance. Choose a token, then one "
        "of its cells, to see the pair behind it."
    )
    chosen = []
    for number, (column, study) in enumerate(
        zip(st.columns(len(studies)), studies, strict=True), 1
    ):
        with column:
            st.markdown(f"**{as_typed(study.model)}**")
            chosen.append(_chosen(study, ranked[study.model], number, paths))
    # below the tables, where there is room for heatmaps
    stsb = pick_stsb([one.place for one in chosen if one])
    for number, one in enumerate(chosen, 1):
        if one:
            show_pair(one.place, stsb, f"pair_{number}", one.boxes)
    _downloads(ranked, sentences, figures, charts)


class _Cell(NamedTuple):
    """A cell of a study: its pair, its token and its value."""

    place: Place
    token: str
    value: float

    def boxes(self, result: Attribution) -> list[Box]:
        """Where it is in the pair's heatmap."""
        row, column = token_cell(result, self.token, self.value)
        return [Box((row,), (column,))]


def _chosen(study: TokenCells, ranked: pd.DataFrame, number: int, paths: list[str]) -> _Cell | None:
    """The cell that was chosen by its token."""
    chosen = choose_row(ranked[_RANKED], f"tokens_{number}", f"Tokens of {study.model}")
    if chosen is None:
        return None
    token = ranked.iloc[chosen]
    cells = pd.DataFrame({name: token[name] for name in ("values", "sources", "rows", "ids")})
    cells = cells.sort_values("values", ascending=False, ignore_index=True)
    shown = pd.DataFrame(
        {
            "value": cells["values"],
            "pair": cells["ids"],
            "set": [study.sources[source] for source in cells["sources"]],
        }
    )
    st.caption(
        as_typed(
            f"‹{token['token']}›: "
            + ("all" if len(cells) == token["count"] else f"{len(cells)} drawn by chance")
            + f" of its {token['count']:,} cells"
        )
    )
    at = choose_row(shown, f"cells_{number}_{token['token']}", f"Cells of {token['token']}")
    if at is None:
        return None
    cell = cells.iloc[at]
    found = list(opened(paths)[study.model]) if paths else None
    place = Place(
        study.model,
        study.settings["layer"],
        study.sources[cell["sources"]],
        cell["ids"],
        int(cell["rows"]),
        found and found[cell["sources"]],
    )
    return _Cell(place, token["token"], float(cell["values"]))


def _downloads(
    ranked: dict[str, pd.DataFrame], sentences: list[str], figures: dict, charts: dict[str, str]
) -> None:
    rows = pd.concat([table[_RANKED].assign(model=name) for name, table in ranked.items()])
    download_row(
        [
            File("CSV", "xsb-lexical.csv", lambda: to_csv(rows), "All ranked tokens."),
            File(
                "JSON",
                "xsb-lexical.json",
                lambda: rows.to_json(orient="records", force_ascii=False),
                "The same.",
            ),
            File(
                "HTML",
                "xsb-lexical.html",
                lambda: study_page("Lexical bias: same-token cells", sentences, figures),
                "The figures on a page that opens anywhere.",
            ),
        ],
        charts,
    )
