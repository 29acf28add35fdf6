"""Results in, tables and figures' numbers out: what can be said of several attributions."""

from xsb_core.analysis.agreement import MEASURES, Agreement, agreement, cell_agreement
from xsb_core.analysis.comparison import Comparison, LeftOut, compare, comparison_table
from xsb_core.analysis.layers import (
    Depths,
    by_depth,
    cost_table,
    depth_notes,
    depth_table,
    layer_correlations,
    model_agreements,
    token_totals,
)
from xsb_core.analysis.pair_depths import pair_depths, pair_notes, partner_layers, partner_notes
from xsb_core.analysis.verdict import agreement_sentence, notes, sums_sentences

__all__ = [
    "MEASURES",
    "Agreement",
    "Comparison",
    "Depths",
    "LeftOut",
    "agreement",
    "agreement_sentence",
    "by_depth",
    "cell_agreement",
    "compare",
    "comparison_table",
    "cost_table",
    "depth_notes",
    "depth_table",
    "layer_correlations",
    "model_agreements",
    "notes",
    "pair_depths",
    "pair_notes",
    "partner_layers",
    "partner_notes",
    "sums_sentences",
    "token_totals",
]
