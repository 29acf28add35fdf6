"""Tokens as a person reads them: hand-made cases."""

import pytest

from xsb_core.encoders.tokens import readable, token_labels


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("word", "word"),
        ("two words", "two words"),
        (" ", "␣"),
        ("\u00a0\u3000", "␣␣"),
        ("\t", "␉"),
        ("a\r\nb", "a␍␊b"),
        ("\0", "␀"),
        ("\x1b[31m", "␛[31m"),
        ("\x7f", "␡"),
        ("\x85", "⟨U+0085⟩"),
        ("a\u200bb", "a⟨U+200B⟩b"),
        ("\u202eabc", "⟨U+202E⟩abc"),
        ("\ufeff", "⟨U+FEFF⟩"),
        ("\u2028", "⟨U+2028⟩"),
        ("\ud800", "⟨U+D800⟩"),
        ("\U000e0067", "⟨U+E0067⟩"),
        ("e\u0301", "e\u0301"),
        ("\u0301", "◌\u0301"),
        ("\u0301x", "◌\u0301x"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("क\u094d\u200cष", "क\u094d\u200cष"),
        ("<b>[red]", "<b>[red]"),
    ],
    ids=ascii,
)
def test_readable(text, shown):
    assert readable(text) == shown


def labels(text, *tokens):
    """Labels of (start, end, piece) tokens between two special ones."""
    spans = [(0, 0), *((start, end) for start, end, _ in tokens), (0, 0)]
    pieces = ["<s>", *(piece for _, _, piece in tokens), "</s>"]
    special = [True, *[False] * len(tokens), True]
    first, *middle, last = token_labels(text, spans, pieces, special, [False] * len(pieces))
    assert (first, last) == ("<s>", "</s>")
    return middle


def test_labels_are_the_texts_own_characters():
    assert labels("Naïve", (0, 3, "nai"), (3, 5, "##ve")) == ["Naï", "ve"]
    assert labels("# ##", (0, 1, "#"), (2, 4, "##")) == ["#", "##"]


def test_spaces_round_a_token_are_left_out():
    assert labels("a  b\n", (0, 1, "a"), (1, 4, "ĠĠb"), (4, 5, "Ċ")) == ["a", "b", "␊"]
    assert labels("a  ", (0, 1, "a"), (1, 3, "ĠĠ")) == ["a", "␣␣"]


def test_a_word_between_control_characters_keeps_them():
    assert labels("a\0b", (0, 3, "ab")) == ["a␀b"]


def test_tokens_of_the_same_characters_are_numbered():
    bytes_of_two = [(0, 1, "ð"), (0, 1, "Ł"), (1, 2, "ð"), (1, 2, "Ł"), (1, 2, "ĺ")]
    assert labels("😀😁", *bytes_of_two) == ["😀₁", "😀₂", "😁₁", "😁₂", "😁₃"]
    twelve = [(0, 1, "x")] * 12
    assert labels("☃", *twelve)[8:] == ["☃₉", "☃₁₀", "☃₁₁", "☃₁₂"]


def test_the_same_characters_elsewhere_are_not_numbered():
    assert labels("na na", (0, 2, "na"), (3, 5, "na")) == ["na", "na"]


@pytest.mark.parametrize(
    ("piece", "label"),
    [("▁", "␣"), ("Ġ", "␣"), ("Ċ", "␊"), ("##x", "x"), ("▁the", "the"), ("Ġthe", "the")],
)
def test_a_token_without_characters_has_its_pieces_name(piece, label):
    assert labels("a", (0, 1, "a"), (1, 1, piece)) == ["a", label]


def test_special_tokens_keep_their_names_wherever_they_stand():
    spans, pieces = [(0, 0), (0, 1), (0, 0), (2, 3)], ["[CLS]", "a", "[SEP]", "b"]
    assert token_labels("a b", spans, pieces, [True, False, True, False], [False] * 4) == (
        "[CLS]",
        "a",
        "[SEP]",
        "b",
    )


def test_lists_of_other_lengths_are_refused():
    with pytest.raises(ValueError, match="zip"):
        token_labels("a", [(0, 1)], ["a", "b"], [False], [False])
