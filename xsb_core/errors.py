"""The named errors of xsb_core.

All are ``ValueError``: the user gave something that cannot be used, and the message says in one
sentence what was expected, what came, and what to do.
"""

import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager


class TextError(ValueError):
    """A text that leaves nothing to attribute: blank, not a string, or without a readable token."""


class ModelError(ValueError):
    """A model that cannot be found, loaded or explained."""


class LayerError(ValueError):
    """A layer that the model does not have, or to which it cannot be attributed."""


class DataError(ValueError):
    """A file of pairs that can't be used: unreadable, without a column, or with a wrong row."""


class ParseError(ValueError):
    """A text without exactly one tree: nobody parsed it, or it was split into sentences."""


def first_sentence(error: Exception) -> str:
    """The first sentence of an error's message, without its full stop."""
    message = " ".join(str(error).split())
    first = re.split(r"[.!?] (?=[A-Z])", message)[0]
    return first.rstrip(".!") or type(error).__name__


@contextmanager
def about_text(name: str) -> Iterator[None]:
    """Says of a text's own error raised within which text of a pair it is about."""
    try:
        yield
    except (TextError, ParseError) as error:
        raise type(error)(f"Text {name}: {error}") from error


def readable(text: str) -> str:
    """Text on one line with nothing invisible in it.

    Control characters become their pictures (␀, ␊), other format characters their code point, a
    combining character without its base gets a dotted circle, and spaces that would vanish are
    shown. Joiners inside a cluster (emoji, Indic and Arabic script) stay.
    """
    shown = "".join(_shown(char) for char in text)
    if shown and unicodedata.combining(shown[0]):
        shown = "◌" + shown
    return shown if shown.strip() else "␣" * len(shown)


def _shown(char: str) -> str:
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if char in "\u200c\u200d":
        return char
    if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return f"⟨U+{code:04X}⟩"
    return char
