"""Words that carry little on their own: English function words, and punctuation of any language."""

import unicodedata

_NEGATIONS = """no not never none nobody nothing nowhere neither nor cannot without hardly barely"""
# Negations and what compares or limits are left out: they can turn a sentence round.
_FUNCTION_WORDS = """
a an the this that these those such some any each every another other i me my mine you your yours he
him his she her hers it its we us our ours they them their theirs myself yourself himself herself
itself ourselves themselves who whom whose which what one of in on at by for from to into onto with
as about over under after before between through during since until upon within along across around
and or but so if then than when while where because though although whether how why there here is
are was were be been being am 's 're 'm do does did doing done has have had having 've 'd will would
can could shall should may might must 'll also too very just
"""
NEGATIONS, FUNCTION_WORDS = frozenset(_NEGATIONS.split()), frozenset(_FUNCTION_WORDS.split())


def is_negation(word: str) -> bool:
    """Whether an English word negates.

    Example:
        >>> is_negation("Isn’t"), is_negation("note")
        (True, False)
    """
    plain = word.lower().replace("’", "'")
    return plain in NEGATIONS or plain.endswith("n't")


def carries_little(word: str) -> bool:
    """Whether a word is an English function word, or nothing but punctuation.

    Example:
        >>> carries_little("The"), carries_little("…"), carries_little("not")
        (True, True, False)
    """
    if not any(unicodedata.category(char)[0] in "LNS" for char in word):
        return True
    return word.lower().replace("’", "'") in FUNCTION_WORDS
