"""Parses of many texts, found by the text."""

from collections.abc import Iterable
from pathlib import Path

from xsb_core.errors import ParseError
from xsb_core.syntax.conllu import Document, read_conllu
from xsb_core.syntax.tree import Tree, squeezed, tree_of


class Treebank:
    """Parsed sentences and documents.

    Texts are matched by their characters, spaces left out: with a sentence, or, to know that it was
    split, with all sentences of a document together.

    Attributes:
        name: What it is, for data and figures.
    """

    def __init__(self, documents: Iterable[Document], name: str = "parses given") -> None:
        self.name = name
        self._found: dict[str, Document] = {}
        for document in documents:
            self._found[squeezed("".join(sentence.text for sentence in document))] = document
            for sentence in document:
                self._found.setdefault(squeezed(sentence.text), (sentence,))

    @classmethod
    def read(cls, path: str | Path) -> "Treebank":
        """Reads a CoNLL-U file.

        Raises:
            DataError: What ``read_conllu`` raises.
        """
        return cls(read_conllu(path), Path(path).name)

    def sentences(self, text: str) -> int:
        """How many sentences a text was split into; 0 where there is no parse of it."""
        return len(self._found.get(squeezed(text), ()))

    def tree(self, text: str) -> Tree:
        """The tree of a text.

        Raises:
            ParseError: If there is none, or the text was split into several sentences.
        """
        sentences = self._found.get(squeezed(text))
        if sentences is None:
            shown = text if len(text) <= 60 else text[:59] + "…"
            raise ParseError(
                f"There is no parse of “{shown}” among those given; parse it, or give a CoNLL-U "
                "file that has it."
            )
        return single_tree(sentences, text)


def single_tree(sentences: Document, text: str) -> Tree:
    """The tree of a text that is one sentence.

    Raises:
        ParseError: If it is several.
    """
    if len(sentences) == 1:
        return tree_of(sentences[0], text)
    first = " ".join(sentences[0].text.split())
    raise ParseError(
        f"The parser splits this text into {len(sentences)} sentences (the first is “{first}”); "
        "give one sentence."
    )
