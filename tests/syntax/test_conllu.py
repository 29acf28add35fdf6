"""CoNLL-U in and out, and parses found by their texts."""

import pytest

from tests.syntax.factory import EWT, needs_ewt, sentence
from xsb_core.errors import DataError, ParseError
from xsb_core.syntax.conllu import read_conllu, write_conllu
from xsb_core.syntax.tree import tree_of
from xsb_core.syntax.treebank import Treebank

WHOLE = """\
# newdoc id = one
# sent_id = 1
# text = I don't  think so.
1\tI\tI\tPRON\tPRP\t_\t4\tnsubj\t4:nsubj\t_
2-3\tdon't\t_\t_\t_\t_\t_\t_\t_\t_
2\tdo\tdo\tAUX\tVBP\t_\t4\taux\t_\t_
3\tn't\tnot\tPART\tRB\t_\t4\tadvmod\t_\t_
4\tthink\tthink\tVERB\tVB\t_\t0\troot\t_\t_
4.1\tthat\tthat\tPRON\t_\t_\t_\t_\t4:obj\t_
5\tso\tso\tADV\tRB\t_\t4\tadvmod\t_\tSpaceAfter=No
6\t.\t.\tPUNCT\t.\t_\t4\tpunct\t_\t_

# newdoc
1\tFine\tfine\tADJ\t_\t_\t0\troot\t_\tSpaceAfter=No
2\t.\t.\tPUNCT\t_\t_\t1\tpunct\t_\t_

# text = Good.
1\tGood\tgood\tADJ\t_\t_\t0\troot\t_\tSpaceAfter=No
2\t.\t.\tPUNCT\t_\t_\t1\tpunct\t_\t_
"""


def written(folder, text, name="parses.conllu"):
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_tokens_words_texts_and_documents(tmp_path):
    first, second = read_conllu(written(tmp_path, WHOLE))
    (one,) = first
    assert one.text == "I don't  think so."
    assert [token.form for token in one.tokens] == ["I", "don't", "think", "so", "."]
    assert [(word.form, word.upos, word.head, word.relation) for word in one.words] == [
        ("I", "PRON", 4, "nsubj"),
        ("do", "AUX", 4, "aux"),
        ("n't", "PART", 4, "advmod"),
        ("think", "VERB", 0, "root"),
        ("so", "ADV", 4, "advmod"),
        (".", "PUNCT", 4, "punct"),
    ]
    assert [sentence.text for sentence in second] == ["Fine.", "Good."]


@pytest.mark.parametrize("change", [lambda t: "\ufeff" + t, lambda t: t.replace("\n", "\r\n")])
def test_byte_order_marks_and_line_ends_do_not_matter(tmp_path, change):
    plain = read_conllu(written(tmp_path, WHOLE))
    assert read_conllu(written(tmp_path, change(WHOLE), "other.conllu")) == plain


def test_a_file_is_what_was_written(tmp_path):
    documents = read_conllu(written(tmp_path, WHOLE))
    write_conllu(documents, tmp_path / "again.conllu")
    again = read_conllu(tmp_path / "again.conllu")
    assert [[s.tokens for s in d] for d in again] == [[s.tokens for s in d] for d in documents]
    assert again[0][0].text == "I don't think so."


BLANKS = "\t".join("_" * 8)
ONE = "1\ta\t_\t_\t_\t_\t0\troot\t_\t_\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no sentence"),
        ("# text = nothing\n", "has no sentence"),
        ("1\tdog\t0\troot\n", "line 1 has 4 of the 10 columns of CoNLL-U"),
        (
            "1\ta\t_\t_\t_\t_\tx\troot\t_\t_\n",
            "line 1: expected word 1 with the number of its head",
        ),
        ("2\ta\t_\t_\t_\t_\t0\troot\t_\t_\n", "got ID '2'"),
        ("1\ta\t_\t_\t_\t_\t2\tdep\t_\t_\n2\tb\t_\t_\t_\t_\t1\tdep\t_\t_\n", "lead to no root"),
        ("1\ta\t_\t_\t_\t_\t9\tdep\t_\t_\n", "lead to no root"),
        ("1\ta\t_\t_\t_\t_\t-1\tdep\t_\t_\n", "HEAD '-1'"),
        ("1\t \t_\t_\t_\t_\t0\troot\t_\t_\n", "line 1 has no FORM; expected the word"),
        (f"5-6\tab\t{BLANKS}\n{ONE}", "line 1: expected a multi-word token that begins at word 1"),
        (
            f"1-2\tab\t{BLANKS}\n{ONE}1-2\tab\t{BLANKS}\n",
            "begins at word 2, outside any other one, got ID '1-2'",
        ),
        (f"1-2\tab\t{BLANKS}\n{ONE}", "line 2: the sentence ends at word 1, but a multi-word"),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
    ],
)
def test_what_is_no_conllu_is_told_with_its_line(tmp_path, text, message):
    with pytest.raises(DataError) as error:
        read_conllu(written(tmp_path, text))
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(DataError, match="can't be read: No such file"):
        read_conllu(tmp_path / "none.conllu")


def test_trees_are_found_by_text_with_characters_of_this_text(tmp_path):
    bank = Treebank.read(written(tmp_path, WHOLE))
    assert bank.name == "parses.conllu"
    own = bank.tree(" I don't think\nso .")
    assert own.text == " I don't think\nso ."
    assert [own.text[slice(*word.span)] for word in own.words] == [
        "I",
        "do",
        "n't",
        "think",
        "so",
        ".",
    ]
    assert bank.tree("Good.").words[0].span == (0, 4)
    assert [bank.sentences(text) for text in ("Fine. Good.", "Good.", "Bad.")] == [2, 1, 0]


def test_texts_without_one_tree_are_refused(tmp_path):
    bank = Treebank.read(written(tmp_path, WHOLE))
    with pytest.raises(ParseError) as error:
        bank.tree("Fine. Good.")
    assert str(error.value) == (
        "The parser splits this text into 2 sentences (the first is “Fine.”); give one sentence."
    )
    with pytest.raises(ParseError, match=r"There is no parse of “Bad\.” among those given"):
        bank.tree("Bad.")


def test_a_parse_of_other_characters_is_refused():
    with pytest.raises(ParseError, match="is of other characters than the text"):
        tree_of(sentence("a b", "a/0/root", "b/1/dep"), "a c")


def test_words_of_other_letters_than_their_token_have_all_of_it():
    text = "İx"
    (first, second) = tree_of(sentence(text, "İx=i̇/0/root+x/1/dep"), text).words
    assert first.span == second.span == (0, 2)


@pytest.mark.slow
@needs_ewt
def test_gold_treebank(tmp_path):
    documents = read_conllu(EWT)
    sentences = [one for document in documents for one in document]
    assert len(sentences) == 2077
    assert sum(len(one.words) for one in sentences) == 25094
    for one in sentences:
        own = tree_of(one, one.text)
        spans = [word.span for word in own.words]
        assert spans == sorted(spans)
        assert all(start < end <= len(one.text) for start, end in spans)
    write_conllu(documents, tmp_path / "again.conllu")
    again = [one for document in read_conllu(tmp_path / "again.conllu") for one in document]
    assert [one.tokens for one in again] == [one.tokens for one in sentences]
