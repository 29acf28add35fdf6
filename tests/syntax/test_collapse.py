"""Phrase-internal labels take the phrase's, case by case."""

import pytest

from tests.syntax.factory import EWT, needs_ewt, tree
from xsb_core.syntax.collapse import PHRASE_INTERNAL, relations
from xsb_core.syntax.conllu import read_conllu
from xsb_core.syntax.tree import tree_of

# Sentence: word/head/relation → one label a word.
CASES = {
    "nothing to replace": ("dogs/2/nsubj chase/0/root cats/2/obj", "nsubj root obj"),
    "second subject": (
        "dogs/4/nsubj and/3/cc cats/1/conj play/0/root",
        "nsubj nsubj nsubj root",
    ),
    "third subject on the first": (
        "dogs/6/nsubj cats/1/conj and/5/cc big/5/amod mice/1/conj play/0/root",
        "nsubj nsubj nsubj amod nsubj root",
    ),
    "conjuncts chained": (
        "a/4/nsubj b/1/conj c/2/conj play/0/root",
        "nsubj nsubj nsubj root",
    ),
    "coordinated objects": (
        "I/2/nsubj eat/0/root rice/2/obj or/5/cc beans/3/conj",
        "nsubj root obj obj obj",
    ),
    "coordinated predicates": (
        "he/2/nsubj ran/0/root and/4/cc fell/2/conj",
        "nsubj root root root",
    ),
    "object of the second predicate stays": (
        "he/2/nsubj ran/0/root and/4/cc bought/2/conj milk/4/obj",
        "nsubj root root root obj",
    ),
    "coordinated adjectives": (
        "red/4/amod and/3/cc blue/1/conj cars/0/root",
        "amod amod amod root",
    ),
    "correlative conjunction": (
        "both/2/cc:preconj dogs/5/nsubj and/4/cc cats/2/conj play/0/root",
        "nsubj nsubj nsubj nsubj root",
    ),
    "name": ("Angela/3/nsubj Merkel/1/flat spoke/0/root", "nsubj nsubj root"),
    "name with a subtype": (
        "we/2/nsubj met/0/root Angela/2/obj Merkel/3/flat:name",
        "nsubj root obj obj",
    ),
    "name of three": (
        "to/2/case Ludwig/5/obl van/2/flat Beethoven/2/flat listen/0/root",
        "case obl obl obl root",
    ),
    "fixed preposition": (
        "because/4/case of/1/fixed the/4/det rain/5/obl stopped/0/root",
        "case case det obl root",
    ),
    "fixed of three": (
        "as/4/cc well/1/fixed as/1/fixed cats/5/conj dogs/6/nsubj play/0/root",
        "nsubj nsubj nsubj nsubj nsubj root",
    ),
    "fixed adverb": ("at/3/advmod least/1/fixed two/0/root", "advmod advmod root"),
    "noun compound": ("phone/2/compound book/3/nsubj fell/0/root", "nsubj nsubj root"),
    "compound in a compound": (
        "ice/2/compound cream/3/compound shop/4/nsubj closed/0/root",
        "nsubj nsubj nsubj root",
    ),
    "particle of a phrasal verb": (
        "they/2/nsubj gave/0/root up/2/compound:prt",
        "nsubj root root",
    ),
    "particle inside a clause": (
        "she/2/nsubj hopes/0/root to/4/mark give/2/xcomp in/4/compound:prt",
        "nsubj root mark xcomp xcomp",
    ),
    "word typed apart": ("with/3/mark out/1/goeswith asking/0/root", "mark mark root"),
    "compound of a conjunct": (
        "dogs/5/nsubj and/4/cc house/4/compound cats/1/conj play/0/root",
        "nsubj nsubj nsubj nsubj root",
    ),
    "name in a compound in a conjunct": (
        "I/2/nsubj like/0/root tea/2/obj and/7/cc New/6/compound York/7/compound bagels/3/conj",
        "nsubj root obj obj obj obj obj",
    ),
    "conjunct of a modifier takes the modifier's": (
        "cups/0/root of/3/case tea/1/nmod and/5/cc milk/3/conj",
        "root case nmod nmod nmod",
    ),
    "subtypes that stay are dropped": (
        "it/3/nsubj:pass was/3/aux:pass seen/0/root by/5/case him/3/obl:agent",
        "nsubj aux root case obl",
    ),
    "lists and appositions are not phrase-internal": (
        "Paris/4/nsubj the/3/det capital/1/appos shines/0/root",
        "nsubj det appos root",
    ),
    "a root stays whatever it is": ("Angela/0/root Merkel/1/flat", "root root"),
}


@pytest.mark.parametrize("name", CASES)
def test_case(name):
    words, labels = CASES[name]
    text = " ".join(word.split("/")[0] for word in words.split())
    assert relations(tree(text, *words.split())) == tuple(labels.split())


def test_there_are_enough_cases():
    assert len(CASES) >= 20


def test_words_of_one_token_have_labels_of_their_own():
    own = tree("I don't", "I/3/nsubj", "do/0/root+n't/2/advmod")
    assert relations(own) == ("nsubj", "root", "advmod")


@pytest.mark.slow
@needs_ewt
def test_gold_trees_keep_no_phrase_internal_label_but_the_roots():
    (documents, changed) = (read_conllu(EWT), 0)
    for sentence in (one for document in documents for one in document):
        for word, label in zip(
            sentence.words, relations(tree_of(sentence, sentence.text)), strict=True
        ):
            assert label not in PHRASE_INTERNAL or word.head == 0
            own = word.relation.partition(":")[0]
            changed += own != label
            assert own == label or own in PHRASE_INTERNAL
    assert changed > 2000
