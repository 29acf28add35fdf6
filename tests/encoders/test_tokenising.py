"""Whatever a user may type: what is read, how it is shown, and what is refused."""

import json
import unicodedata

import numpy as np
import pytest
from tokenizers import Tokenizer

from tests.zoo import make_model
from xsb_core import Encoder, TextError, attribute

FAMILY = "👨\u200d👩\u200d👧"
GERMAN_FLAG = "\U0001f1e9\U0001f1ea"
FRENCH_FLAG = "\U0001f1eb\U0001f1f7"
TOKENIZERS = ("bert", "mpnet", "roberta", "modernbert", "xlm-roberta", "deberta-v2")

# text: the labels between [CLS] and [SEP]
READ = {
    "word": ("word",),
    "Antidisestablishment": ("Anti", "dis", "est", "ab", "lish", "ment"),
    f"{FAMILY} at home": (FAMILY + "⁇", "at", "home"),
    f"{GERMAN_FLAG}{FRENCH_FLAG} flags": (GERMAN_FLAG + FRENCH_FLAG + "⁇", "flags"),
    "abc שלום": ("abc", "ש", "ל", "ו", "ם"),
    "\u202eabc\u202c": ("abc",),
    "re\u0301sume naïve": ("re\u0301sume", "naïve"),
    "我喜欢": ("我", "喜⁇", "欢⁇"),
    "a\0b\x07c": ("a␀b␇c",),
    "one\ttwo\r\nthree": ("one", "two", "three"),
    "  two   words ": ("two", "words"),
    "\ufeffHi": ("Hi",),
    "<script>x</script>": ("<", "script", ">", "x", "<", "/", "script", ">"),
    "**b** [l](u)": ("*", "*", "b", "*", "*", "[", "l", "]", "(", "u", ")"),
    "a [SEP] b [CLS] [PAD] [MASK]": ("a", "[SEP]", "b", "[CLS]", "[PAD]", "[MASK]"),
    "##ing Ġ": ("#", "#", "ing", "Ġ"),
}


@pytest.fixture(scope="module", params=TOKENIZERS)
def encoder(request):
    return Encoder(make_model(request.param, blocks=1), request.param)


@pytest.mark.parametrize("text", READ, ids=ascii)
def test_labels_are_what_was_typed(minilm, text):
    side = minilm.read(text).side
    assert side.tokens == ("[CLS]", *READ[text], "[SEP]")
    assert side.special == (True, *[False] * len(READ[text]), True)
    assert side.spans[0] == side.spans[-1] == (0, 0)
    assert (side.text, side.read, side.cut) == (text, len(text), False)
    assert side.unknown == tuple(piece == "[UNK]" for piece in side.pieces)
    assert side.unknown == tuple(token.endswith("⁇") for token in side.tokens)


def test_how_much_of_a_text_was_read_as_unknown(minilm):
    assert minilm.read("ฉันรักแมวของฉัน").side.unread == 1
    assert minilm.read("my cat").side.unread == 0
    assert minilm.read("cats 😀😀").side.unread == pytest.approx(2 / 6)
    assert Encoder(make_model("roberta", blocks=1), "bytes").read("😀").side.unread == 0


def test_a_text_longer_than_the_table_of_positions_is_refused_in_a_sentence():
    model = make_model("roberta", blocks=1, max_length=24)
    model.max_seq_length = 512
    encoder = Encoder(model, "short")
    assert len(encoder.read("a " * 21 + "a").side.tokens) == 24
    with pytest.raises(TextError, match=r"^short has positions for 24 tokens, fewer than"):
        encoder.read("a " * 40)


def test_a_start_that_would_be_left_out_is_refused_in_a_sentence():
    model = make_model("bert", blocks=1, max_length=24)
    model.tokenizer.truncation_side = "left"
    encoder = Encoder(model, "late")
    assert encoder.read("a man plays").side.read == 11
    with pytest.raises(TextError, match="reads 24 tokens and would leave out the start"):
        encoder.read("a " * 40)


def test_a_tokenizer_without_a_token_for_the_unknown_says_so():
    model = make_model("bert", blocks=1)
    rules = json.loads(model.tokenizer.backend_tokenizer.to_str())
    rules["model"]["unk_token"] = "[NONE]"
    model.tokenizer._tokenizer = Tokenizer.from_str(json.dumps(rules))
    encoder = Encoder(model, "bare")
    with pytest.raises(TextError, match=r"^bare's tokenizer can't read this text \("):
        encoder.read("\u0e09\u0e31\u0e19")


def test_an_instruction_that_leaves_no_room_for_the_text_is_refused(minilm):
    with pytest.raises(TextError, match="takes all of the 256 tokens"):
        attribute(minilm, "A man plays.", "B", prompt_a="word " * 10_000)


def test_any_instruction_is_read_as_encode_reads_it(minilm):
    prompt = "Instruct: find the same\nQuery: "
    result = attribute(minilm, "A man plays.", "Someone plays.", 5, prompt_a=prompt)
    embeddings = (
        minilm.model.encode(["A man plays."], prompt=prompt),
        minilm.model.encode(["Someone plays."]),
    )
    own = float(minilm.model.similarity(*embeddings))
    assert result.score == pytest.approx(own, abs=1e-5)
    assert result.a.prompt == prompt
    prompted = [place for place, own in enumerate(result.a.prompted) if own]
    tokens = " ".join(result.a.tokens[place] for place in prompted)
    assert tokens.endswith(": find the same Query :")


@pytest.mark.parametrize("text", READ, ids=ascii)
def test_every_text_that_is_read_is_explained(minilm, text):
    result = attribute(minilm, text, "Hello there.")
    assert result.layer == 4
    assert result.converged
    assert result.matrix.shape == (len(READ[text]) + 2, 5)
    own = minilm.model.similarity(*(minilm.model.encode([t]) for t in (text, "Hello there.")))
    assert result.score == pytest.approx(own.item(), abs=1e-5)


TEXTS = (
    "A word, isn't it?",
    f"{FAMILY} {GERMAN_FLAG}\U0001f600\U0001f600",
    "cafe\u0301 \u0301x naïve",
    "a\0b\x07c\u200bd\x7f\x85e",
    "我喜欢 مرحبا שלום",
    " leading\n\n\tand trailing ",
)


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_labels_show_no_vocabulary_marks_and_nothing_invisible(encoder, text):
    side = encoder.read(text).side
    labels = [label for label, extra in zip(side.tokens, side.special, strict=True) if not extra]
    for label in labels:
        assert label.strip()
        assert not any(mark in label for mark in ("##", "Ġ", "▁"))
        assert not any(unicodedata.category(char) == "Cc" for char in label)
    spans = [span for span, extra in zip(side.spans, side.special, strict=True) if not extra]
    assert [start for start, _ in spans] == sorted(start for start, _ in spans)
    assert all(0 <= start <= end <= len(text) for start, end in spans)


@pytest.mark.parametrize("text", ["A word, isn't it?", "Two  spaces.", "Hello"])
def test_spans_reproduce_the_text(encoder, text):
    side = encoder.read(text).side
    pieces = [text[slice(*span)] for span in side.spans]
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")
    assert [piece.strip() for piece in pieces if piece.strip()] == [
        label
        for label, extra in zip(side.tokens, side.special, strict=True)
        if not extra and label != "␣"
    ]


def test_special_tokens_typed_by_the_user_are_content(encoder):
    tokenizer = encoder.tokenizer
    typed = f"a {tokenizer.sep_token} b {tokenizer.cls_token}{tokenizer.pad_token}"
    side = encoder.read(typed).side
    assert sum(side.special) == 2
    assert side.special == (True, *[False] * (len(side.special) - 2), True)
    assert side.tokens.count(tokenizer.sep_token) == 2
    assert side.tokens.count(tokenizer.cls_token) == 2


def test_a_typed_separator_is_replaced_in_the_reference(minilm):
    reading = minilm.read("a [SEP] b")
    ids = reading.reference.features["input_ids"][0].tolist()
    tokenizer = minilm.tokenizer
    pad = tokenizer.pad_token_id
    assert ids == [tokenizer.cls_token_id, pad, pad, pad, tokenizer.sep_token_id]
    assert reading.text.features["input_ids"][0, 2] == tokenizer.sep_token_id


def test_identical_texts(minilm):
    text = "The same text, twice."
    result = attribute(minilm, text, text)
    assert result.score == pytest.approx(1, abs=1e-6)
    np.testing.assert_allclose(result.matrix, result.matrix.T, rtol=0, atol=1e-6)
    np.testing.assert_allclose(result.border_a, result.border_b, rtol=0, atol=1e-6)
    assert result.reference_terms.a_rb == pytest.approx(result.reference_terms.b_ra, abs=1e-6)
    assert result.reference_terms.ra_rb == pytest.approx(1, abs=1e-6)


def test_ten_thousand_words_are_cut_where_the_model_stops_reading(minilm):
    text = "word " * 10_000
    side = minilm.read(text).side
    assert len(side.tokens) == minilm.model.max_seq_length == 256
    assert side.tokens[1:-1] == ("word",) * 254
    assert side.cut
    assert side.read == 254 * len("word ") - 1
    assert text[: side.read].endswith("word")
    # what is left is attributed; a short model says so sooner
    short = Encoder(make_model("bert", blocks=1, max_length=12), "short")
    result = attribute(short, text, "a word")
    assert (len(result.a.tokens), result.a.cut, result.b.cut) == (12, True, False)
    own = short.model.similarity(*(short.model.encode([t]) for t in (text, "a word")))
    assert result.score == pytest.approx(own.item(), abs=1e-5)


def test_a_text_cut_in_the_middle_of_a_word(minilm):
    # a word of six pieces: 254 pieces are 42 words and two pieces of the next, "Anti" and "dis"
    word = "Antidisestablishment"
    side = minilm.read(f"{word} " * 60).side
    assert side.cut
    assert side.tokens[-3:] == ("Anti", "dis", "[SEP]")
    assert side.read == 42 * (len(word) + 1) + len("Antidis")


def test_a_text_of_just_the_longest_length_is_not_cut(minilm):
    assert not minilm.read("word " * 254).side.cut
    assert minilm.read("word " * 255).side.cut


def test_a_prompt_is_no_part_of_what_is_read_of_the_text():
    model = make_model("bert", blocks=1, max_length=8, prompts={"query": "find this: "})
    side = Encoder(model, "bert").read("one two three four five", "query").side
    # [CLS] find this : one two three [SEP]
    assert side.tokens[1:-1] == ("find", "this", ":", "one", "two", "three")
    assert side.read == len("one two three")


BLANK = "The text is empty; type at least one word."
UNREADABLE = (
    "all-MiniLM-L6-v2's tokenizer finds nothing to read in this text; type at least one word."
)
REFUSED = {
    "empty": ("", BLANK),
    "blank": (" \n\t\u3000", BLANK),
    "number": (3, "A text must be a string, not int."),
    "nothing": (None, "A text must be a string, not NoneType."),
    "bytes": (b"text", "A text must be a string, not bytes."),
    "control characters": ("\0\x07\x1b\x7f", UNREADABLE),
    "zero-width characters": ("\u200b\u200d\u2060", UNREADABLE),
    "surrogate": (
        "ab\ud83d",
        "The text has half of a surrogate pair at character 3.",
    ),
    "byte": (
        "caf\udce9",
        "The text has a byte that is not utf-8 (0xE9, at character 4); convert the file, or name "
        "its encoding.",
    ),
}


def test_tokenising_leaves_the_tokenizer_to_threads_that_encode(minilm):
    minilm.model.encode(["one", "and two"])
    shared = minilm.tokenizer.backend_tokenizer
    before = shared.padding, shared.truncation
    minilm.tokenise("some text")
    assert None not in before
    assert (shared.padding, shared.truncation) == before


@pytest.mark.usefixtures("untyped")
@pytest.mark.parametrize("name", REFUSED)
def test_texts_that_leave_nothing_are_refused_by_name(minilm, name):
    text, message = REFUSED[name]
    with pytest.raises(TextError) as refusal:
        attribute(minilm, text, "Hello.")
    assert str(refusal.value) == f"Text A: {message}"
    with pytest.raises(TextError) as refusal:
        attribute(minilm, "Hello.", text)
    assert str(refusal.value) == f"Text B: {message}"
