"""Word cells and the strongest of them, by hand."""

import numpy as np
import pytest

from tests.figures.factory import make_result
from tests.syntax.factory import flat_tree, tree
from xsb_core import attribute
from xsb_core.errors import ParseError
from xsb_core.studies.syntax.word_links import Link, link_cells, link_table, top_links, word_cells


@pytest.mark.parametrize("kind", ["net", "paper"])
def test_word_cells_are_means_of_token_cells_without_special_tokens(minilm, kind):
    # tokens: [CLS] he don ' t run [SEP] and [CLS] un ##know ##able [SEP] or so: more than words
    text_a, text_b = "He don't run", "unbelievableness counts"
    own_a = flat_tree(text_a, "He", "do+n't", "run")
    own_b = flat_tree(text_b, "unbelievableness", "counts")
    result = attribute(minilm, text_a, text_b)
    assert result.a.tokens == ("[CLS]", "He", "don", "'", "t", "run", "[SEP]")
    assert result.b.tokens == ("[CLS]", "unbelievable", "ness", "counts", "[SEP]")
    cells = word_cells(result, own_a, own_b, kind)
    matrix = result.net_matrix if kind == "net" else result.matrix
    expected = [
        [matrix[1, 1:3].mean(), matrix[1, 3]],
        [matrix[2, 1:3].mean(), matrix[2, 3]],
        [matrix[3:5, 1:3].mean(), matrix[3:5, 3].mean()],
        [matrix[5, 1:3].mean(), matrix[5, 3]],
    ]
    np.testing.assert_allclose(cells.matrix, expected, atol=1e-12)
    assert (cells.words_a, cells.words_b) == ((0, 1, 2, 3), (0, 1))
    assert link_cells(result, own_a, own_b, 2, 0) == ((3, 4), (1, 2))


def hand(matrix):
    """A result of two texts of three words each, with these cells between the words."""
    whole = np.full((5, 5), 99.0)  # special tokens' cells, to be passed over
    whole[1:4, 1:4] = matrix
    return make_result(["dogs", "and", "cats"], ["big", "dogs", "play"], matrix=whole)


A = tree("dogs and cats", "dogs/0/root", "and/3/cc", "cats/1/conj")
B = tree("big dogs play", "big/2/amod", "dogs/3/nsubj", "play/0/root")


def test_the_largest_cells_are_taken_with_their_phrases_relations():
    cells = word_cells(hand([[1, 9, 2], [3, 4, 5], [-9, 8, 0]]), A, B, "paper")
    assert top_links(cells, A, B, 0.2) == [
        Link(0, 1, "root", "nsubj", 9.0),
        Link(2, 1, "root", "nsubj", 8.0),
    ]
    assert len(top_links(cells, A, B)) == 1  # a tenth of nine cells, rounded up
    assert [link.value for link in top_links(cells, A, B, 1.0)] == [9, 8, 5, 4, 3, 2, 1, 0, -9]
    assert top_links(cells, A, B)[0].relation == "nsubj–root"


def test_relations_are_named_alike_whichever_text_has_which():
    assert Link(0, 0, "root", "nsubj", 0.1).relation == Link(0, 0, "nsubj", "root", 0.1).relation


@pytest.mark.parametrize(("size", "count"), [(10, 10), (3, 1), (5, 3)])
def test_a_tenth_is_rounded_up_but_not_by_rounding_errors(size, count):
    words = [f"w{i}" for i in range(size)]
    own = flat_tree(" ".join(words), *words)
    cells = word_cells(make_result(words, words), own, own)
    assert len(top_links(cells, own, own)) == count
    # 0.1 · 3 · 10 is above 3 in binary numbers
    some = flat_tree("w0 w1 w2", "w0", "w1", "w2")
    cells = word_cells(make_result(["w0", "w1", "w2"], words), some, own)
    assert len(top_links(cells, some, own)) == -(-3 * size // 10)


def test_words_that_are_not_read_have_no_row():
    result = hand(np.arange(9).reshape(3, 3))
    cut = tree("dogs and cats go", "dogs/0/root", "and/3/cc", "cats/1/conj", "go/1/dep")
    cells = word_cells(result, cut, B)
    assert cells.words_a == (0, 1, 2)
    far = tree("                 far", "far/0/root")
    with pytest.raises(ParseError, match="reads no word of text A"):
        word_cells(result, far, B)


def test_links_as_a_table():
    table = link_table([Link(2, 1, "root", "nsubj", 0.5)], A, B)
    assert table.to_dict("records") == [
        {
            "word_a": "cats",
            "word_b": "dogs",
            "relation_a": "root",
            "relation_b": "nsubj",
            "relation": "nsubj–root",
            "value": 0.5,
        }
    ]
