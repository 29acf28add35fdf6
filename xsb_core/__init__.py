"""XSB Explorer's library: why a sentence-transformer finds two texts similar."""

from xsb_core.account import Line, account
from xsb_core.attribution import attribute, pair_attribution
from xsb_core.cells import cell_table, strongest_cells, to_csv
from xsb_core.encoder import Encoder
from xsb_core.errors import DataError, LayerError, ModelError, TextError
from xsb_core.factors import Settings, TokenFactors, token_factors
from xsb_core.loading import load_encoder
from xsb_core.path import QUADRATURES
from xsb_core.ready import EMBEDDED_MODEL, READY_MODELS, ready_evaluation
from xsb_core.result import Attribution, ReferenceTerms, Side
from xsb_core.text_factors import COSINES, TextFactors, text_factors
from xsb_core.trust import Trust, account_gap, trust
from xsb_core.words import WORD_REDUCTIONS, to_words, word_groups

__all__ = [
    "COSINES",
    "EMBEDDED_MODEL",
    "QUADRATURES",
    "READY_MODELS",
    "WORD_REDUCTIONS",
    "Attribution",
    "DataError",
    "Encoder",
    "LayerError",
    "Line",
    "ModelError",
    "ReferenceTerms",
    "Settings",
    "Side",
    "TextError",
    "TextFactors",
    "TokenFactors",
    "Trust",
    "account",
    "account_gap",
    "attribute",
    "cell_table",
    "load_encoder",
    "pair_attribution",
    "ready_evaluation",
    "strongest_cells",
    "text_factors",
    "to_csv",
    "to_words",
    "token_factors",
    "trust",
    "word_groups",
]
