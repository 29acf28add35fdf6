"""From tokens to words, with tokenizers of each family and with results made by hand."""

from itertools import pairwise

import numpy as np
import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.figures.factory import make_result
from tests.zoo import make_model
from xsb_core import Encoder, Side, attribute, to_words, word_groups

TOKENIZERS = ("bert", "mpnet", "roberta", "modernbert", "xlm-roberta", "deberta-v2")
PROMPTS = {"query": "find this: "}


@pytest.fixture(scope="module")
def encoders():
    return {name: Encoder(make_model(name, blocks=1, prompts=PROMPTS), name) for name in TOKENIZERS}


def make_side(text, spans, special=None, tokens=None, prompt=""):
    """A side whose labels are the characters of its tokens."""
    tokens = tokens or [(prompt + text)[slice(*span)] or "[X]" for span in spans]
    return Side(
        text=text,
        prompt=prompt,
        read=len(text),
        tokens=tuple(tokens),
        pieces=tuple(tokens),
        spans=tuple(spans),
        special=tuple(special or [span == (0, 0) for span in spans]),
    )


def result_of(a, b, matrix=None):
    """A result of two sides, with random cells unless they are given."""
    shape = (len(a.tokens), len(b.tokens))
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=shape) if matrix is None else matrix
    border_a, border_b = np.arange(shape[0]) * 1.0, np.arange(shape[1]) * 10.0
    return make_result(
        ["x"],
        ["y"],
        a=a,
        b=b,
        matrix=matrix,
        border_a=border_a,
        border_b=border_b,
        sum_matrix=float(matrix.sum()),
        sum_border_a=float(border_a.sum()),
        sum_border_b=float(border_b.sum()),
    )


def words_of(side):
    """The labels of a text's words; special tokens, lone spaces, marks of unknown ones left out."""
    words = to_words(result_of(side, side)).a
    pairs = zip(words.tokens, words.special, strict=True)
    return [
        label.removesuffix("⁇") for label, extra in pairs if not extra and not label.startswith("␣")
    ]


WORDS = {
    "He isn't well-known, no?": ["He", "isn't", "well", "-", "known", ",", "no", "?"],
    "don’t pay 3.14 for it!": ["don’t", "pay", "3.14", "for", "it", "!"],
    "'Quoted' (in brackets)...": ["'", "Quoted", "'", "(", "in", "brackets", ")", ".", ".", "."],
    "  leading   spaces": ["leading", "spaces"],
    "one\ttwo": ["one", "two"],
    "snake_case a@b.com": ["snake_case", "a", "@", "b.com"],
    "WHY?!": ["WHY", "?", "!"],
}


@pytest.mark.parametrize("text", WORDS)
@pytest.mark.parametrize("tokenizer", TOKENIZERS)
def test_words_are_the_texts_whatever_the_tokenizer(encoders, tokenizer, text):
    words = words_of(encoders[tokenizer].read(text).side)
    if "␉" in words:  # byte-level vocabularies have a token for it
        words.remove("␉")
    assert words == WORDS[text]


@pytest.mark.parametrize(
    ("tokenizer", "text", "words"),
    [
        ("bert", "مرحبا بكم", ["مرحبا", "بكم"]),
        ("roberta", "مرحبا بكم", ["مرحبا", "بكم"]),
        ("xlm-roberta", "مرحبا بكم", ["مرحبا", "بكم"]),
        ("bert", "我喜欢 茶", ["我", "喜", "欢", "茶"]),
        ("modernbert", "我喜欢 茶", ["我", "喜", "欢", "茶"]),
        ("bert", "कुत्ता", ["कुत्ता"]),
        ("roberta", "कुत्ता पार्क में", ["कुत्ता", "पार्क", "में"]),
        ("roberta", "e\u0301te\u0301 fin", ["e\u0301te\u0301", "fin"]),
        ("xlm-roberta", "e\u0301te\u0301 fin", ["e\u0301te\u0301", "fin"]),
        ("roberta", "so 😀😀 👨\u200d👩\u200d👧!", ["so", "😀", "😀", "👨\u200d👩\u200d👧", "!"]),
        ("modernbert", "\U0001f1e9\U0001f1ea", ["\U0001f1e9\U0001f1ea"]),
    ],
    ids=ascii,
)
def test_words_of_other_scripts(encoders, tokenizer, text, words):
    assert words_of(encoders[tokenizer].read(text).side) == words


@pytest.mark.parametrize("tokenizer", ["bert", "xlm-roberta"])
def test_words_that_share_a_token_are_one(encoders, tokenizer):
    # neither vocabulary knows these emoji: two in a row are one unknown token
    side = encoders[tokenizer].read("so 😀😀!").side
    assert words_of(side) == ["so", "😀😀", "!"]
    words = to_words(result_of(side, side)).a
    assert [word for word, lost in zip(words.tokens, words.unknown, strict=True) if lost] == [
        "😀😀⁇"
    ]


@pytest.mark.parametrize("tokenizer", TOKENIZERS)
def test_prompts_have_words_too(encoders, tokenizer):
    side = encoders[tokenizer].read("a well", "query").side
    assert words_of(side) == ["find", "this", ":", "a", "well"]


def test_groups_by_hand():
    #                    [CLS]   is      n't     it      .       [SEP]
    side = make_side("isn't it.", [(0, 0), (0, 2), (2, 5), (5, 8), (8, 9), (0, 0)])
    assert word_groups(side) == ((0,), (1, 2), (3,), (4,), (5,))
    # a token across two words makes them one; a token of no characters stands alone
    side = make_side("ab cd ef", [(0, 1), (1, 4), (4, 5), (6, 6), (6, 8)], [False] * 5)
    assert word_groups(side) == ((0, 1, 2), (3,), (4,))
    # a special token inside a word parts it
    side = make_side("abcd", [(0, 2), (0, 0), (2, 4)])
    assert word_groups(side) == ((0,), (1,), (2,))
    # spans count from the prompt's start: without it, "q:" would be cut elsewhere
    side = make_side("isn't", [(0, 1), (1, 2), (3, 6), (6, 8)], [False] * 4, prompt="q: ")
    assert word_groups(side) == ((0,), (1,), (2, 3))


A = make_side("isn't it", [(0, 0), (0, 2), (2, 5), (6, 8), (0, 0)])
B = make_side("unhappy", [(0, 0), (0, 2), (2, 5), (5, 7)])
CELLS = np.arange(20.0).reshape(5, 4)


def test_means_by_hand():
    words = to_words(result_of(A, B, CELLS), "mean")
    assert words.words == "mean"
    assert words.a.tokens == ("[X]", "isn't", "it", "[X]")
    assert words.b.tokens == ("[X]", "unhappy")
    # rows 4…7 and 8…11 meet, and of the columns all but the first
    expected = [[0, 2], [6, 8], [12, 14], [16, 18]]
    np.testing.assert_allclose(words.matrix, expected, rtol=0, atol=1e-12)
    np.testing.assert_allclose(words.border_a, [0, 1.5, 3, 4], rtol=0, atol=1e-12)
    np.testing.assert_allclose(words.border_b, [0, 20], rtol=0, atol=1e-12)
    assert words.sum_matrix == CELLS.sum()
    assert words.a.spans == ((0, 0), (0, 5), (6, 8), (0, 0))
    assert words.a.special == (True, False, False, True)
    assert words.a.pieces == ("[X]", "is n't", "it", "[X]")


def test_sums_by_hand():
    words = to_words(result_of(A, B, CELLS), "sum")
    assert words.words == "sum"
    expected = [[0, 6], [12, 48], [12, 42], [16, 54]]
    np.testing.assert_allclose(words.matrix, expected, rtol=0, atol=1e-12)
    np.testing.assert_allclose(words.border_a, [0, 3, 3, 4], rtol=0, atol=1e-12)
    np.testing.assert_allclose(words.border_b, [0, 60], rtol=0, atol=1e-12)
    assert words.matrix.sum() == words.sum_matrix == CELLS.sum()


def test_a_real_pair_keeps_its_account(minilm):
    tokens = attribute(minilm, "He isn't unhappy.", "An antidisestablishment café", 5)
    words = to_words(tokens, "sum")
    assert words.a.tokens == ("[CLS]", "He", "isn't", "unhappy", ".", "[SEP]")
    assert words.b.tokens == ("[CLS]", "An", "antidisestablishment", "café", "[SEP]")
    assert words.matrix.sum() == pytest.approx(tokens.sum_matrix, abs=1e-6)
    assert words.border_a.sum() == pytest.approx(tokens.sum_border_a, abs=1e-6)
    assert words.border_b.sum() == pytest.approx(tokens.sum_border_b, abs=1e-6)
    assert words.score == tokens.score


def test_other_reductions_and_words_of_words_are_refused():
    result = result_of(A, B)
    with pytest.raises(ValueError, match="made by mean or sum, not by 'max'"):
        to_words(result, "max")
    with pytest.raises(ValueError, match="at word level already"):
        to_words(to_words(result, "sum"), "sum")


@st.composite
def cut_texts(draw):
    """Any printable text, cut anywhere into tokens, some of which are split into bytes."""
    alphabet = st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"))
    text = draw(st.text(alphabet, min_size=1, max_size=30))
    cuts = sorted({0, len(text), *draw(st.lists(st.integers(0, len(text)), max_size=12))})
    spans = [span for span in pairwise(cuts) for _ in range(draw(st.integers(1, 2)))]
    return text, [(0, 0), *spans, (0, 0)]


@settings(max_examples=150, deadline=None, derandomize=True)
@given(cut_texts(), cut_texts())
def test_any_text_falls_into_words_whose_sums_are_kept(cut_a, cut_b):
    a, b = make_side(*cut_a), make_side(*cut_b)
    groups = word_groups(a)
    assert [position for group in groups for position in group] == list(range(len(a.tokens)))
    assert groups[0] == (0,)
    assert groups[-1] == (len(a.tokens) - 1,)
    boundaries = [match.start() for match in regex.finditer(r"(?wV1)\b", a.text)]
    ends = []
    for group in groups[1:-1]:
        at = [i for token in group for i in range(*a.spans[token]) if not a.text[i].isspace()]
        if at and ends:  # a word begins at a boundary
            assert any(ends[-1] < boundary <= at[0] for boundary in boundaries)
        ends = [*ends, at[-1]] if at else []

    result = result_of(a, b)
    words = to_words(result, "sum")
    assert words.matrix.shape == (len(groups), len(word_groups(b)))
    assert words.matrix.sum() == pytest.approx(result.matrix.sum(), abs=1e-9)
    assert words.border_a.sum() == pytest.approx(result.border_a.sum())
    assert words.border_b.sum() == pytest.approx(result.border_b.sum())
    mean = to_words(result, "mean")
    sizes = np.outer([len(group) for group in groups], [len(group) for group in word_groups(b)])
    np.testing.assert_allclose(mean.matrix * sizes, words.matrix, rtol=0, atol=1e-9)
