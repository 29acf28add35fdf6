"""The studies of STS-B that ship with the embedded models (assets/README.md)."""

from pathlib import Path

from xsb_core.encoders.ready import ASSETS
from xsb_core.studies.lexical.same_tokens import LexicalStudy
from xsb_core.studies.study_file import load_study
from xsb_core.studies.syntax.relations import SyntaxStudy
from xsb_core.syntax.treebank import Treebank

MODELS = ("shelf", "exact")
PARSER_NOTE = (
    "The shipped study's parses are of a small Stanza pipeline that was trained on UD English EWT "
    "without pretrained vectors; on that treebank's test set it has 65.7% of words with the right "
    "head and relation (LAS), which is less than the official models."
)


def shipped_lexical() -> list[LexicalStudy]:
    """Same-token cells of Shelf and Exact.

    Raises:
        DataError: If this installation lacks them.
    """
    return [load_study(LexicalStudy, _file("lexical", model)) for model in MODELS]


def shipped_syntax() -> list[SyntaxStudy]:
    """The strongest word pairs of Shelf and Exact.

    Raises:
        DataError: If this installation lacks them.
    """
    return [load_study(SyntaxStudy, _file("syntax", model)) for model in MODELS]


def example_parses() -> Treebank:
    """Parses by hand of the examples that pages offer, for a machine without a parser."""
    return Treebank.read(ASSETS / "studies" / "syntax" / "examples.conllu")


def _file(study: str, model: str) -> Path:
    return ASSETS / "studies" / study / f"{model}.parquet"
