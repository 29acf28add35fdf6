"""Whole tables of pairs, read as a stream."""

from xsb_core.corpus.columns import Columns
from xsb_core.corpus.reading import PairSource, open_pairs
from xsb_core.corpus.rows import Pair, Reject

__all__ = ["Columns", "Pair", "PairSource", "Reject", "open_pairs"]
