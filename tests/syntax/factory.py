"""Parses by hand, and where the shared data are."""

from pathlib import Path

import pytest

from xsb_core.syntax.sentence import Node, Sentence, Token
from xsb_core.syntax.tree import Tree, tree_of

DATA = Path(__file__).parents[3] / "shared" / "data"
STANZA = DATA / "stanza"
EWT = DATA / "ud_english_ewt" / "en_ewt-ud-test.conllu"

needs_stanza = pytest.mark.skipif(
    not STANZA.is_dir(), reason=f"no Stanza pipeline in {STANZA}; it is only shared data"
)
needs_ewt = pytest.mark.skipif(
    not EWT.is_file(), reason=f"no treebank in {EWT.parent}; it is only shared data"
)


def sentence(text: str, *tokens: str) -> Sentence:
    """A sentence of tokens such as ``dogs/2/nsubj``, with several words ``do/3/aux+n't/3/advmod``.

    A multi-word token that is not its words' letters begins with its own form: ``au=à/2/case+...``.
    """
    made = []
    for token in tokens:
        form, equals, words = token.rpartition("=")
        nodes = []
        for word in words.split("+"):
            own, head, relation = word.rsplit("/", 2)
            nodes.append(Node(own, "X", int(head), relation))
        whole = form if equals else "".join(node.form for node in nodes)
        made.append(Token(whole, tuple(nodes)))
    return Sentence(text, tuple(made))


def tree(text: str, *tokens: str) -> Tree:
    """The same as a tree."""
    return tree_of(sentence(text, *tokens), text)


def flat_tree(text: str, *forms: str) -> Tree:
    """A tree of these tokens (words of one token: joined by +), all hanging on the first."""
    made, number = [], 0
    for form in forms:
        words = []
        for word in form.split("+"):
            number += 1
            words.append(f"{word}/{0 if number == 1 else 1}/{'root' if number == 1 else 'dep'}")
        made.append("+".join(words))
    return tree(text, *made)
