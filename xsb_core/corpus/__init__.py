"""Whole tables of pairs: read as a stream, attributed in batches, kept in a folder."""

from xsb_core.corpus.columns import Columns
from xsb_core.corpus.export import json_lines, summary_table, write_parquet
from xsb_core.corpus.manifest import Manifest
from xsb_core.corpus.progress import Advance
from xsb_core.corpus.reading import PairSource, open_pairs
from xsb_core.corpus.results import Results
from xsb_core.corpus.rows import Pair, Reject
from xsb_core.corpus.run import Summary, run_corpus

__all__ = [
    "Advance",
    "Columns",
    "Manifest",
    "Pair",
    "PairSource",
    "Reject",
    "Results",
    "Summary",
    "json_lines",
    "open_pairs",
    "run_corpus",
    "summary_table",
    "write_parquet",
]
