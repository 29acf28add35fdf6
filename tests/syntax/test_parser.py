"""Stanza: a real small pipeline where it is at hand, and its download by a stub."""

import pytest
import stanza

from tests.syntax.factory import STANZA, needs_stanza
from xsb_core.errors import ModelError, ParseError
from xsb_core.syntax import parser
from xsb_core.syntax.conllu import write_conllu
from xsb_core.syntax.parser import PROCESSORS, Parser, download
from xsb_core.syntax.treebank import Treebank


@pytest.fixture(scope="module")
def small():
    return Parser(STANZA)


@needs_stanza
def test_a_folder_of_models_parses(small):
    own = small.tree("The dogs don't chase “cats”.")
    assert [own.text[slice(*word.span)] for word in own.words] == [word.form for word in own.words]
    forms = ["The", "dogs", "do", "n't", "chase", "“", "cats", "”", "."]
    assert [word.form for word in own.words] == forms
    chase = forms.index("chase")
    assert own.words[chase].relation == "root"
    assert (own.words[1].relation, own.words[1].head) == ("nsubj", chase + 1)
    assert small.name == f"Stanza {stanza.__version__}, ewt"


@needs_stanza
def test_several_sentences_are_refused_in_one(small):
    with pytest.raises(ParseError, match="splits this text into 2 sentences"):
        small.tree("The dogs ran away. Nobody saw the cats.")


@needs_stanza
def test_many_texts_are_told_of_and_survive_a_file(small, tmp_path, monkeypatch):
    monkeypatch.setattr(parser, "TEXTS_AT_ONCE", 2)
    texts = ["Dogs run.", "I don’t know 😀", "  A man's   well-known\nhat. ", "Two dogs. One cat."]
    told = []
    documents = small.parse(texts, told.append)
    assert told == [0.5, 1.0]
    write_conllu(documents, tmp_path / "parses.conllu")
    bank = Treebank.read(tmp_path / "parses.conllu")
    for text, document in zip(texts[:3], documents[:3], strict=True):
        assert bank.tree(text) == small.tree(text)
        assert len(document) == 1
    with pytest.raises(ParseError, match="splits this text into 2 sentences"):
        bank.tree(texts[3])


def test_without_models_it_says_what_to_do(tmp_path):
    with pytest.raises(ModelError) as error:
        Parser(tmp_path)
    said = str(error.value)
    assert said.startswith(f"There are no English Stanza models in {tmp_path}; give a folder")
    assert "--download" in said
    assert "CoNLL-U" in said


def test_broken_models_are_one_sentence(tmp_path):
    (tmp_path / "resources.json").write_text("{}")
    (tmp_path / "en" / "depparse").mkdir(parents=True)
    with pytest.raises(ModelError, match="can't be loaded") as error:
        Parser(tmp_path)
    assert "\n" not in str(error.value)


def test_models_are_downloaded_a_processor_at_a_time(monkeypatch):
    asked, told = [], []
    monkeypatch.setattr(
        stanza, "download", lambda lang, processors, verbose: asked.append((lang, processors))
    )
    download(told.append)
    assert asked == [("en", processor) for processor in PROCESSORS]
    assert told == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1])


def test_a_failed_download_is_one_sentence(monkeypatch):
    def fail(*args, **options):
        raise ConnectionError("no\nnetwork")

    monkeypatch.setattr(stanza, "download", fail)
    with pytest.raises(ModelError) as error:
        download()
    assert str(error.value).startswith(
        "Stanza's English models can't be downloaded (ConnectionError); check the network"
    )


@needs_stanza
def test_what_was_downloaded_is_used_from_then_on(monkeypatch):
    monkeypatch.setattr(parser, "default_folder", lambda: STANZA)
    assert len(Parser().tree("Dogs run.").words) == 3
