"""The page on lexical bias, run by Streamlit's own test driver."""

import numpy as np
import pandas as pd
import pytest

from pages._frame import gathered
from tests.corpus.factory import encoder
from tests.pages.helpers import decoded, figure, open_page, plain, said, wait
from xsb_core import Recipe, attribute
from xsb_core.corpus.results import Results
from xsb_core.corpus.run import run_corpus
from xsb_core.studies.lexical.ranking import rank_agreement, ranking
from xsb_core.studies.lexical.same_tokens import TokenCells, gather_token_cells
from xsb_core.studies.lexical.template import EXAMPLE, EXAMPLE_FILLERS
from xsb_core.training.data import ScoredPairs

WHOLE = {"view": "Every token of a corpus", "two": "false"}
ONE_FILLER = {"fillers": "Auckland", "two": "false"}


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lexical") / "results"
    pairs = [("two dogs run", "two dogs"), ("two dogs", "a woman"), ("two dogs", "two apples")]
    run_corpus(encoder(), pairs, folder, Recipe(layer=1))
    return folder


def test_a_fresh_page_shows_the_papers_example_and_the_study(minilm):
    app = open_page("lexical", two="false")
    assert not app.error
    (table,) = [t.value for t in app.dataframe if "filler" in t.value]
    assert table["filler"].tolist() == list(EXAMPLE_FILLERS)
    expected = attribute(minilm, *(text.replace("X", "Cambodia") for text in EXAMPLE))
    assert table["score"][1] == pytest.approx(expected.score, abs=1e-6)
    dots = figure(app, "shelf: score")["data"]
    assert decoded(dots[0]["x"])[1] == pytest.approx(expected.score, abs=1e-6)

    studies = TokenCells.shipped("paper")
    assert "Cells here are the paper's" not in said(open_page("lexical", paper="true", **WHOLE))
    app = open_page("lexical", **WHOLE)
    assert "Cells here are the paper's" in said(app)
    for which, study in enumerate(studies):
        ranked = ranking(study)
        shown = figure(app, "mean", which)["data"][0]
        np.testing.assert_allclose(decoded(shown["x"])[:5], ranked["mean"][:5])
        assert f"{study.heading}: {study.cells:,} same-token cells" in said(app)
    agreed = rank_agreement(*studies)
    assert f"Spearman {agreed.spearman:+.2f}" in said(app)
    ranks = next(t for t in figure(app, "ranks")["data"] if t["name"] == "ranks")
    assert list(decoded(ranks["y"])) == agreed.tokens["rank_2"].tolist()


def test_two_models_stand_side_by_side():
    app = open_page("lexical", fillers="Auckland\nEurope")
    names = [trace["name"] for trace in figure(app, "exact: score")["data"]]
    assert names == ["shelf: score", "shelf: X–X cell", "exact: score", "exact: X–X cell"]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        (
            {"template_a": "no slot"},
            "Template A must have one slot, an X that is a word of its own",
        ),
        ({"template_b": "X or X"}, "Template B must have one slot"),
        ({"fillers": " "}, "There is no filler; give at least one"),
        ({"seen": "50000"} | WHOLE, "No token of shelf has 50000 same-token cells in"),
        ({"results": "/nowhere"} | WHOLE, "/nowhere holds no results"),
        ({"results": "~nosuch/x"} | WHOLE, "~nosuch/x can't be opened: Could not determine home"),
    ],
)
def test_errors_are_one_sentence_and_nothing_typed_is_lost(parameters, message):
    app = open_page("lexical", **(ONE_FILLER | parameters))
    (error,) = app.error
    assert plain(error.value).startswith(message)
    assert "\n" not in error.value
    for key, value in parameters.items():
        if key in WHOLE:
            continue
        kept = app.number_input if key == "seen" else [*app.text_input, *app.text_area]
        (field,) = [one for one in kept if one.key == key]
        assert str(field.value) == value


def test_own_results_are_gathered_in_the_background_and_open_their_pairs(results):
    twice = f"{results}\n{results}/"
    app = wait(open_page("lexical", results=twice, seen="2", **WHOLE))
    assert not app.error
    ranked = ranking(gather_token_cells([Results(results)]), 2)
    shown = next(t.value for t in app.dataframe if "mean" in t.value)
    pd.testing.assert_frame_equal(shown, ranked[shown.columns.tolist()], check_dtype=False)
    assert "tiny, layer 1 of 2 blocks" in said(app)


def test_another_set_than_the_studys_is_told(tmp_path):
    line = "a bird sings,a bird eats,3.0\n"
    (tmp_path / "stsb-en-test.csv").write_text(1379 * line, encoding="utf-8")
    (tmp_path / "stsb-en-train.csv").write_text(5749 * line, encoding="utf-8")
    token = ranking(TokenCells.shipped("paper")[0])["token"][0]
    link = {"tokens_1": "0", f"cells_1_{token}": "0", "stsb": str(tmp_path)}
    app = open_page("lexical", **WHOLE, **link)
    (error,) = app.error
    assert plain(error.value).startswith(f"‹{token}› is not in both texts")


def test_both_models_pairs_open_from_one_place_of_the_set(monkeypatch):
    first, second = (ranking(study)["token"][0] for study in TokenCells.shipped("paper"))
    texts = (f"a {first} and a {second}",) * 6000
    pairs = ScoredPairs(texts, texts, np.ones(6000))
    monkeypatch.setattr(
        gathered, "load_split", lambda data, split: pairs[: gathered.STSB_SIZES[split]]
    )
    chosen = {f"cells_1_{first}": "0", f"cells_2_{second}": "1"}
    app = open_page("lexical", tokens_1="0", tokens_2="0", stsb="both", **WHOLE, **chosen)
    assert not app.error
    assert [field.value for field in app.text_input if field.key == "stsb"] == ["both"]
    for which in range(2):
        assert figure(app, "matrix", which)
