"""The page on syntax, run by Streamlit's own test driver."""

import numpy as np
import pytest

from pages._frame import gathered, jobs
from pages._frame.texts import DEFAULT, EXAMPLES
from tests.corpus.factory import encoder
from tests.pages.helpers import decoded, explain, figure, open_page, plain, said, wait
from tests.syntax.factory import STANZA, needs_stanza, sentence
from xsb_core import Recipe, attribute, load_encoder
from xsb_core.corpus.run import run_corpus
from xsb_core.studies.syntax.word_links import top_links, word_cells
from xsb_core.studies.syntax.word_pairs import EXAMPLE_PARSES, WordPairs, frequency_agreement
from xsb_core.syntax import parser
from xsb_core.syntax.conllu import write_conllu
from xsb_core.syntax.treebank import Treebank
from xsb_core.training.data import ScoredPairs

ONE = {"two": "false"}
WHOLE = {"view": "Every pair of a corpus"}


@pytest.fixture(autouse=True)
def no_models(monkeypatch, tmp_path):
    """A server to which nobody has downloaded Stanza's models, or tried to."""
    jobs._jobs.clear()
    monkeypatch.setattr(parser, "default_folder", lambda: tmp_path / "stanza")


def links(app, which=0):
    """The values of a figure's links, weakest first."""
    traces = figure(app, "link", which)["data"]
    return [decoded(t["customdata"])[0][2] for t in traces if t["name"] == "link"]


def test_a_fresh_machine_has_a_full_page_and_is_told_what_to_do():
    app = open_page("syntax")
    assert not app.error
    (info,) = app.info
    assert plain(info.value).startswith("There are no English Stanza models in ")
    assert "give a CoNLL-U file of parses" in plain(info.value)
    assert "Download Stanza's English models" in [button.label for button in app.button]
    trees = [Treebank.read(EXAMPLE_PARSES).tree(text) for text in EXAMPLES[DEFAULT]]
    for which, name in enumerate(("shelf", "exact")):
        result = attribute(load_encoder(name), *EXAMPLES[DEFAULT])
        expected = [link.value for link in top_links(word_cells(result, *trees), *trees)]
        np.testing.assert_allclose(links(app, which)[::-1], expected, atol=1e-5)
    app = open_page("syntax", **WHOLE)
    studies = WordPairs.shipped()
    agreed = frequency_agreement(*studies)
    bars = figure(app, "bar")["data"]
    shown = agreed.relations.head(25)
    assert bars[0]["y"] == shown["relation"].tolist()
    np.testing.assert_allclose(decoded(bars[1]["x"]), 100 * shown["share_2"])
    for study in studies:
        assert f"{len(study.links):,} word pairs, parsed by Stanza" in said(app)
    assert f"{agreed.same:.2f} between words of the same function" in said(app)
    assert "a small Stanza pipeline" in said(app)


def test_a_text_without_a_parse_is_told_and_the_study_stays():
    app = open_page("syntax", a="Nobody parsed this.", **ONE)
    (error,) = app.error
    assert plain(error.value).startswith("Text A: There is no parse of “Nobody parsed this.”")
    assert app.text_area(key="a").value == "Nobody parsed this."
    assert figure(open_page("syntax", a="Nobody parsed this.", **ONE, **WHOLE), "bar")


@needs_stanza
def test_a_folder_of_models_parses_what_is_typed(minilm):
    texts = {"a": "The dog isn’t here 😀", "b": "No dog was seen."}
    app = open_page("syntax", stanza=str(STANZA), share="20", **texts, **ONE)
    assert not app.error
    trees = [parser.Parser(STANZA).tree(text) for text in texts.values()]
    cells = word_cells(attribute(minilm, *texts.values()), *trees)
    expected = top_links(cells, *trees, 0.2)
    np.testing.assert_allclose(links(app)[::-1], [link.value for link in expected], atol=1e-5)
    words = next(t for t in figure(app, "words A")["data"] if t["name"] == "words A")
    assert words["text"] == [word.form for word in trees[0].words]
    table = next(t.value for t in app.dataframe if "relation_a" in t.value)
    assert table["relation"].tolist() == [link.relation for link in expected]


@needs_stanza
def test_several_sentences_are_one_sentence_of_complaint():
    text = "The dogs ran away. Nobody saw the cats."
    app = open_page("syntax", stanza=str(STANZA), b=text, **ONE)
    (error,) = app.error
    assert plain(error.value) == (
        "Text B: The parser splits this text into 2 sentences (the first is “The dogs ran away.”); "
        "give one sentence."
    )
    assert app.text_area(key="b").value == text


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"stanza": "/nowhere"}, "There are no English Stanza models in /nowhere"),
        ({"stanza": "~nosuch/x"}, "~nosuch/x can't be opened: Could not determine home"),
        ({"results": "/nowhere"} | WHOLE, "/nowhere holds no results"),
        ({"model_1": "no/such"}, "no/such is not on this machine"),
    ],
)
def test_errors_are_one_sentence(parameters, message):
    app = open_page("syntax", **(ONE | parameters))
    found = [plain(error.value) for error in app.error]
    assert any(one.startswith(message) for one in found)
    assert not any("\n" in one for one in found)


def test_parses_from_a_file_serve_texts_and_own_results(tmp_path, monkeypatch):
    monkeypatch.setenv("XSB_RUNS", str(tmp_path / "runs"))
    texts = ("two dogs run", "a woman dances")
    documents = []
    for text in texts:
        one, two, three = text.split()
        own = sentence(text, f"{one}/2/det", f"{two}/3/nsubj", f"{three}/0/root")
        documents.append((own,))
    write_conllu(documents, tmp_path / "hand.conllu")
    run_corpus(encoder(), [texts, texts[::-1]], tmp_path / "results", Recipe(layer=1))
    link = {"a": texts[0], "b": texts[1], "results": str(tmp_path / "results")}
    (live,) = [plain(error.value) for error in open_page("syntax", **link, **ONE).error]
    assert live.startswith("Text A: There is no parse of “two dogs run”")
    app = wait(open_page("syntax", **link, **ONE, **WHOLE))  # without a parse of any text
    assert "The texts of these results have no parses yet" in plain(app.main.info[0].value)
    content = (tmp_path / "hand.conllu").read_bytes()
    app.file_uploader[0].set_value(("hand.conllu", content, "text/plain")).run()
    wait(app)
    assert not app.error
    assert "tiny, layer 1 of 2 blocks, net cells: the top 10% of the word cells of 2 pairs" in said(
        app
    )
    assert "parsed by hand.conllu" in said(app)
    app.file_uploader[0].set_value(("bad.conllu", b"1\tdog\n", "text/plain")).run()
    told = [plain(error.value) for error in wait(app).error]
    assert any(one.startswith("bad.conllu, line 1 has 2 of the 10 columns") for one in told)


def test_examples_keep_their_trees_beside_a_file_of_other_texts(tmp_path, monkeypatch):
    monkeypatch.setenv("XSB_RUNS", str(tmp_path / "runs"))
    write_conllu([(sentence("It rains", "It/2/nsubj", "rains/0/root"),)], tmp_path / "hand.conllu")
    app = open_page("syntax", **ONE)
    content = (tmp_path / "hand.conllu").read_bytes()
    app.file_uploader[0].set_value(("hand.conllu", content, "text/plain")).run()
    assert not app.error
    assert "Parsed by examples.conllu" in said(app)
    app.text_area(key="a").set_value("It rains")
    explain(app, b="It rains")
    assert "Parsed by hand.conllu" in said(app)


def test_models_are_downloaded_in_the_background(monkeypatch):
    def fail(*args, **options):
        raise ConnectionError

    monkeypatch.setattr("stanza.download", fail)
    app = open_page("syntax", **ONE)
    next(b for b in app.button if b.label.startswith("Download Stanza")).click().run()
    wait(app)
    app.run()
    assert any("can't be downloaded (ConnectionError)" in plain(e.value) for e in app.error)
    assert [b for b in app.button if b.label.startswith("Download Stanza")]


def test_both_models_pairs_open_from_one_place_of_the_set(monkeypatch):
    texts = EXAMPLES[DEFAULT]
    pairs = ScoredPairs((texts[0],) * 6000, (texts[1],) * 6000, np.ones(6000))
    monkeypatch.setattr(
        gathered, "load_split", lambda data, split: pairs[: gathered.STSB_SIZES[split]]
    )
    chosen = {"relations_1": "0", "links_1_root–root": "0"}
    chosen |= {"relations_2": "1", "links_2_nsubj–nsubj": "0"}
    app = open_page("syntax", stsb="both", paper="true", **ONE, **WHOLE, **chosen)
    assert not app.error
    assert [field.value for field in app.text_input if field.key == "stsb"] == ["both"]
    for which in range(2):
        assert figure(app, "matrix", which)
