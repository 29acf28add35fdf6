"""Results in, tables and figures' numbers out: what can be said of several attributions."""

from xsb_core.analysis.agreement import Agreement, agreement, cell_agreement
from xsb_core.analysis.comparison import Comparison, LeftOut, compare, comparison_table
from xsb_core.analysis.verdict import agreement_sentence, notes, sums_sentences

__all__ = [
    "Agreement",
    "Comparison",
    "LeftOut",
    "agreement",
    "agreement_sentence",
    "cell_agreement",
    "compare",
    "comparison_table",
    "notes",
    "sums_sentences",
]
