"""A parser's words and the tokenizer's tokens, by characters: hand-made cases, then gold trees."""

import pytest

from tests.syntax.factory import EWT, flat_tree, needs_ewt, tree
from tests.zoo import make_model
from xsb_core import Encoder, Side
from xsb_core.encoders.spans import tokens_in_ranges
from xsb_core.syntax.conllu import read_conllu
from xsb_core.syntax.tree import tree_of


def aligned(side, own):
    """Each word with its tokens' characters."""
    whole = side.prompt + side.text
    groups = tokens_in_ranges(side, [word.span for word in own.words])
    return [
        (word.form, *(whole[slice(*side.spans[at])].strip() for at in group))
        for word, group in zip(own.words, groups, strict=True)
    ]


# Text; the parser's tokens (+ between the words of one); each word = its tokens' characters.
WORDPIECE = [
    ("Dogs run.", "Dogs run .", "Dogs=Dogs run=run .=."),
    ("He isn't in.", "He is+n't in .", "He=He is=isn n't='|t in=in .=."),
    ("I don't.", "I do+n't .", "I=I do=don n't='|t .=."),
    ("I don’t.", "I do+n’t .", "I=I do=don n’t=’|t .=."),
    ("You can't go.", "You ca+n't go .", "You=You ca=can n't='|t go=go .=."),
    ("You cannot go.", "You can+not go .", "You=You can=cannot not=cannot go=go .=."),
    ("She'll say.", "She+'ll say .", "She=She 'll='|ll say=say .=."),
    ("It's ours.", "It+'s ours .", "It=It 's='|s ours=ours .=."),
    ("the dog's tail", "the dog+'s tail", "the=the dog=dog 's='|s tail=tail"),
    ("the dogs' tails", "the dogs+' tails", "the=the dogs=dogs '=' tails=tails"),
    ("gonna win", "gon+na win", "gon=gonna na=gonna win=win"),
    ('\'tis "so"', '\'t+is " so "', '\'t=\' is=tis "=" so=so "="'),
    ("a well-known man", "a well - known man", "a=a well=well -=- known=known man=man"),
    ("a well-known man", "a well-known man", "a=a well-known=well|-|known man=man"),
    ("ex-wife and co-op", "ex-wife and co-op", "ex-wife=ex|-|wife and=and co-op=co|-|op"),
    ("unbelievableness", "unbelievableness", "unbelievableness=unbelievable|ness"),
    ("“Hello,” she said", "“ Hello , ” she said", "“=“ Hello=Hello ,=, ”=” she=she said=said"),
    ("wow 😀!", "wow 😀 !", "wow=wow 😀=😀 !=!"),
    ("ok 👍🏽", "ok 👍🏽", "ok=ok 👍🏽=👍🏽"),
    ("no :-) here", "no :-) here", "no=no :-)=:|-|) here=here"),
    ("wait... what?!", "wait ... what ?!", "wait=wait ...=.|.|. what=what ?!=?|!"),
    ("$3.50 or 20%", "$ 3.50 or 20 %", "$=$ 3.50=3|.|50 or=or 20=20 %=%"),
    ("a@b.com now", "a@b.com now", "a@b.com=a|@|b|.|com now=now"),
    ("and/or", "and / or", "and=and /=/ or=or"),
    ("the U.S. army", "the U.S. army", "the=the U.S.=U|.|S|. army=army"),
    ("Café crème", "Café crème", "Café=Café crème=cr|ème"),
    ("two\u00a0spaces  here", "two spaces here", "two=two spaces=spaces here=here"),
]


def pairs(expected):
    """What ``aligned`` gives, from a case's short form."""
    found = []
    for one in expected.split():
        word, tokens = one.split("=")
        found.append((word, *tokens.split("|")))
    return found


@pytest.mark.parametrize(("text", "forms", "expected"), WORDPIECE)
def test_wordpiece(minilm, text, forms, expected):
    assert aligned(minilm.tokenise(text).side, flat_tree(text, *forms.split())) == pairs(expected)


def test_there_are_enough_cases():
    assert len(WORDPIECE) >= 20


@pytest.fixture(scope="module")
def byte_level():
    return Encoder(make_model("roberta", blocks=1, prompts={"query": "find this: "}), "roberta")


def letters(side, own):
    """Each word with the characters of all its tokens, each once, spaces left out."""
    whole = side.prompt + side.text
    groups = tokens_in_ranges(side, [word.span for word in own.words])
    places = [sorted({at for one in group for at in range(*side.spans[one])}) for group in groups]
    return ["".join(whole[at] for at in own).strip() for own in places]


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("wow 😀 yes", "wow 😀 yes"),
        ("👨\u200d👩\u200d👧 ok", "👨\u200d👩\u200d👧 ok"),
        ("“so” he said", "“ so ” he said"),
        ("Müller isst Äpfel", "Müller isst Äpfel"),
        ("a   wide    gap", "a wide gap"),
    ],
)
@pytest.mark.parametrize("prompt", [None, "query"])
def test_bytes_of_one_character_and_spaces_before_words(byte_level, text, forms, prompt):
    side = byte_level.tokenise(text, prompt).side
    own = flat_tree(text, *forms.split())
    assert letters(side, own) == forms.split()
    groups = tokens_in_ranges(side, [word.span for word in own.words])
    if "😀" in text:
        assert len(groups[1]) > 1  # the bytes of one emoji are several tokens
    assert not any(side.special[at] for group in groups for at in group)


def test_a_word_beyond_the_models_length_has_no_token():
    short = Encoder(make_model("bert", blocks=1, max_length=5), "short")
    text = "one two three four"
    own = flat_tree(text, *text.split())
    side = short.tokenise(text).side
    groups = tokens_in_ranges(side, [word.span for word in own.words])
    assert side.cut
    assert groups[0]
    assert groups[-1] == ()


def test_words_whose_letters_are_not_the_tokens_share_it(minilm):
    own = tree("vas al mar", "vas/0/root", "al=a/3/case+el/3/det", "mar/1/obl")
    assert [word.span for word in own.words] == [(0, 3), (4, 6), (4, 6), (7, 10)]
    assert aligned(minilm.tokenise("vas al mar").side, own)[1:3] == [("a", "al"), ("el", "al")]


def test_a_token_belongs_to_the_word_with_most_of_it():
    side = Side("abcdef", "", 6, ("abc", "def"), ("abc", "def"), ((0, 3), (3, 6)), (False, False))
    assert tokens_in_ranges(side, [(0, 2), (2, 6)]) == ((0,), (1,))
    assert tokens_in_ranges(side, [(0, 1), (1, 6)]) == ((0,), (0, 1))
    assert tokens_in_ranges(side, [(6, 6)]) == ((),)


@pytest.mark.slow
@needs_ewt
def test_gold_words_have_tokens_and_tokens_have_words(minilm):
    sentences = [one for document in read_conllu(EWT) for one in document][:400]
    words = 0
    for one in sentences:
        own = tree_of(one, one.text)
        side = minilm.tokenise(one.text).side
        groups = tokens_in_ranges(side, [word.span for word in own.words])
        taken = set().union(*groups)
        for word, group in zip(own.words, groups, strict=True):
            words += 1
            # past the cut, and for characters that the tokenizer drops, there is none
            assert group or word.span[1] > side.read or not word.form.isascii()
            for at in group:
                start, end = side.spans[at]
                assert start < word.span[1]
                assert word.span[0] < end
        assert {at for at, extra in enumerate(side.special) if not extra} <= taken
    assert words > 4000
