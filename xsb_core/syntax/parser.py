"""Stanza (Qi et al. 2020): models from a folder, from its own place, or downloaded."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from xsb_core.errors import ModelError
from xsb_core.syntax.conllu import Document
from xsb_core.syntax.sentence import Node, Sentence, Token
from xsb_core.syntax.tree import Tree
from xsb_core.syntax.treebank import single_tree
from xsb_core.tables.files import user_path

LANGUAGE = "en"
# the official dependency parser asks for lemmas
PROCESSORS = ("tokenize", "mwt", "pos", "lemma", "depparse")
TEXTS_AT_ONCE = 50
WHAT_TO_DO = (
    "give a folder with Stanza's English models, let it download them (--download on the command "
    "line, the button on the page), or give a CoNLL-U file of parses"
)


class Parser:
    """A Stanza pipeline; one text batch at a time.

    Attributes:
        name: What it is, for data and figures.
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        """Loads the pipeline.

        Args:
            folder: Where Stanza's models are (it holds resources.json and a folder en); None takes
                the place to which Stanza downloads.

        Raises:
            ModelError: If there are no models, or they can't be loaded.
            DataError: If the folder can be none.
        """
        import stanza

        path = user_path(folder) if folder else default_folder()
        if not (path / "resources.json").is_file() or not (path / LANGUAGE / "depparse").is_dir():
            raise ModelError(f"There are no English Stanza models in {path}; {WHAT_TO_DO}.")
        try:
            self._pipeline = stanza.Pipeline(
                LANGUAGE,
                dir=str(path),
                processors=",".join(PROCESSORS),
                download_method=None,
                verbose=False,
            )
        except Exception as error:  # whatever Stanza or torch raise at files that don't fit
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise ModelError(
                f"The Stanza models in {path} can't be loaded ({reason}); {WHAT_TO_DO}."
            ) from error
        package = self._pipeline.processors["depparse"].config["model_path"]
        self.name = f"Stanza {stanza.__version__}, {Path(package).stem}"
        self._lock = threading.Lock()

    def parse(
        self, texts: Sequence[str], progress: Callable[[float], None] | None = None
    ) -> list[Document]:
        """Parses texts, many at once.

        Args:
            texts: The texts.
            progress: Told the share that is done, in [0, 1].

        Returns:
            The sentences of each.
        """
        made: list[Document] = []
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            some = list(texts[start : start + TEXTS_AT_ONCE])
            with self._lock:
                made += map(_document, self._pipeline.bulk_process(some))
            if progress:
                progress(len(made) / len(texts))
        return made

    def tree(self, text: str) -> Tree:
        """The tree of one text.

        Raises:
            ParseError: If the parser splits it into several sentences.
        """
        (sentences,) = self.parse([text])
        return single_tree(sentences, text)


def default_folder() -> Path:
    """Where Stanza downloads to: $STANZA_RESOURCES_DIR, or a folder in the user's cache."""
    from stanza.resources.common import DEFAULT_MODEL_DIR

    return Path(DEFAULT_MODEL_DIR)


def download(progress: Callable[[float], None] | None = None) -> None:
    """Downloads Stanza's English models to its own place, a processor at a time.

    Args:
        progress: Told the share of processors that are done, in [0, 1].

    Raises:
        ModelError: If they can't be had.
    """
    import stanza

    for done, processor in enumerate(PROCESSORS):
        if progress:
            progress(done / len(PROCESSORS))
        try:
            stanza.download(LANGUAGE, processors=processor, verbose=False)
        except Exception as error:  # no network, offline mode: whatever the libraries raise
            raise ModelError(
                f"Stanza's English models can't be downloaded ({type(error).__name__}); check the "
                "network, give a folder that has them, or give a CoNLL-U file of parses."
            ) from error
    if progress:
        progress(1.0)


def _document(parsed: Any) -> Document:
    return tuple(
        Sentence(
            sentence.text,
            tuple(
                Token(
                    token.text,
                    tuple(
                        Node(word.text, word.upos, word.head, word.deprel) for word in token.words
                    ),
                )
                for token in sentence.tokens
            ),
        )
        for sentence in parsed.sentences
    )
