"""The studies of STS-B that ship with the embedded models (assets/README.md)."""

from pathlib import Path

from xsb_core.analysis.lexical import LexicalStudy
from xsb_core.analysis.study_file import load_study
from xsb_core.analysis.syntax import SyntaxStudy
from xsb_core.ready import ASSETS

MODELS = ("shelf", "exact")


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


def _file(study: str, model: str) -> Path:
    return ASSETS / "studies" / study / f"{model}.parquet"
