"""Relations of phrases: words inside multi-word expressions and coordinations take the phrase's.

The rule is that of the paper's section 5.1. It names no labels; ours are those that UD groups as
coordination (conj, cc) and as multi-word expressions (fixed, flat, compound), with goeswith, the
parts of one word that was typed apart; subtypes such as flat:name or compound:prt go with their
relation.
"""

from xsb_core.syntax.tree import Tree

PHRASE_INTERNAL = frozenset({"conj", "cc", "fixed", "flat", "compound", "goeswith"})


def relations(tree: Tree) -> tuple[str, ...]:
    """The relation of each word, or of the phrase that it is inside of.

    A phrase-internal label is replaced by that of the closest ancestor with another one; a root
    has no ancestor and is not phrase-internal. Subtypes are dropped: nsubj:pass is nsubj.

    Args:
        tree: A text's tree.

    Returns:
        One universal relation a word, in order.
    """
    return tuple(_relation(tree, number) for number in range(1, len(tree.words) + 1))


def _relation(tree: Tree, number: int) -> str:
    word = tree.words[number - 1]
    own = word.relation.partition(":")[0]
    return _relation(tree, word.head) if own in PHRASE_INTERNAL and word.head else own
