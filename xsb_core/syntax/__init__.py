"""Universal Dependencies: trees of texts, their relations, and where they come from."""

from xsb_core.syntax.collapse import relations
from xsb_core.syntax.conllu import read_conllu, write_conllu
from xsb_core.syntax.sentence import Sentence, Token
from xsb_core.syntax.tree import Tree, Word, tree_of
from xsb_core.syntax.treebank import Treebank

__all__ = [
    "Sentence",
    "Token",
    "Tree",
    "Treebank",
    "Word",
    "read_conllu",
    "relations",
    "tree_of",
    "write_conllu",
]
