"""Relations of a corpus's strongest word pairs, against counting by hand."""

import math
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from tests.corpus.factory import encoder
from tests.syntax.factory import sentence
from xsb_core import Recipe, attribute
from xsb_core.corpus.results import Results
from xsb_core.corpus.run import run_corpus
from xsb_core.errors import DataError
from xsb_core.studies.syntax.word_links import top_links, word_cells
from xsb_core.studies.syntax.word_pairs import (
    EXAMPLE_PARSES,
    WordPairs,
    frequencies,
    frequency_agreement,
    frequency_sentence,
    gather_word_pairs,
    word_pairs_sentence,
)
from xsb_core.syntax.conllu import write_conllu
from xsb_core.syntax.treebank import Treebank

DOGS = sentence("Two dogs run .", "Two/2/nummod", "dogs/3/nsubj", "run/0/root", "./3/punct")
WOMAN = sentence("A woman dances", "A/2/det", "woman/3/nsubj", "dances/0/root")
BOTH = (sentence("Dogs run.", "Dogs/2/nsubj", "run/0/root", "./2/punct"), WOMAN)
BANK = Treebank([(DOGS,), (WOMAN,), BOTH], "by hand")
PAIRS = [
    ("Two dogs run.", "A woman dances"),
    ("A woman dances", "A woman dances"),
    ("Dogs run. A woman dances", "Two dogs run."),  # two sentences
    ("Two dogs run.", "Nobody parsed this"),
]


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("syntax") / "results"
    run_corpus(encoder(), PAIRS, folder, Recipe(layer=1, tolerance=1e-4))
    return Results(folder)


@pytest.mark.parametrize("kind", ["net", "paper"])
def test_links_are_those_of_each_pair_and_others_are_left_out(results, kind):
    told = []
    study = gather_word_pairs([results], BANK, share=0.3, progress=told.append, cells=kind)
    assert study.heading.endswith({"net": ", net cells", "paper": ", cells as in the paper"}[kind])
    assert study.pairs == 2
    assert study.left_out == {"split into several sentences": 1, "without a parse": 1}
    assert study.parser == "by hand"
    expected = []
    for row, pair in enumerate(PAIRS[:2]):
        trees = [BANK.tree(text) for text in pair]
        cells = word_cells(attribute(encoder(), *pair, 1, tolerance=1e-4), *trees, cells=kind)
        for link in top_links(cells, *trees, 0.3):
            words = link.word_a, link.word_b
            expected.append((0, row, str(row), *words, link.relation, link.value))
    assert len(expected) == 4 + 3
    found = study.links.to_numpy().tolist()
    for own, other in zip(found, expected, strict=True):
        # the second pair is a text with itself: which side has which word is all the same
        own_words, words = (set(link[3:5]) if link[1] else link[3:5] for link in (own, other))
        assert own_words == (words if isinstance(words, set) else list(words))
        assert own[:3] + own[5:6] == list(other[:3] + other[5:6])
        assert own[-1] == pytest.approx(other[-1], abs=1e-5)
    assert word_pairs_sentence(study) == (
        f"{study.heading}: the top 30% of the word cells of 2 pairs ({study.sources[0]}), 7 word "
        "pairs, parsed by by hand; pairs left out: 1 split into several sentences, 1 without a "
        "parse."
    )


def test_no_pair_left_is_one_sentence(results):
    with pytest.raises(DataError) as error:
        gather_word_pairs([results], Treebank([(sentence("Other", "Other/0/root"),)]))
    assert str(error.value) == (
        "No pair of the results can be used (4 without a parse); give parses of these very texts, "
        "one sentence each."
    )


def test_a_parse_of_other_words_is_told_apart_from_a_split(results):
    other = sentence("A woman dances", "A/2/det", "man/3/nsubj", "dances/0/root")
    with pytest.raises(DataError, match="2 whose words are not the text's or not read"):
        gather_word_pairs([results], Treebank([(DOGS,), (other,)]))


def study_of(*relations, model="one"):
    links = pd.DataFrame(
        {
            "source": 0,
            "row": 0,
            "id": "0",
            "word_a": 0,
            "word_b": 0,
            "relation": relations,
            "value": np.arange(len(relations)) / 10,
        }
    )
    settings = {"model": model, "layer": 1, "blocks": 2}
    return WordPairs(settings, ("hand.csv",), 1, "by hand", 0.1, {}, links)


def test_frequencies_are_shares_of_all_links():
    table = frequencies(study_of("b–b", "a–b", "b–b", "a–a"))
    assert table.to_dict("records") == [
        {"rank": 1, "relation": "b–b", "count": 2, "share": 0.5, "mean": pytest.approx(0.1)},
        {"rank": 2, "relation": "a–a", "count": 1, "share": 0.25, "mean": pytest.approx(0.3)},
        {"rank": 3, "relation": "a–b", "count": 1, "share": 0.25, "mean": pytest.approx(0.1)},
    ]


def test_two_models_frequencies_side_by_side():
    first = study_of(*["a–a"] * 4, *["b–b"] * 2, "a–b", "a–c")
    second = study_of(*["a–a"] * 3, *["b–b"] * 2, *["a–c"] * 3, model="other")
    agreed = frequency_agreement(first, second)
    rows = agreed.relations.set_index("relation")
    assert rows.loc["a–c", ["count_1", "count_2", "share_2"]].tolist() == [1, 3, 3 / 8]
    assert rows.loc["a–b", "count_2"] == 0
    assert pd.isna(rows.loc["a–b", "rank_2"])
    assert agreed.relations["relation"].tolist() == ["a–a", "a–c", "b–b", "a–b"]
    assert agreed.same == pytest.approx(1)
    assert agreed.mixed == pytest.approx(np.nan, nan_ok=True)  # one model has both equally often
    # ranks 4, 3, 1.5, 1.5 against 3.5, 2, 1, 3.5
    assert agreed.spearman == pytest.approx(np.corrcoef([4, 3, 1.5, 1.5], [3.5, 2, 1, 3.5])[0, 1])
    assert "over all 4 relations" in frequency_sentence(agreed)
    alone = frequency_agreement(study_of("a–a"), study_of("a–a"))
    assert math.isnan(alone.spearman)
    assert "frequencies: not defined over all 1 relations" in frequency_sentence(alone)


def test_a_study_survives_its_file(results, tmp_path):
    study = gather_word_pairs([results], BANK)
    study.save(tmp_path / "study.parquet")
    back = WordPairs.load(tmp_path / "study.parquet")
    pd.testing.assert_frame_equal(back.links, study.links, check_dtype=False, rtol=1e-6)
    assert (back.settings, back.sources, back.parser, back.share, back.pairs, back.left_out) == (
        study.settings,
        study.sources,
        study.parser,
        study.share,
        study.pairs,
        study.left_out,
    )


def test_parses_can_be_kept_and_used_again(results, tmp_path):
    write_conllu([(DOGS,), (WOMAN,), BOTH], tmp_path / "hand.conllu")
    bank = Treebank.read(tmp_path / "hand.conllu")
    again = gather_word_pairs([results], bank)
    pd.testing.assert_frame_equal(again.links, gather_word_pairs([results], BANK).links)
    assert again.parser == "hand.conllu"
    assert again.left_out == {"split into several sentences": 1, "without a parse": 1}


@pytest.mark.parametrize("kind", ["net", "paper"])
def test_the_shipped_studies(kind):
    studies = WordPairs.shipped(kind)
    assert [study.model for study in studies] == ["shelf", "exact"]
    for study in studies:
        assert study.pairs + sum(study.left_out.values()) == 1379
        table = frequencies(study)
        counts = dict(zip(table["relation"], table["count"], strict=True))
        assert Counter(study.links["relation"]) == counts
    # pairs of one function agree more than mixed ones, as in the paper
    agreed = frequency_agreement(*studies)
    assert agreed.same > agreed.mixed > 0.5


def test_every_example_of_the_pages_has_a_parse_by_hand():
    from pages._frame.texts import EXAMPLES

    bank = Treebank.read(EXAMPLE_PARSES)
    for texts in EXAMPLES.values():
        for text in texts:
            own = bank.tree(text)
            assert [word.relation for word in own.words].count("root") == 1
