"""``probe lexical`` and ``probe syntax`` on the command line."""

import csv
import shutil

import pytest

from tests.corpus.factory import encoder, saved
from tests.syntax.factory import STANZA, needs_stanza, sentence
from xsb_core import Recipe, attribute, load_encoder
from xsb_core.cli import main
from xsb_core.corpus.run import run_corpus
from xsb_core.studies.lexical.same_tokens import TokenCells
from xsb_core.studies.syntax.word_pairs import WordPairs
from xsb_core.syntax import parser
from xsb_core.syntax.conllu import write_conllu

PAIRS = [("Two dogs run.", "Two dogs play."), ("A dog runs", "A woman runs")]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return saved(tmp_path_factory.mktemp("model") / "tiny")


@pytest.fixture(scope="module")
def results(tmp_path_factory, model):
    folder = tmp_path_factory.mktemp("probe")
    for name, own in (("one", encoder()), ("other", load_encoder(model))):
        run_corpus(own, PAIRS, folder / name, Recipe(layer=1))
    return [str(folder / name) for name in ("one", "other")]


@pytest.fixture
def parses(tmp_path):
    documents = []
    for text in {text for pair in PAIRS for text in pair}:
        words = text.replace(".", " .").split()
        forms = [f"{w}/{i}/{'nsubj' if i else 'root'}" for i, w in enumerate(words)]
        documents.append((sentence(text, *forms),))
    write_conllu(documents, tmp_path / "hand.conllu")
    return str(tmp_path / "hand.conllu")


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def refused(arguments, capsys):
    assert main(["probe", *arguments]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    return told


def test_lexical_writes_data_and_figure(results, tmp_path, capsys):
    out = tmp_path / "out"
    assert main(["probe", "lexical", *results, "--least", "1", "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "tiny, layer 1 of 2 blocks, net cells:" in said
    assert "Spearman" in said
    table = rows(out / "lexical.csv")
    assert {row["model"] for row in table} >= {"tiny"}
    study = TokenCells.load(out / "tiny-net.parquet")
    assert study.pairs == 2
    assert len([row for row in table if row["model"] == "tiny"]) == len(study.tokens)
    page = (out / "lexical.html").read_text()
    assert "Ranks in both models" in page
    assert "plotly" in page


@pytest.mark.parametrize("probe", ["lexical", "syntax"])
def test_where_nothing_can_be_written_is_told_first(results, parses, tmp_path, capsys, probe):
    out = str(tmp_path / "out")
    told = refused([probe, "/nowhere", "--out", parses], capsys)
    assert told == f"{parses} can't be written: {parses} is no folder; give another --out.\n"
    figure = str(tmp_path)
    told = refused([probe, "/nowhere", "--out", out, "--figure", figure], capsys)
    assert told == f"{figure} can't be written: it is a folder; give another --figure.\n"
    refused([probe, "/nowhere", "--out", out], capsys)
    assert not (tmp_path / "out").exists()


def test_more_results_of_a_model_are_added_up(results, tmp_path, capsys):
    out = tmp_path / "out"
    shutil.copytree(results[0], tmp_path / "more")
    arguments = [results[0], str(tmp_path / "more"), "--least", "1", "--out", str(out)]
    figure = str(tmp_path / "new" / "own.html")
    assert main(["probe", "lexical", *arguments, "--figure", figure]) == 0
    assert TokenCells.load(out / "tiny-net.parquet").pairs == 4
    assert (tmp_path / "new" / "own.html").exists()
    assert not (out / "lexical.html").exists()


@pytest.mark.parametrize("command", ["lexical", "syntax"])
def test_the_same_results_in_two_spellings_count_once(results, parses, tmp_path, command):
    options = ["--least", "1"] if command == "lexical" else ["--conllu", parses]
    arguments = [results[0], f"{results[0]}/", *options, "--out", str(tmp_path / "out")]
    assert main(["probe", command, *arguments]) == 0
    kind = TokenCells if command == "lexical" else WordPairs
    assert kind.load(tmp_path / "out" / "tiny-net.parquet").pairs == 2


def test_too_few_cells_are_one_sentence(results, tmp_path, capsys):
    told = refused(["lexical", *results, "--out", str(tmp_path / "out")], capsys)
    assert told.startswith("No token of tiny has 30 same-token cells in 2 pairs")


def test_templates_write_data_and_figure(model, tmp_path, capsys):
    arguments = ["--template-a", "X runs", "--template-b", "A X", "--model", model, "--layer", "1"]
    fillers = ["--filler", "dog", "--filler", "woman"]
    out = tmp_path / "out"
    assert main(["probe", "lexical", *arguments, *fillers, "--out", str(out)]) == 0
    table = rows(out / "template.csv")
    assert [row["filler"] for row in table] == ["dog", "woman"]
    result = attribute(load_encoder(model), "dog runs", "A dog", 1)
    assert float(table[0]["score"]) == pytest.approx(result.score, abs=1e-6)
    assert "‹dog›: score" in capsys.readouterr().out
    assert (out / "lexical.html").exists()


def test_a_template_without_a_slot_is_one_sentence(model, tmp_path, capsys):
    arguments = ["lexical", "--template-a", "none", "--model", model, "--out", str(tmp_path)]
    assert refused(arguments, capsys).startswith("Template A must have one slot")
    arguments = ["lexical", *["--model", model] * 3, "--out", str(tmp_path)]
    assert refused(arguments, capsys).startswith("One model or two can stand side by side; got 3")


def test_syntax_takes_parses_from_a_file(results, parses, tmp_path, capsys):
    out = tmp_path / "out"
    arguments = ["syntax", *results, "--conllu", parses, "--share", "0.5", "--out", str(out)]
    assert main(["probe", *arguments]) == 0
    said = capsys.readouterr().out
    assert "the top 50% of the word cells of 2 pairs" in said
    assert "parsed by hand.conllu" in said
    study = WordPairs.load(out / "tiny-net.parquet")
    table = [row for row in rows(out / "syntax.csv") if row["model"] == "tiny"]
    assert sum(int(row["count"]) for row in table) == len(study.links) == 8 + 5
    assert "Relations" in (out / "syntax.html").read_text()


@needs_stanza
def test_syntax_parses_keeps_the_parses_and_draws_a_pair(results, model, tmp_path, capsys):
    kept = tmp_path / "kept.conllu"
    arguments = [results[0], "--stanza", str(STANZA), "--out", str(tmp_path / "out")]
    assert main(["probe", "syntax", *arguments, "--save-parses", str(kept)]) == 0
    first = WordPairs.load(tmp_path / "out" / "tiny-net.parquet")
    arguments = [results[0], "--conllu", str(kept), "--out", str(tmp_path / "again")]
    assert main(["probe", "syntax", *arguments]) == 0
    again = WordPairs.load(tmp_path / "again" / "tiny-net.parquet")
    assert again.links.equals(first.links)
    capsys.readouterr()
    texts = ["--text-a", "Two dogs run.", "--text-b", "Dogs don't run."]
    arguments = [*texts, "--model", model, "--stanza", str(STANZA), "--out", str(tmp_path / "pair")]
    assert main(["probe", "syntax", *arguments]) == 0
    assert len(rows(tmp_path / "pair" / "links.csv")) == 2  # a tenth of 4 · 5, rounded up
    texts[3] = "Dogs ran away. Nobody saw the cats."
    told = refused(["syntax", *texts, *arguments[4:]], capsys)
    assert told.startswith("Text B: The parser splits this text into 2 sentences")


def test_syntax_says_what_it_needs(results, parses, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(parser, "default_folder", lambda: tmp_path)
    out = ["--out", str(tmp_path / "out")]
    assert refused(["syntax", *out], capsys).startswith("Give results of 'batch', or two texts")
    assert "There are no English Stanza models" in refused(["syntax", *results, *out], capsys)
    both = ["--stanza", str(tmp_path), "--conllu", parses]
    assert "give one of --stanza, --conllu" in refused(["syntax", *results, *both, *out], capsys)
    told = refused(["syntax", *results, "--conllu", parses, "--share", "2", *out], capsys)
    assert told.startswith("--share is a part of all cells")


def test_a_download_that_fails_is_one_sentence(tmp_path, capsys, monkeypatch):
    def fail(*args, **options):
        raise OSError

    monkeypatch.setattr("stanza.download", fail)
    texts = ["--text-a", "a", "--text-b", "b"]
    told = refused(["syntax", "--download", *texts, "--out", str(tmp_path)], capsys)
    assert told.startswith("Stanza's English models can't be downloaded (OSError)")
