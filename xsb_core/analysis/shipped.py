"""The studies of STS-B that ship with the embedded models (assets/README.md)."""

from xsb_core.analysis.lexical import LexicalStudy
from xsb_core.analysis.lexical_file import read_lexical
from xsb_core.ready import ASSETS

MODELS = ("shelf", "exact")


def shipped_lexical() -> list[LexicalStudy]:
    """Same-token cells of Shelf and Exact.

    Raises:
        DataError: If this installation lacks them.
    """
    return [read_lexical(ASSETS / "studies" / "lexical" / f"{name}.parquet") for name in MODELS]
